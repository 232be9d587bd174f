import { stringify } from 'csv-stringify/sync'
import { escaped } from './formula.ts'

type Row = readonly (string | number | null)[]

/**
 * A CSV file with headings, CRLF as RFC 4180 requires, and an apostrophe before cells that a spreadsheet would run as formulas (FM30).
 * Cells with blanks at their ends or line ends are quoted, so that `readCsv` gets back exactly what was written.
 */
export function writeCsv(headings: readonly string[], rows: Iterable<Row>): string {
  return lines([[...headings], ...safe(rows)])
}

/** The same file in pieces: the headings, then one for each batch of rows that is not empty. */
export async function* writeCsvInPieces(
  headings: readonly string[],
  batches: AsyncIterable<Iterable<Row>>,
): AsyncGenerator<string> {
  yield lines([headings])
  for await (const rows of batches) {
    const text = lines(safe(rows))
    if (text !== '') yield text
  }
}

function safe(rows: Iterable<Row>): Row[] {
  return [...rows].map((row) => row.map((cell) => (typeof cell === 'string' ? escaped(cell) : cell)))
}

function lines(rows: readonly Row[]): string {
  return stringify([...rows] as Row[], { record_delimiter: 'windows', quoted_match: /^\s|\s$|[\r\n]/ })
}
