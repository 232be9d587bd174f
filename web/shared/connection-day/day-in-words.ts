import type { Breach, ConnectionDay } from '../../../schemas/grid/connections.ts'
import { kw, power } from '../format/power.ts'
import { duration, timeOfDay } from '../format/time.ts'

/** A day of a connection as charts and tables show it, for people of the DNO and for its customer alike. */
export type ShownDay = Omit<ConnectionDay, 'breaches'> & { breaches: readonly ShownBreach[] }

type ShownBreach = Pick<Breach, 'start' | 'end' | 'peakExcessW'>

/** A connection's day in one line: peak, breaches, turn-down. */
export function dayInOneLine(day: ShownDay, now: number): string {
  const peak = peakOf(day)
  if (!peak) return 'No import has been measured on this day.'
  const parts = [`Import peaked at ${kw(peak.importW)} at ${timeOfDay(peak.at)}`, breachesInWords(day.breaches, now)]
  const turnDowns = turnDownsInWords(day)
  if (turnDowns) parts.push(turnDowns)
  return `${parts.join('; ')}.`
}

function peakOf(day: ShownDay): ConnectionDay['load'][number] | undefined {
  return day.load.reduce<ConnectionDay['load'][number] | undefined>(
    (peak, point) => (peak && peak.importW >= point.importW ? peak : point),
    undefined,
  )
}

function breachesInWords(breaches: readonly ShownBreach[], now: number): string {
  const [first] = breaches
  if (!first) return 'the limit was kept'
  const worst = Math.max(...breaches.map((b) => b.peakExcessW))
  if (breaches.length > 1) return `${breaches.length} breaches, up to ${kw(worst)} over`
  const lasted = duration((first.end === null ? now : Date.parse(first.end)) - Date.parse(first.start))
  const length = first.end === null ? `ongoing after ${lasted}` : `lasting ${lasted}`
  return `a breach from ${timeOfDay(first.start)}, ${length}, up to ${kw(worst)} over`
}

/** Turn-downs that lie end to end are told as one. */
function turnDownsInWords(day: ShownDay): string | null {
  const bands = turnDownBands(day)
  const [first] = bands
  if (!first) return null
  if (bands.length > 1) return `turn-down instructed in ${bands.length} spans`
  return `turn-down of ${power(first.turnDownW)} instructed from ${timeOfDay(first.from)} to ${timeOfDay(first.to)}`
}

/** States of an instruction in which its turn-down is not in force. */
const void_ = new Set(['refused', 'superseded', 'expired', 'planned'])

export interface TurnDownBand {
  from: number
  to: number
  turnDownW: number
}

/** Turn-downs of a day in force, those of the same power that lie end to end joined. */
export function turnDownBands(day: Pick<ConnectionDay, 'turnDowns'>): TurnDownBand[] {
  const bands: TurnDownBand[] = []
  const inForce = day.turnDowns
    .filter((t) => t.turnDownW > 0 && !void_.has(t.state))
    .toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from))
  for (const { from, to, turnDownW } of inForce) {
    const last = bands.at(-1)
    if (last && last.to === Date.parse(from) && last.turnDownW === turnDownW) last.to = Date.parse(to)
    else bands.push({ from: Date.parse(from), to: Date.parse(to), turnDownW })
  }
  return bands
}
