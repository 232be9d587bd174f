import { eq, isNotNull } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Database } from '../db/index.ts'
import type { SealedFor, SecretBox } from './box.ts'

/** A column of sealed secrets: where it is, and what the secrets are for. */
export interface SealedColumn {
  readonly table: PgTable
  /** Identifies the row. */
  readonly key: PgColumn
  readonly sealed: PgColumn
  readonly purpose: string
  /** What the secret of a row is sealed for. */
  use(key: string | number): SealedFor
}

/** States a column of sealed secrets; its rows are sealed and opened for `use(key)`. */
export function sealedColumn(given: Omit<SealedColumn, 'use'>): SealedColumn {
  return { ...given, use: (key) => ({ purpose: given.purpose, of: String(key) }) }
}

/**
 * Seals everything with the newest key that is not yet. Each row is changed only if it still holds what was read, so several processes
 * may do it at once. Returns how many rows were changed.
 */
export async function resealColumns(
  db: Database,
  secrets: SecretBox,
  columns: readonly SealedColumn[],
): Promise<number> {
  let count = 0
  for (const column of columns)
    for (const { key, sealed } of await sealedBefore(db, secrets, column)) {
      const fresh = secrets.reseal(sealed, column.use(key))
      const name = nameIn(column)
      await db.transaction(async (tx) => {
        const [row] = await tx
          .select({ sealed: column.sealed })
          .from(column.table)
          .where(eq(column.key, key))
          .for('update')
        if (row?.sealed !== sealed) return
        await tx
          .update(column.table)
          .set({ [name]: fresh })
          .where(eq(column.key, key))
        count++
      })
    }
  return count
}

/** How many secrets are not sealed with the newest key. */
export async function countSealedBefore(
  db: Database,
  secrets: SecretBox,
  columns: readonly SealedColumn[],
): Promise<number> {
  let count = 0
  for (const column of columns) count += (await sealedBefore(db, secrets, column)).length
  return count
}

async function sealedBefore(db: Database, secrets: SecretBox, { table, key, sealed }: SealedColumn) {
  const rows = (await db.select({ key, sealed }).from(table).where(isNotNull(sealed))) as {
    key: string | number
    sealed: string
  }[]
  return rows.filter((row) => !secrets.isCurrent(row.sealed))
}

/** Name of the sealed column as a member of its table. */
function nameIn({ table, sealed }: SealedColumn): string {
  const [name] = Object.entries(table).find(([, column]) => column === sealed) ?? []
  if (name === undefined) throw new Error(`${sealed.name} is no column of its table`)
  return name
}
