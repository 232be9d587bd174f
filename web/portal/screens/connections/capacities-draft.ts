import { type CapacityChange, capacityChange } from '../../../../schemas/grid/connections.ts'
import type { ImportFlaw } from '../../../../schemas/vocabulary/file-import.ts'
import type { FieldError } from '../../../../schemas/vocabulary/problem.ts'
import { readTable } from '../../../shared/csv-table.ts'

/** The columns of a file of capacities. */
export const capacityColumns = ['mpan', 'ascKva', 'exportKva', 'powerFactor'] as const

type Column = (typeof capacityColumns)[number]

/** The most connections that one approval changes. */
const mostChanges = 5_000

/** What is wrong with a cell, in the words of the screen. */
const faults: Record<Column, string> = {
  mpan: 'must be the 13 digits of an MPAN',
  ascKva: 'must be empty, or 1 to 100,000 kVA',
  exportKva: 'must be empty, 0 to 100,000 kVA, or “none” where none is stated any more',
  powerFactor: 'must be empty, or 0.5 to 1',
}

/** Changes from the text of a CSV file, with the line of each row. An empty cell changes nothing; `none` takes a stated export capacity away. */
export function readCapacities(text: string): { changes: CapacityChange[]; lines: number[]; flaws: ImportFlaw[] } {
  const { rows, flaws } = readTable(text, capacityColumns, ['ascKva', 'exportKva', 'powerFactor'])
  const changes = rows.flatMap(({ line, cells }) => {
    const { mpan, ascKva, exportKva, powerFactor } = cells
    const read = capacityChange.safeParse({
      mpan,
      ascKva: figure(ascKva),
      exportKva: exportKva.toLowerCase() === 'none' ? null : figure(exportKva),
      powerFactor: figure(powerFactor),
    })
    if (read.success) return [read.data]
    for (const field of new Set(read.error.issues.map(({ path }) => String(path[0] ?? '')))) {
      const fault = capacityColumns.find((column) => column === field)
      flaws.push({ line, field, message: fault ? faults[fault] : 'states no capacity and no power factor' })
    }
    return []
  })
  const excess = rows[mostChanges]
  if (excess) flaws.push({ line: excess.line, field: '', message: 'an approval changes at most 5,000: split the file' })
  return { changes, lines: rows.map(({ line }) => line), flaws }
}

/** The errors of a refusal, by the lines of the file that was refused; of other problems none. */
export function refusedLines(errors: readonly FieldError[], lines: readonly number[]): ImportFlaw[] {
  return errors.flatMap(({ field, message }) => {
    const [, index, column = ''] = /^changes\[(\d+)\]\.?(\w*)$/.exec(field) ?? []
    const line = lines[Number(index)]
    const said = message.replace(/changes\[(\d+)\]/, (whole, at) => (lines[at] ? `line ${lines[at]}` : whole))
    return line === undefined ? [] : [{ line, field: column, message: said }]
  })
}

/** A number as typed; what is none stays, so that its cell is named. */
function figure(cell: string): number | undefined | string {
  if (cell === '') return undefined
  const value = Number(cell)
  return Number.isFinite(value) ? value : cell
}
