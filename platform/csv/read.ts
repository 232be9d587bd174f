import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { CsvError, parse } from 'csv-parse'

/** A row of a CSV file: its number as an editor counts lines, the heading being line 1, and its cells by heading. */
export interface CsvRow {
  line: number
  cells: Record<string, string>
}

/** What is wrong with one cell or row. `field` is the heading, or empty for the row as a whole. */
export interface CsvFlaw {
  line: number
  field: string
  message: string
}

/** What is wrong with a file: the first of it, and how much there is. A file with more has one cause. */
export class CsvFlaws {
  static readonly kept = 1_000
  readonly first: CsvFlaw[] = []
  count = 0

  add(...flaws: readonly CsvFlaw[]): void {
    this.count += flaws.length
    if (this.first.length < CsvFlaws.kept) this.first.push(...flaws.slice(0, CsvFlaws.kept - this.first.length))
  }

  /** The flaws that were kept, by line. */
  byLine(): CsvFlaw[] {
    return this.first.toSorted((a, b) => a.line - b.line)
  }
}

export interface CsvOptions {
  /** More rows than this are refused. */
  maxRows: number
  /** Told now and then how many rows have been read; reading waits for it. */
  onProgress?: (rows: number) => Promise<void>
}

const progressEvery = 5_000

/**
 * A CSV file as people make them: with or without byte order mark, commas, semicolons or tabs, any line end. It is read as it arrives
 * and never held as a whole. A row with too few or too many cells, as where a file was cut off, is a flaw and not a guess; so is a cell
 * that a spreadsheet would run as a formula. What cannot be read as CSV at all ends the rows with its flaw.
 */
export class CsvFile {
  /** The cells of the first line; none in an empty file. */
  readonly headings: readonly string[]
  readonly flaws: CsvFlaws
  /** Rows read so far. */
  count = 0
  readonly #parts: CsvParts
  readonly #options: CsvOptions

  private constructor(headings: string[], parts: CsvParts, options: CsvOptions, flaws: CsvFlaws) {
    this.headings = headings
    this.#parts = parts
    this.#options = options
    this.flaws = flaws
  }

  /** Reads the headings. What comes after them is read by `rows`, or has to be let go by `close`. */
  static async open(body: ReadableStream | string, options: CsvOptions): Promise<CsvFile> {
    const parts = await partsOf(body)
    const flaws = new CsvFlaws()
    const first = await nextRecord(parts.records, flaws)
    return new CsvFile(first?.record ?? [], parts, options, flaws)
  }

  /** The rows, each with a cell for every heading. */
  async *rows(): AsyncGenerator<CsvRow> {
    const { maxRows, onProgress } = this.#options
    try {
      for (let next = await this.#next(); next; next = await this.#next()) {
        const row = rowOf(this.headings, next, this.flaws)
        if (!row) continue
        this.count += 1
        if (this.count > maxRows) {
          this.flaws.add({ line: row.line, field: '', message: `at most ${maxRows} rows are taken: split the file` })
          return
        }
        yield row
        if (this.count % progressEvery === 0) await onProgress?.(this.count)
      }
    } finally {
      await this.close()
    }
  }

  #next(): Promise<CsvRecord | null> {
    return nextRecord(this.#parts.records, this.flaws)
  }

  /** Takes what is left of the body and drops it: who is still sending would not hear the answer. */
  async close(): Promise<void> {
    const { chunks, text } = this.#parts
    text.destroy()
    try {
      while (!(await chunks.next()).done);
    } catch {
      // It broke off: there is nothing left to take.
    }
  }
}

interface CsvRecord {
  record: string[]
  info: { lines: number }
}

interface CsvParts {
  records: AsyncIterator<CsvRecord>
  /** The body as it arrives, and as it goes on to the parser. */
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
    relax_quotes: true,
    max_record_size: 1_000_000,
  })
  const text = Readable.from(joined(head, chunks), { objectMode: false })
  text.on('error', (error) => parser.destroy(error))
  const records = text.pipe(parser)[Symbol.asyncIterator]() as AsyncIterator<CsvRecord>
  return { records, chunks, text }
}

/** The next record; `null` at the end, also at one that is no CSV, which is a flaw. Rejects when the body breaks off. */
async function nextRecord(records: AsyncIterator<CsvRecord>, flaws: CsvFlaws): Promise<CsvRecord | null> {
  try {
    const next = await records.next()
    return next.done ? null : next.value
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number(error['lines'] ?? 0)
    flaws.add({ line, field: '', message: `cannot be read as CSV: ${error.message}` })
    return null
  }
}

/** A CSV file that has been read: its headings, its rows, and what is wrong with it. */
export interface CsvTable {
  headings: readonly string[]
  rows: CsvRow[]
  flaws: CsvFlaw[]
}

/** Reads a CSV file of moderate length into memory. What can be long is read by `CsvFile`. */
export async function readCsv(body: ReadableStream | string, options: CsvOptions): Promise<CsvTable> {
  const file = await CsvFile.open(body, options)
  const rows: CsvRow[] = []
  for await (const row of file.rows()) rows.push(row)
  return { headings: file.headings, rows, flaws: file.flaws.byLine() }
}

/** As many chunks as hold the first line, which is not looked for beyond 64 kB. */
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

/** The separator that the heading has most of: a semicolon in a text of a comma file is text. */
function delimiterOf(text: string): string {
  const heading = text.split(/\r?\n/, 1)[0] ?? ''
  const count = (separator: string) => heading.split(separator).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}

/** A record as a row; `null` when it has not a cell for each heading. */
function rowOf(headings: readonly string[], { record, info }: CsvRecord, flaws: CsvFlaws): CsvRow | null {
  const line = info.lines
  if (record.length !== headings.length) {
    const message = `has ${record.length} cells, but there are ${headings.length} headings: is the file cut off?`
    flaws.add({ line, field: '', message })
    return null
  }
  const cells: Record<string, string> = {}
  for (const [index, heading] of headings.entries()) {
    const cell = record[index] ?? ''
    if (isFormula(cell)) flaws.add({ line, field: heading, message: 'is a formula: paste its value instead' })
    if (cell.includes('\0'))
      flaws.add({ line, field: heading, message: 'holds a zero byte: save the file as UTF-8 text' })
    cells[heading] = unescaped(cell)
  }
  return { line, cells }
}

/** A cell that a spreadsheet would run; a number with a sign is none. */
function isFormula(cell: string): boolean {
  return /^[=@]/.test(cell) || (/^[+-]/.test(cell) && !/^[+-]?\d/.test(cell) && cell.length > 1)
}

/** `writeCsv` puts an apostrophe before what a spreadsheet would run; here it comes off again. */
function unescaped(cell: string): string {
  return /^'[=+\-@]/.test(cell) ? cell.slice(1) : cell
}
