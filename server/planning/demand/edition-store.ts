import { createHash } from 'node:crypto'
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { DemandEdition, EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import type { EditionRows, RowKind } from './rows.ts'
import { demandEdition, demandEditionPart, demandVehicle } from './tables.ts'

type EditionRow = typeof demandEdition.$inferSelect

/** Rows to a part: some hundred kB, shapes included. */
const partRows = 1_000

/** New vehicles that are named. */
const mostNewVehicles = 1_000

type NewEdition = Omit<EditionRow, 'rowsRemovedAt' | 'rows' | 'digest' | 'newVehicles' | 'newVehicleCount'>

/** Stores an edition with its rows. Vehicles of trips that no edition had before are noted with it. */
export async function saveEdition(tx: Queryable, given: NewEdition, rows: readonly unknown[]): Promise<EditionRow> {
  const digest = createHash('sha256')
  for (const row of rows) digest.update(`${JSON.stringify(row)}\n`)
  const none = { rowsRemovedAt: null, newVehicles: [], newVehicleCount: 0 }
  const edition = { ...given, ...none, rows: rows.length, digest: digest.digest('hex') }
  await tx.insert(demandEdition).values(edition)
  for (let from = 0, part = 0; from < rows.length; from += partRows, part++)
    await tx
      .insert(demandEditionPart)
      .values({ editionId: given.editionId, part, rows: rows.slice(from, from + partRows) })
  if (given.kind !== 'trips') return edition
  const added = await addVehicles(tx, given.editionId, rows as EditionRows['trips'][])
  const named = { newVehicles: added.slice(0, mostNewVehicles), newVehicleCount: added.length }
  await tx.update(demandEdition).set(named).where(eq(demandEdition.editionId, given.editionId))
  return { ...edition, ...named }
}

async function addVehicles(
  tx: Queryable,
  editionId: string,
  trips: readonly EditionRows['trips'][],
): Promise<string[]> {
  const models = [...new Map(trips.map(({ vehicle, model }) => [vehicle, model]))].sort(([a], [b]) => (a < b ? -1 : 1))
  const added: string[] = []
  for (let from = 0; from < models.length; from += partRows) {
    const values = models.slice(from, from + partRows).map(([vehicle, model]) => ({ vehicle, model, editionId }))
    const stored = await tx
      .insert(demandVehicle)
      .values(values)
      .onConflictDoNothing()
      .returning({ vehicle: demandVehicle.vehicle })
    for (const { vehicle } of stored) added.push(vehicle)
  }
  return added.sort()
}

/** The rows of editions of a kind, one edition after the other. */
export async function rowsOf<K extends RowKind>(
  db: Queryable,
  kind: K,
  editionIds: readonly string[],
): Promise<EditionRows[K][]> {
  const found: EditionRows[K][] = []
  for (const editionId of editionIds) {
    await requireEdition(db, kind, editionId)
    const parts = await db
      .select({ rows: demandEditionPart.rows })
      .from(demandEditionPart)
      .where(eq(demandEditionPart.editionId, editionId))
      .orderBy(asc(demandEditionPart.part))
    for (const part of parts) for (const row of part.rows) found.push(row as EditionRows[K])
  }
  return found
}

/** An edition of a kind with its rows. Throws a problem that says where to look if there is none, or why it has none any more. */
export async function requireEdition(db: Queryable, kind: RowKind, editionId: string): Promise<EditionRow> {
  const [row] = await db.select().from(demandEdition).where(eq(demandEdition.editionId, editionId))
  if (row?.kind === kind && row.rowsRemovedAt !== null)
    throw new ProblemError(
      'conflict',
      `The rows of ${row.name} (${kind}) were removed on ${row.rowsRemovedAt}, because they had been kept as long as they may be: import another edition.`,
    )
  if (row?.kind === kind) return row
  throw new ProblemError('not-found', `There is no edition of ${kind} ${editionId}: list the editions of that kind.`)
}

export async function findEdition(db: Queryable, editionId: string): Promise<EditionRow | null> {
  const [row] = await db.select().from(demandEdition).where(eq(demandEdition.editionId, editionId))
  return row ?? null
}

/** Whether any of some editions was made up; `null` stands for one that a run does without. */
export async function areAnySynthetic(db: Queryable, editionIds: readonly (string | null)[]): Promise<boolean> {
  const given = editionIds.filter((id) => id !== null)
  const among = and(inArray(demandEdition.editionId, given), eq(demandEdition.isSynthetic, true))
  const rows = await db.select({ editionId: demandEdition.editionId }).from(demandEdition).where(among).limit(1)
  return rows.length > 0
}

/** The rows of the latest edition of a kind; none before the first. */
export async function latestRows<K extends EditionKind>(db: Queryable, kind: K): Promise<EditionRows[K][]> {
  const [latest] = await db
    .select({ editionId: demandEdition.editionId })
    .from(demandEdition)
    .where(eq(demandEdition.kind, kind))
    .orderBy(desc(demandEdition.importedAt), desc(demandEdition.editionId))
    .limit(1)
  return latest ? rowsOf(db, kind, [latest.editionId]) : []
}

/** A page of editions, the latest first. */
export async function pageOfEditions(db: Queryable, query: PageQuery & { kind?: EditionKind | undefined }) {
  const columns = [sql`${demandEdition.importedAt}`, sql`${demandEdition.editionId}`]
  const rows = await db
    .select()
    .from(demandEdition)
    .where(and(afterCursor(query, columns, 'desc'), query.kind ? eq(demandEdition.kind, query.kind) : undefined))
    .orderBy(...columns.map((column) => desc(column)))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.importedAt.toString(), row.editionId], viewEdition)
}

export function viewEdition({ importedAt, rowsRemovedAt, ...row }: EditionRow): DemandEdition {
  return { ...row, importedAt: importedAt.toString(), rowsRemovedAt: rowsRemovedAt?.toString() ?? null }
}
