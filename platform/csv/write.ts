import { stringify } from 'csv-stringify/sync'

/** A CSV file with headings, CRLF as RFC 4180 requires, and an apostrophe before cells that a spreadsheet would run as formulas (FM30). */
export function writeCsv(headings: readonly string[], rows: Iterable<readonly (string | number | null)[]>): string {
  const safe = [...rows].map((row) => row.map((cell) => (typeof cell === 'string' ? escaped(cell) : cell)))
  return stringify([[...headings], ...safe], { record_delimiter: 'windows' })
}

function escaped(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}
