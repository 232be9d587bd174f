import type { Instant } from '@js-joda/core'
import type { MeterReadings } from '../../../../schemas/settlement/metering.ts'

/** Minutes of one period. */
export const minutesOf: Record<MeterReadings['resolution'], 1 | 2 | 15 | 30> = {
  PT1M: 1,
  PT2M: 2,
  PT15M: 15,
  PT30M: 30,
}

const quarterMs = 15 * 60_000

/**
 * Energy per quarter-hour, Wh, by epoch ms of its start. A longer period is spread evenly; shorter ones add up. A quarter-hour that is not
 * fully covered is absent: missing is not zero (FM12). Periods must not overlap.
 */
export function quarterHours(
  periods: Iterable<{ periodStart: Instant; minutes: number; energyWh: number | null }>,
): Map<number, number> {
  const sums = new Map<number, { energyWh: number; coveredMs: number }>()
  for (const period of periods) {
    if (period.energyWh === null) continue
    const startMs = period.periodStart.toEpochMilli()
    const [lengthMs, endMs] = [period.minutes * 60_000, startMs + period.minutes * 60_000]
    for (let q = Math.floor(startMs / quarterMs) * quarterMs; q < endMs; q += quarterMs) {
      const overlapMs = Math.min(endMs, q + quarterMs) - Math.max(startMs, q)
      const energyWh = lengthMs === overlapMs ? period.energyWh : (period.energyWh * overlapMs) / lengthMs
      const sum = sums.get(q)
      if (!sum) {
        sums.set(q, { energyWh, coveredMs: overlapMs })
        continue
      }
      sum.energyWh += energyWh
      sum.coveredMs += overlapMs
    }
  }
  const whole = new Map<number, number>()
  for (const [q, { energyWh, coveredMs }] of sums) if (coveredMs === quarterMs) whole.set(q, energyWh)
  return whole
}
