import type { ReadableStream } from 'node:stream/web'
import { type SQL, sql } from 'drizzle-orm'
import { CsvFile, type CsvFlaws, type CsvOptions, type CsvRow } from '../../platform/csv/index.ts'
import { copyField, copyInto, type Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { FileImport, ImportChange, ImportFlaw } from '../../schemas/vocabulary/file-import.ts'

/** The most flaws and changes that an answer names; more than this have one common cause. */
export const mostNamed = 200

/** What a row becomes in its temporary table, or the flaws of the row. */
export type RowValues = readonly (string | number | boolean | null)[]

/**
 * Reads a file into a temporary table as it arrives, so that none of it is held in memory.
 * @param target the table with its columns; never from a request.
 * @param read the values of a row in that order; `null` for a row with flaws, which it adds.
 */
export async function stageRows(
  tx: Queryable,
  file: CsvFile,
  target: string,
  read: (row: CsvRow) => RowValues | null,
): Promise<void> {
  await stageMany(tx, file, target, (row) => {
    const values = read(row)
    return values ? [values] : []
  })
}

/** The same where a row of the file may become several rows, or none. */
export async function stageMany(
  tx: Queryable,
  file: CsvFile,
  target: string,
  read: (row: CsvRow) => readonly RowValues[],
): Promise<void> {
  await copyInto(tx, target, linesOf(file, read))
  if (file.count === 0 && file.flaws.count === 0)
    file.flaws.add({ line: 1, field: '', message: 'the file has no rows' })
}

async function* linesOf(file: CsvFile, read: (row: CsvRow) => readonly RowValues[]): AsyncGenerator<string> {
  for await (const row of file.rows())
    for (const values of read(row))
      yield values.map((value) => copyField(typeof value === 'boolean' ? String(value) : value)).join('\t')
}

/** What a file changes. */
export interface Comparison {
  created: number
  changed: number
  changes: ImportChange[]
  changeCount: number
}

/** How one kind of file is taken in: its rows are staged, checked as a whole, compared with what is stored, and then stored. */
export interface FilePlan {
  maxRows: number
  /** The columns that are read, and those without which the file says too little. */
  columns: readonly string[]
  required: readonly string[]
  stage(tx: Queryable, file: CsvFile): Promise<void>
  check(tx: Queryable, flaws: CsvFlaws): Promise<void>
  compare(tx: Queryable): Promise<Comparison>
  /** Stores the rows that differ, with their audit entries. */
  store(tx: Queryable, found: Comparison): Promise<void>
}

interface FileCall {
  readonly query: { dryRun: 'true' | 'false' }
  readonly body: ReadableStream
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
}

/**
 * Imports a file: all of it or, with a single flaw, nothing. A dry run makes the same checks, names what would change and changes nothing.
 * The same file again changes nothing.
 */
export async function importFile(call: FileCall, plan: FilePlan): Promise<FileImport> {
  const dryRun = call.query.dryRun === 'true'
  const { maxRows, columns, required } = plan
  const file = await CsvFile.open(call.body, { maxRows, columns, required })
  const { flaws } = file
  let found: Comparison = { created: 0, changed: 0, changes: [], changeCount: 0 }
  if (flaws.count > 0) await file.close()
  else found = await call.transaction((tx) => takeRows(tx, file, plan, dryRun))
  if (flaws.count > 0 && !dryRun) throw flawedFile(flaws.byLine(), flaws.count, 'Nothing was stored.')
  return {
    state: flaws.count > 0 ? 'refused' : dryRun ? 'checked' : 'imported',
    dryRun,
    rows: file.count,
    unchanged: Math.max(0, file.count - found.created - found.changed),
    ...found,
    flaws: flaws.byLine().slice(0, mostNamed),
    flawCount: flaws.count,
  }
}

async function takeRows(tx: Queryable, file: CsvFile, plan: FilePlan, dryRun: boolean): Promise<Comparison> {
  await plan.stage(tx, file)
  await plan.check(tx, file.flaws)
  const found = await plan.compare(tx)
  if (file.flaws.count === 0 && !dryRun) await plan.store(tx, found)
  return found
}

/** Opens a file for reading, or refuses it for its headings. */
export async function openFile(body: ReadableStream, options: CsvOptions): Promise<CsvFile> {
  const file = await CsvFile.open(body, options)
  if (file.flaws.count === 0) return file
  await file.close()
  throw refusedFile(file.flaws)
}

/** The refusal of a file of which nothing is stored. */
export function refusedFile(flaws: CsvFlaws): ProblemError {
  return flawedFile(flaws.byLine(), flaws.count, 'Nothing was stored.')
}

/** The refusal of a file with the first of its flaws. @param consequence a sentence for the end. */
export function flawedFile(flaws: readonly ImportFlaw[], count: number, consequence: string): ProblemError {
  const errors = flaws
    .slice(0, mostNamed)
    .map(({ line, field, message }) => ({ field: `line ${line}${field && `, ${field}`}`, message }))
  const [first] = errors
  const number = count === 1 ? '1 flaw' : `${count} flaws, the first`
  return new ProblemError('contract-broken', `${number} on ${first?.field}: ${first?.message}. ${consequence}`, {
    errors,
  })
}

/** A field of a row that is compared: its name, the value that is stored and the value in the file, `null` to leave it as it is. */
export type Compared = readonly [field: string, now: SQL, given: SQL]

/**
 * The fields in which the rows of a file differ from what is stored.
 * @param of the line of a row, and the name of what it changes.
 * @param from the rows joined with what is stored.
 */
export async function fieldChanges(
  tx: Queryable,
  { line, subject }: { line: SQL; subject: SQL },
  from: SQL,
  fields: readonly Compared[],
): Promise<Omit<Comparison, 'created'>> {
  const values = sql.join(
    fields.map(([field, now, given]) => sql`(${field}::text, (${now})::text, (${given})::text)`),
    sql`, `,
  )
  const [found] = await tx.execute<{ changed: number; count: number; named: ImportChange[] | null }>(sql`
    with differing as (
      select ${line} as line, ${subject} as subject, v.field, v.now, v.given
      from ${from} cross join lateral (values ${values}) v(field, now, given)
      where v.given is not null and v.now is distinct from v.given
    )
    select count(distinct line)::int as changed, count(*)::int as count, (
      select json_agg(first) from (select * from differing order by line, field limit ${mostNamed}) first
    ) as named from differing`)
  return { changed: found?.changed ?? 0, changes: found?.named ?? [], changeCount: found?.count ?? 0 }
}

/** Adds the flaws that a query finds in staged rows: its columns are `line`, `field` and `message`. At most a thousand are read. */
export async function addFlaws(tx: Queryable, flaws: CsvFlaws, found: SQL): Promise<void> {
  const rows = await tx.execute<{ line: number; field: string; message: string; total: number }>(
    sql`select f.*, (count(*) over ())::int as total from (${found}) f order by line limit 1000`,
  )
  flaws.add(...rows.map(({ line, field, message }) => ({ line, field, message })))
  flaws.count += (rows[0]?.total ?? 0) - rows.length
}
