/** One invariant of a rehearsed day, computed from other sources than the code that it checks. */
export interface Check {
  name: string
  ok: boolean
  /** The figures that were compared. */
  detail: string
}

/** How instructions for a product went: quarter-hours of FUs. */
export interface DispatchFigures {
  due: number
  issued: number
  acknowledged: number
  late: number
  duplicates: number
}

/** What `ringmain day --json` prints; a contract. */
export interface DaySummary {
  date: string
  seed: number
  depots: number
  hubs: number
  polls: number
  measurements: number
  breaches: number
  /** By product. */
  dispatch: Record<'A' | 'B' | 'C', DispatchFigures>
  /** What was turned up is no part of it. */
  energyTurnedDownWh: number
  meteredWh: number
  statements: { fsp: string; product: string; lines: number; amountGbp: string }[]
  checks: Check[]
  wallMs: number
}

const kilo = (value: number, unit: string) =>
  `${(value / 1000).toLocaleString('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} k${unit}`

/** The summary for people. */
export function summaryText(day: DaySummary): string {
  const lines = [
    `Trading day ${day.date}, seed ${day.seed}: ${day.depots} depots, ${day.hubs} hubs`,
    `  measured    ${day.polls} polls, ${day.measurements} measurements, ${day.breaches} breaches`,
    ...Object.entries(day.dispatch).map(
      ([product, { due, issued, acknowledged, late, duplicates }]) =>
        `  dispatched  product ${product}: ${due} due, ${issued} issued, ${acknowledged} acknowledged, ${late} late, ${duplicates} duplicates`,
    ),
    `  metered     ${kilo(day.meteredWh, 'Wh')}, of which ${kilo(day.energyTurnedDownWh, 'Wh')} were turned down`,
    ...day.statements.map((s) => `  settled     ${s.fsp}, product ${s.product}: £${s.amountGbp} in ${s.lines} lines`),
    ...day.checks.map((check) => `  ${check.ok ? 'holds ' : 'FAILED'}      ${check.name}: ${check.detail}`),
    `  took        ${(day.wallMs / 1000).toFixed(1)} s`,
  ]
  return `${lines.join('\n')}\n`
}
