import { stringify } from 'csv-stringify/sync'
import type { Statement } from '../../../schemas/settlement.ts'

/** Columns of a statement file; each line holds all that its amount follows from. */
const columns = [
  'number',
  'fuName',
  'fuId',
  'from',
  'to',
  'contractedW',
  'instructedW',
  'baselineWh',
  'meteredWh',
  'deliveredWh',
  'deliveryRatio',
  'performanceFactor',
  'availabilityGbpPerMwH',
  'utilisationGbpPerMwh',
  'availabilityGbp',
  'utilisationGbp',
  'amountGbp',
  'baselineDays',
  'meterRevision',
  'flags',
] as const

/** A statement as CSV. Text that a spreadsheet would take for a formula is escaped (FM30). */
export function statementCsv(given: Statement): string {
  const rows = given.lines.map((line) =>
    columns.map((column) => (Array.isArray(line[column]) ? line[column].join(' ') : line[column])),
  )
  return stringify([[...columns], ...rows, ['total', ...Array(15).fill(''), given.totalGbp, '', '', '']], {
    escape_formulas: true,
    record_delimiter: 'windows',
  })
}
