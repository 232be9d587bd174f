import type { MappedPoint } from '../../../../../schemas/grid/gateway.ts'
import type { ImportFlaw } from '../../../../../schemas/vocabulary/file-import.ts'
import { keyOf, type PointColumn, pointColumns, readPoint, type TypedPoint, typedOf } from './typed.ts'

/** The most points that a hub has. */
const mostPoints = 5_000

/** Columns that may be missing: without them a point has none. */
const optional: readonly PointColumn[] = ['deadBand']

/** Points as the text of a CSV file that `readCsv` takes back. */
export function csvOf(points: readonly MappedPoint[]): string {
  const rows = points.map((point) => pointColumns.map((column) => typedOf(point)[column]).join(','))
  return [pointColumns.join(','), ...rows, ''].join('\r\n')
}

interface PointsRead {
  points: MappedPoint[]
  /** How many rows there are below the headings. */
  rows: number
  flaws: ImportFlaw[]
}

/**
 * Points from the text of a CSV file, or from rows that were copied out of a spreadsheet: parted by commas, semicolons or tabs, the
 * headings in any order. Flaws name the line, the headings being line 1.
 */
export function readCsv(text: string): PointsRead {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const [heading = '', ...rest] = lines
  const separator = ['\t', ';'].find((each) => heading.includes(each)) ?? ','
  const headings = cellsOf(heading, separator).map((name) => name.toLowerCase().replaceAll(/[\s_-]/g, ''))
  const place = (column: PointColumn) => headings.indexOf(column.toLowerCase())
  const missing = pointColumns.filter((column) => place(column) < 0 && !optional.includes(column))
  if (missing.length > 0)
    return {
      points: [],
      rows: 0,
      flaws: [{ line: 1, field: missing.join(', '), message: 'is missing from the headings' }],
    }
  const rows = rest
    .map((row, i) => ({ line: i + 2, cells: cellsOf(row, separator) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
  if (rows.length === 0)
    return { points: [], rows: 0, flaws: [{ line: 2, field: '', message: 'there is no row of a point' }] }
  return readRows(rows, place)
}

function readRows(
  rows: readonly { line: number; cells: string[] }[],
  place: (column: PointColumn) => number,
): PointsRead {
  const [flaws, lineOf]: [ImportFlaw[], Map<string, number>] = [[], new Map()]
  const points = rows.flatMap(({ line, cells }) => {
    const typed = Object.fromEntries(pointColumns.map((column) => [column, cells[place(column)] ?? ''])) as TypedPoint
    const { point, faults } = readPoint(typed)
    for (const [field, message] of Object.entries(faults)) flaws.push({ line, field, message })
    if (point === null) return []
    const before = lineOf.get(keyOf(point))
    if (before !== undefined)
      flaws.push({ line, field: 'index', message: `line ${before} has this point already: give each one meaning` })
    lineOf.set(keyOf(point), line)
    return [point]
  })
  const excess = rows[mostPoints]
  if (excess) flaws.push({ line: excess.line, field: '', message: 'a hub has at most 5,000 points: remove the rest' })
  return { points, rows: rows.length, flaws }
}

/** The cells of a row. No cell of a point has a separator in it, so that quotes only need to be taken off. */
function cellsOf(row: string, separator: string): string[] {
  return row.split(separator).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  )
}
