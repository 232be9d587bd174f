import { LocalDate } from '@js-joda/core'
import type { LoadForecast } from '../../../schemas/planning/load.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'

/** A node's expected load on a day by quarter-hour. @param loads W by start of the quarter-hour (epoch ms). */
export function viewForecast(
  { nodeId, day }: { nodeId: string; day: string },
  loads: ReadonlyMap<number, number> | undefined,
): LoadForecast {
  const values = periodStarts(LocalDate.parse(day), 'PT15M').map((at) => loads?.get(at.toEpochMilli()) ?? null)
  return { nodeId, tradingDay: day, resolution: 'PT15M', values }
}
