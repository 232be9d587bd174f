import { writeCsv } from '../../../../platform/csv/index.ts'
import type { Statement, StatementLine } from '../../../../schemas/settlement/statements.ts'

type Cell = string | number | null

/** Columns of a statement file; each line holds every input of its amount. */
const columns: Record<string, (line: StatementLine) => Cell> = {
  number: (l) => l.number,
  fuName: (l) => l.fuName,
  fuId: (l) => l.fuId,
  contractId: (l) => l.contractId,
  from: (l) => l.from,
  to: (l) => l.to,
  direction: (l) => l.direction ?? 'turn-down',
  contractedW: (l) => l.contractedW,
  availableW: (l) => l.availableW,
  instructedW: (l) => l.instructedW,
  instructedWh: (l) => l.instructedWh,
  baselineMethod: (l) => l.terms.baselineMethod,
  baselineWh: (l) => l.baselineWh,
  limitWh: (l) => l.limitWh,
  siteLimitWh: (l) => l.site?.limitWh ?? null,
  siteRestWh: (l) => l.site?.restWh ?? null,
  siteBaselinesWh: (l) => l.site?.baselinesWh ?? null,
  siteExportLimitWh: (l) => l.site?.export?.limitWh ?? null,
  leastImportWh: (l) => l.site?.export?.leastImportWh ?? null,
  meteredWh: (l) => l.meteredWh,
  elsewhereWh: (l) => l.elsewhereWh,
  turnedDownWh: (l) => l.turnedDownWh,
  deliveredWh: (l) => l.deliveredWh,
  deliveryRatio: (l) => l.deliveryRatio,
  toleranceWh: (l) => l.toleranceWh,
  scheme: (l) => l.terms.scheme.name,
  accuracyFactor: (l) => l.accuracyFactor,
  performanceFactor: (l) => l.performanceFactor,
  availabilityGbpPerMwH: (l) => l.availabilityGbpPerMwH,
  utilisationGbpPerMwh: (l) => l.utilisationGbpPerMwh,
  priceRule: (l) => l.priceRule,
  contractGbpPerMwh: (l) => l.contractGbpPerMwh,
  bidGbpPerMwh: (l) => l.bidGbpPerMwh,
  clearedGbpPerMwh: (l) => l.clearedGbpPerMwh,
  availabilityGbp: (l) => l.availabilityGbp,
  utilisationGbp: (l) => l.utilisationGbp,
  penaltyGbp: (l) => l.penaltyGbp,
  settledGbp: (l) => l.settledGbp,
  previousGbp: (l) => l.previousGbp,
  amountGbp: (l) => l.amountGbp,
  baselineDays: (l) => l.baselineDays.join(' '),
  meterRevision: (l) => l.meterRevision,
  instructions: (l) => (l.instructions ?? []).map((i) => `${i.from}/${i.to} ${i.turnDownW} W ${i.outcome}`).join('; '),
  flags: (l) => l.flags.join(' '),
}

const exportColumns = new Set(['siteExportLimitWh', 'leastImportWh'])

/** A statement as CSV. The same statement gives the same bytes. */
export function statementCsv(given: Statement): string {
  // A statement without turn-up, or without export limits, has the columns that it always had.
  const isDirected = given.lines.some((line) => line.direction === 'turn-up')
  const hasExports = given.lines.some((line) => line.site?.export)
  const shown = Object.entries(columns).filter(
    ([heading]) => (isDirected || heading !== 'direction') && (hasExports || !exportColumns.has(heading)),
  )
  const headings = shown.map(([heading]) => heading)
  const total = headings.map((heading) =>
    heading === 'number' ? 'total' : heading === 'amountGbp' ? given.totalGbp : '',
  )
  return writeCsv(headings, [...given.lines.map((line) => shown.map(([, cell]) => cell(line))), total])
}
