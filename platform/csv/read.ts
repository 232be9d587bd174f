import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { CsvError, parse } from 'csv-parse'
import { isFormula, unescaped } from './formula.ts'
import { nameHeadings } from './headings.ts'

/** A row of a CSV file: its number as an editor counts lines, the heading being line 1, and its cells by heading. */
export interface CsvRow {
  line: number
  cells: Record<string, string>
  /** Whether a cell of it has a flaw, which is among those of the file. */
  isFlawed?: boolean
}

/** What is wrong with one cell or row. `field` is the heading, or empty for the whole row. */
export interface CsvFlaw {
  line: number
  field: string
  message: string
}

/** What is wrong with a file: the first flaws, and how many there are. Beyond that they usually share one cause. */
export class CsvFlaws {
  static readonly kept = 1_000
  readonly first: CsvFlaw[] = []
  count = 0

  add(...flaws: readonly CsvFlaw[]): void {
    this.count += flaws.length
    if (this.first.length < CsvFlaws.kept) this.first.push(...flaws.slice(0, CsvFlaws.kept - this.first.length))
  }

  /** The recorded flaws, by line. */
  byLine(): CsvFlaw[] {
    return this.first.toSorted((a, b) => a.line - b.line)
  }
}

export interface CsvOptions {
  /** More rows than this are refused. */
  maxRows: number
  /** The columns that are read, under whatever heading means the same; others are passed over. Without them, every heading is a column. */
  columns?: readonly string[]
  /** Columns without which the file says too little. */
  required?: readonly string[]
  /** Called from time to time with the number of rows read; reading waits for it. */
  onProgress?: (rows: number) => Promise<void>
}

const progressEvery = 5_000

/** Longest row, characters: the widest files, with a column for each quarter-hour of a day, need 2,000. */
const longestRecord = 65_536

/** Longest cell, characters: the longest texts that any file has are remarks. */
const longestCell = 4_000

/**
 * A CSV file as people make them: with or without a byte order mark; commas, semicolons or tabs; any line end. It is read as it arrives
 * and never held as a whole. A row with too few or too many cells, as in a file that was cut off, is a flaw, not a guess; so is a cell
 * that a spreadsheet would run as a formula. If the text is not CSV at all, that is its flaw and the rows end there.
 */
export class CsvFile {
  /** The cells of the first line; none in an empty file. */
  readonly headings: readonly string[]
  readonly flaws: CsvFlaws
  /** The column of each cell; `null` for what nobody reads. */
  #columns: readonly (string | null)[]
  /** Rows read so far. */
  count = 0
  /** Rows so far that had too few or too many cells, and are not among those read. */
  broken = 0
  /** Whether the rows ended before the file did: beyond this it is no CSV, or it is too long. */
  isCutShort = false
  readonly #parts: CsvParts
  readonly #options: CsvOptions

  private constructor(headings: string[], parts: CsvParts, options: CsvOptions, flaws: CsvFlaws) {
    this.headings = headings
    this.#columns = headings
    this.#parts = parts
    this.#options = options
    this.flaws = flaws
  }

  /** Reads the headings. Read the rest with `rows`, or discard it with `close`. */
  static async open(body: ReadableStream | string, options: CsvOptions): Promise<CsvFile> {
    const parts = await partsOf(body)
    const flaws = new CsvFlaws()
    const first = await nextRecord(parts.records)
    const isText = first === null || 'record' in first
    if (!isText) flaws.add(first.flaw)
    const file = new CsvFile(isText ? (first?.record ?? []) : [], parts, options, flaws)
    file.isCutShort = !isText
    if (options.columns) file.nameColumns(options.columns, options.required)
    return file
  }

  /** Names the columns that are read; a column that is there twice, or needed and absent, is a flaw of line 1. */
  nameColumns(columns: readonly string[], required: readonly string[] = []): void {
    const named = nameHeadings(this.headings, columns, required)
    this.#columns = named.columns
    for (const field of named.twice)
      this.flaws.add({ line: 1, field, message: 'is a heading twice: which one counts?' })
    const field = named.missing.join(', ')
    if (field !== '') this.flaws.add({ line: 1, field, message: 'is missing from the headings' })
  }

  /** Whether the file has a column. */
  has(column: string): boolean {
    return this.#columns.includes(column)
  }

  /** The rows, each with a cell for every heading. */
  async *rows(): AsyncGenerator<CsvRow> {
    const { maxRows, onProgress } = this.#options
    try {
      for (let next = await this.#next(); next; next = await this.#next()) {
        const row = rowOf(this.#columns, next, this.flaws)
        if (!row) {
          this.broken += 1
          continue
        }
        this.count += 1
        if (this.count > maxRows) {
          this.isCutShort = true
          this.flaws.add({ line: row.line, field: '', message: `at most ${maxRows} rows are accepted: split the file` })
          return
        }
        yield row
        if (this.count % progressEvery === 0) await onProgress?.(this.count)
      }
    } finally {
      await this.close()
    }
  }

  async #next(): Promise<CsvRecord | null> {
    const next = await nextRecord(this.#parts.records)
    if (next === null || !('flaw' in next)) return next
    this.isCutShort = true
    this.flaws.add(next.flaw)
    return null
  }

  /** Reads and discards the rest of the body: a client that is still sending would not receive the answer. */
  async close(): Promise<void> {
    const { chunks, text } = this.#parts
    text.destroy()
    try {
      while (!(await chunks.next()).done);
    } catch {
      // The body broke off: nothing is left to read.
    }
  }
}

interface CsvRecord {
  record: string[]
  info: { lines: number }
}

interface CsvParts {
  records: AsyncIterator<CsvRecord>
  /** Passes the body on to the parser as it arrives. */
  chunks: AsyncIterator<Buffer>
  text: Readable
}

async function partsOf(body: ReadableStream | string): Promise<CsvParts> {
  const source = typeof body === 'string' ? Readable.from([Buffer.from(body)]) : Readable.fromWeb(body)
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const head = await firstLine(chunks)
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(head.toString()),
    trim: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Spreadsheets write rows of separators below what was filled in.
    skip_records_with_empty_values: true,
    relax_quotes: true,
    max_record_size: longestRecord,
  })
  const text = Readable.from(joined(head, chunks), { objectMode: false })
  text.on('error', (error) => parser.destroy(error))
  const records = text.pipe(parser)[Symbol.asyncIterator]() as AsyncIterator<CsvRecord>
  return { records, chunks, text }
}

/** The next record; `null` at the end; a flaw at text that is not CSV. Rejects if the body breaks off. */
async function nextRecord(records: AsyncIterator<CsvRecord>): Promise<CsvRecord | { flaw: CsvFlaw } | null> {
  try {
    const next = await records.next()
    return next.done ? null : next.value
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number(error['lines'] ?? 0)
    return { flaw: { line, field: '', message: `cannot be read as CSV: ${error.message}` } }
  }
}

/** A CSV file read into memory: its headings, its rows, and what is wrong with it. */
export interface CsvTable {
  headings: readonly string[]
  rows: CsvRow[]
  flaws: CsvFlaw[]
}

/** Reads a CSV file of moderate length into memory. Use `CsvFile` for long ones. */
export async function readCsv(body: ReadableStream | string, options: CsvOptions): Promise<CsvTable> {
  const file = await CsvFile.open(body, options)
  const rows: CsvRow[] = []
  for await (const row of file.rows()) rows.push(row)
  return { headings: file.headings, rows, flaws: file.flaws.byLine() }
}

/** The chunks up to the end of the first line, which may be 64 kB long. */
async function firstLine(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 65_536 && !head.includes(10)) {
    const next = await chunks.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  return head
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

/** The most frequent separator in the heading: a comma-separated file may have semicolons in its text. */
function delimiterOf(text: string): string {
  const heading = text.split(/\r?\n/, 1)[0] ?? ''
  const count = (separator: string) => heading.split(separator).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}

/** A record as a row; `null` unless it has a cell for each heading. Empty cells beyond the last heading are passed over. */
function rowOf(columns: readonly (string | null)[], { record, info }: CsvRecord, flaws: CsvFlaws): CsvRow | null {
  const line = info.lines
  const isLonger = record.length > columns.length && record.slice(columns.length).some((cell) => cell !== '')
  if (record.length < columns.length || isLonger) {
    const message = `has ${record.length} cells, but there are ${columns.length} headings: is the file cut off?`
    flaws.add({ line, field: '', message })
    return null
  }
  const cells: Record<string, string> = {}
  const flawsBefore = flaws.count
  for (const [index, column] of columns.entries()) {
    if (column === null) continue
    const cell = record[index] ?? ''
    const message = cellFlaw(cell)
    if (message) flaws.add({ line, field: column, message })
    cells[column] = unescaped(cell)
  }
  return flaws.count > flawsBefore ? { line, cells, isFlawed: true } : { line, cells }
}

/** What UTF-8 decoders put in place of bytes that are not UTF-8. */
const undecoded = '\uFFFD'

function cellFlaw(cell: string): string | null {
  if (isFormula(cell)) return 'is a formula: paste its value instead'
  if (cell.length > longestCell) return `has more than ${longestCell.toLocaleString('en-GB')} characters`
  if (cell.includes('\0')) return 'contains a zero byte: save the file as UTF-8 text'
  if (cell.includes(undecoded))
    return 'has characters that are not UTF-8: save the file as "CSV UTF-8", so that no letter is lost'
  return null
}
