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

/** A CSV file that has been read: its headings, its rows, and the rows that could not be read. */
export interface CsvTable {
  headings: string[]
  rows: CsvRow[]
  flaws: CsvFlaw[]
}

export interface CsvOptions {
  /** More rows than this are refused. */
  maxRows: number
  /** Told now and then how many rows have been read. */
  onProgress?: (rows: number) => void
}

const progressEvery = 5_000

/**
 * Reads a CSV file as people make them: with or without byte order mark, commas, semicolons or tabs, any line end. It is read as it
 * arrives, never as one string. A row with too few or too many cells, as where a file was cut off, is a flaw and not a guess; so is a
 * cell that a spreadsheet would run as a formula. What cannot be read as CSV at all ends the table with its flaw.
 */
export async function readCsv(body: ReadableStream | string, options: CsvOptions): Promise<CsvTable> {
  const table: CsvTable = { headings: [], rows: [], flaws: [] }
  const source = typeof body === 'string' ? Readable.from([Buffer.from(body)]) : Readable.fromWeb(body)
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const head = await firstLine(chunks)
  const parser = parse({
    ...{ bom: true, delimiter: delimiterOf(head.toString()), trim: true, info: true, relax_column_count: true },
    ...{ skip_empty_lines: true, relax_quotes: true, max_record_size: 1_000_000 },
  })
  const text = Readable.from(joined(head, chunks), { objectMode: false })
  text.on('error', (error) => parser.destroy(error))
  try {
    for await (const record of text.pipe(parser)) {
      take(table, record.record as string[], record.info.lines as number)
      const count = table.rows.length
      if (count > options.maxRows) return tooLong(table, options.maxRows)
      if (count % progressEvery === 0) options.onProgress?.(count)
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    table.flaws.push({ line: parser.info.lines, field: '', message: `cannot be read as CSV: ${error.message}` })
  } finally {
    source.destroy()
  }
  return table
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

function tooLong(table: CsvTable, maxRows: number): CsvTable {
  table.flaws.push({ line: maxRows + 2, field: '', message: `at most ${maxRows} rows are taken: split the file` })
  return table
}

function take(table: CsvTable, record: string[], line: number): void {
  if (table.headings.length === 0) {
    table.headings = record
    return
  }
  if (record.length !== table.headings.length) {
    const message = `has ${record.length} cells, but there are ${table.headings.length} headings: is the file cut off?`
    table.flaws.push({ line, field: '', message })
    return
  }
  const cells: Record<string, string> = {}
  for (const [index, heading] of table.headings.entries()) {
    const cell = record[index] ?? ''
    if (isFormula(cell)) table.flaws.push({ line, field: heading, message: 'is a formula: paste its value instead' })
    cells[heading] = unescaped(cell)
  }
  table.rows.push({ line, cells })
}

/** A cell that a spreadsheet would run; a number with a sign is none. */
function isFormula(cell: string): boolean {
  return /^[=@]/.test(cell) || (/^[+-]/.test(cell) && !/^[+-]?\d/.test(cell) && cell.length > 1)
}

/** `writeCsv` puts an apostrophe before what a spreadsheet would run; here it comes off again. */
function unescaped(cell: string): string {
  return /^'[=+\-@]/.test(cell) ? cell.slice(1) : cell
}
