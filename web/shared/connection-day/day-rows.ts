import { LocalDate } from '@js-joda/core'
import type { ConnectionDay } from '../../../schemas/grid/connections.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { type ShownDay, turnDownBands } from './day-in-words.ts'

/** A quarter-hour of a connection's day as the table view shows it. `null` where nothing was measured. */
export interface DayRow {
  from: number
  limitW: number | null
  meanW: number | null
  maxW: number | null
  headroomW: number | null
  turnDownW: number | null
  doubtful: boolean
}

/** The day of a chart as quarter-hours: 92, 96 or 100 of them. */
export function dayRows(day: ShownDay): DayRow[] {
  const starts = periodStarts(LocalDate.parse(day.tradingDay), 'PT15M').map((at) => at.toEpochMilli())
  const first = starts[0] ?? 0
  const loads = starts.map((): ConnectionDay['load'] => [])
  for (const point of day.load) loads[Math.floor((Date.parse(point.at) - first) / 900_000)]?.push(point)
  const bands = turnDownBands(day)
  return starts.map((from, i) => {
    const points = loads[i] ?? []
    const limitW = lowestLimit(day, from)
    const maxW = points.length === 0 ? null : Math.max(...points.map((p) => p.importW))
    return {
      from,
      limitW,
      meanW: points.length === 0 ? null : points.reduce((sum, p) => sum + p.importW, 0) / points.length,
      maxW,
      headroomW: limitW === null || maxW === null ? null : limitW - maxW,
      turnDownW: bands.find((b) => b.from <= from && from < b.to)?.turnDownW ?? null,
      doubtful: points.some((p) => p.quality !== 'good'),
    }
  })
}

/** The lowest limit in force at any time of a quarter-hour. */
function lowestLimit(day: Pick<ConnectionDay, 'limits'>, from: number): number | null {
  const within = day.limits.filter((l) => Date.parse(l.from) < from + 900_000 && Date.parse(l.to) > from)
  return within.length === 0 ? null : Math.min(...within.map((l) => l.limitW))
}
