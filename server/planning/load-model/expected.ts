import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { loadModelSettings } from '../../../schemas/settings/planning.ts'
import { periodStarts, quarterMs } from '../../../schemas/vocabulary/time.ts'
import { figuresAt } from '../../kit/index.ts'
import { loadsOn } from '../load/index.ts'
import { slotsOfDay } from './model/index.ts'
import { type OwnForecastRow, ownForecastsOn } from './store.ts'

/** Quantiles that are kept of a forecast, %. */
export type Percentile = 10 | 50 | 90

/** A quantile of a forecast by half-hour of its day, W. */
export function quantileOf(row: OwnForecastRow, percentile: Percentile): number[] {
  const { medianW, lowW, highW, widthFactor } = row
  const offsetAt = (slot: number) =>
    percentile === 50 ? 0 : widthFactor * ((percentile === 10 ? lowW : highW)[slot] ?? 0)
  return slotsOfDay(row.day, 'PT30M').map((slot) => (medianW[slot] ?? 0) + offsetAt(slot))
}

/**
 * Expected loads of nodes on a day: W by node and start of the quarter-hour (epoch ms). An uploaded forecast takes precedence, period by
 * period; where none is, the server's own counts; a node with neither is missing. @param at of the percentile that counts.
 */
export async function expectedLoadsOn(
  tx: Queryable,
  day: LocalDate,
  at: Instant,
  nodeId?: string,
): Promise<Map<string, Map<number, number>>> {
  const expected = await loadsOn(tx, day, nodeId)
  const { percentile } = await figuresAt(tx, loadModelSettings, at)
  const starts = periodStarts(day, 'PT30M').map((start) => start.toEpochMilli())
  for (const [id, row] of await ownForecastsOn(tx, 'node', day, nodeId)) {
    const own = expected.get(id) ?? new Map<number, number>()
    for (const [n, loadW] of quantileOf(row, percentile).entries())
      for (const ms of [starts[n] ?? 0, (starts[n] ?? 0) + quarterMs]) if (!own.has(ms)) own.set(ms, loadW)
    expected.set(id, own)
  }
  return expected
}

/** Expected imports of connections on a day by half-hour, W: the medians of the server's own forecasts. Connections without one are missing. */
export async function expectedImportsOn(tx: Queryable, day: LocalDate): Promise<Map<string, number[]>> {
  const rows = await ownForecastsOn(tx, 'connection', day)
  return new Map([...rows].map(([id, row]) => [id, quantileOf(row, 50)]))
}
