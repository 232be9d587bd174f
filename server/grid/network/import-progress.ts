import { desc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { NetworkImport } from '../../../schemas/grid/network.ts'
import { onPool, type ServerContext } from '../../kit/index.ts'
import { networkImport } from './tables.ts'

export type ImportRow = typeof networkImport.$inferSelect

/** An import as the API returns it. */
export function viewImport(row: ImportRow): NetworkImport {
  return { ...row, startedAt: row.startedAt.toString() }
}

/**
 * Records the start of an import. A refused or interrupted import with the same identifier restarts; `null` for one that has
 * already succeeded.
 */
export async function begin(
  context: ServerContext,
  given: Pick<ImportRow, 'importId' | 'dryRun' | 'startedAt' | 'startedBy'>,
): Promise<ImportRow | null> {
  const fresh = {
    state: 'reading' as const,
    layout: null,
    rows: 0,
    created: 0,
    changed: 0,
    changes: [],
    changeCount: 0,
    flaws: [],
    flawCount: 0,
  }
  const { importId, ...rest } = given
  const [begun] = await onPool(context, 'requests')
    .db.insert(networkImport)
    .values({ importId, ...rest, ...fresh })
    .onConflictDoUpdate({
      target: networkImport.importId,
      set: { ...rest, ...fresh },
      setWhere: sql`${networkImport.state} not in ('checked', 'imported')`,
    })
    .returning()
  return begun ?? null
}

/** Records the progress of an import outside its transaction, so that others can see it, and updates open screens. */
export async function note(
  context: ServerContext,
  importId: string,
  change: Partial<typeof networkImport.$inferInsert>,
): Promise<ImportRow> {
  // Not of the uploads' own connections: each of those may be waiting here for another.
  const { db } = onPool(context, 'requests')
  const [row] = await db.update(networkImport).set(change).where(eq(networkImport.importId, importId)).returning()
  if (!row) throw new Error(`the import ${importId} has disappeared`)
  context.announce('network')
  return row
}

/** The present state of an import; 404 if unknown. */
export async function importOf(db: Queryable, importId: string): Promise<NetworkImport> {
  const [row] = await db.select().from(networkImport).where(eq(networkImport.importId, importId))
  if (!row) throw new ProblemError('not-found', `There is no import ${importId}.`)
  return viewImport(row)
}

/** The most imports that a list returns, the latest first. */
const listed = 50

/** The latest imports. */
export async function latestImports(db: Queryable): Promise<NetworkImport[]> {
  const rows = await db.select().from(networkImport).orderBy(desc(networkImport.startedAt)).limit(listed)
  return rows.map(viewImport)
}
