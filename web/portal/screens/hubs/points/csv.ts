import type { MappedPoint } from '../../../../../schemas/grid/gateway.ts'
import type { ImportFlaw } from '../../../../../schemas/vocabulary/file-import.ts'
import { readTable, type TypedRow } from '../../../../shared/csv-table.ts'
import { keyOf, type PointColumn, pointColumns, readPoint, typedOf } from './typed.ts'

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
  const { rows, flaws } = readTable(text, pointColumns, optional)
  return flaws.length > 0 ? { points: [], rows: 0, flaws } : readRows(rows)
}

function readRows(rows: readonly TypedRow<PointColumn>[]): PointsRead {
  const [flaws, lineOf]: [ImportFlaw[], Map<string, number>] = [[], new Map()]
  const points = rows.flatMap(({ line, cells }) => {
    const { point, faults } = readPoint(cells)
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
