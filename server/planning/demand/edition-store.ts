import { createHash } from 'node:crypto'
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { copyField, copyInto, type Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { DemandEdition, EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import type { FileCheck, Findings } from './findings.ts'
import type { EditionRows, RowKind } from './rows.ts'
import { demandEdition, demandEditionPart, demandVehicle } from './tables.ts'

type EditionRow = typeof demandEdition.$inferSelect

/** Rows to a part: some hundred kB, shapes included. */
const partRows = 1_000

/** New vehicles that are named. */
const mostNewVehicles = 1_000

export type NewEdition = Omit<
  EditionRow,
  'rowsRemovedAt' | 'rows' | 'digest' | 'newVehicles' | 'newVehicleCount' | keyof Findings
>

/**
 * Stores an edition with its rows as they come: some thousand of them are in memory at a time, and PostgreSQL takes them by COPY. Vehicles of trips that
 * no edition had before are noted with it.
 * @param check looks at each row; what it has found is stored with the edition.
 */
export async function saveEdition<K extends RowKind>(
  tx: Queryable,
  given: NewEdition & { kind: K },
  rows: Iterable<EditionRows[K]> | AsyncIterable<EditionRows[K]>,
  check: FileCheck<K>,
): Promise<EditionRow> {
  const { editionId } = given
  const none = { rowsRemovedAt: null, newVehicles: [], newVehicleCount: 0 }
  // Its parts refer to it, so it is there before what they amount to is known.
  const pending = { ...given, ...none, rows: 0, digest: '', summary: {}, anomalies: [], anomalyCount: 0 }
  await tx.insert(demandEdition).values(pending)
  const written = new PartWriter(editionId, check)
  await copyInto(tx, 'demand_edition_part (edition_id, part, rows)', written.lines(rows))
  const added = check.models ? await addVehicles(tx, editionId, check.models) : []
  const known = {
    ...written.counted(),
    ...check.found(),
    newVehicles: added.slice(0, mostNewVehicles),
    newVehicleCount: added.length,
  }
  await tx.update(demandEdition).set(known).where(eq(demandEdition.editionId, editionId))
  return { ...pending, ...known }
}

/** Writes rows as parts in COPY's text format, counting and digesting them on the way. */
class PartWriter<K extends RowKind> {
  #rows = 0
  readonly #digest = createHash('sha256')
  readonly #editionId: string
  readonly #check: FileCheck<K>

  constructor(editionId: string, check: FileCheck<K>) {
    this.#editionId = editionId
    this.#check = check
  }

  async *lines(rows: Iterable<EditionRows[K]> | AsyncIterable<EditionRows[K]>): AsyncGenerator<string> {
    let [part, held]: [number, string[]] = [0, []]
    for await (const row of rows) {
      this.#check.add(row)
      const text = JSON.stringify(row)
      this.#digest.update(`${text}\n`)
      this.#rows++
      held.push(text)
      if (held.length < partRows) continue
      yield this.#line(part++, held)
      held = []
    }
    if (held.length > 0) yield this.#line(part, held)
  }

  #line(part: number, rows: readonly string[]): string {
    return `${this.#editionId}\t${part}\t${copyField(`[${rows.join(',')}]`)}`
  }

  counted(): { rows: number; digest: string } {
    return { rows: this.#rows, digest: this.#digest.digest('hex') }
  }
}

async function addVehicles(tx: Queryable, editionId: string, given: ReadonlyMap<string, string>): Promise<string[]> {
  const models = [...given].sort(([a], [b]) => (a < b ? -1 : 1))
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
      `The rows of ${row.name} (${kind}) were removed at ${momentInWords(row.rowsRemovedAt)}, because they had been kept as long as they may be: import another edition.`,
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
