import { stringify } from 'csv-stringify/sync'
import { escaped } from './formula.ts'

/**
 * A CSV file with headings, CRLF as RFC 4180 requires, and an apostrophe before cells that a spreadsheet would run as formulas (FM30).
 * Cells with blanks at their ends or line ends are quoted, so that `readCsv` gets back exactly what was written.
 */
export function writeCsv(headings: readonly string[], rows: Iterable<readonly (string | number | null)[]>): string {
  const safe = [...rows].map((row) => row.map((cell) => (typeof cell === 'string' ? escaped(cell) : cell)))
  return stringify([[...headings], ...safe], { record_delimiter: 'windows', quoted_match: /^\s|\s$|[\r\n]/ })
}
