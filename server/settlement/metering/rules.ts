import type { Instant } from '@js-joda/core'
import type { MeteringSettings, MeterReadings } from '../../../schemas/settlement/metering.ts'

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
      const sum = sums.get(q) ?? { energyWh: 0, coveredMs: 0 }
      sum.energyWh += lengthMs === overlapMs ? period.energyWh : (period.energyWh * overlapMs) / lengthMs
      sum.coveredMs += overlapMs
      sums.set(q, sum)
    }
  }
  return new Map([...sums].filter(([, sum]) => sum.coveredMs === quarterMs).map(([q, sum]) => [q, sum.energyWh]))
}

/** What is known of an FU, to assess an upload with. */
export interface UploadContext {
  maxTurnDownW: number
  /** Median mean power of the last weeks, ignoring 0, W; `null` with too little history. */
  usualW: number | null
  hasExported: boolean
}

/** The powers of an upload, W, ignoring missing values and 0. */
export interface PowerSummary {
  /** The largest and the median, by magnitude. */
  largestW: number
  usualW: number
  isAllExport: boolean
}

/** Why an upload looks like a mistake of unit or sign (FM13), in sentences for the person who decides on it; empty if it looks right. */
export function reasonsToHold(
  powers: PowerSummary | null,
  given: UploadContext,
  { unitErrorFactor, implausibleFactor }: Pick<MeteringSettings, 'unitErrorFactor' | 'implausibleFactor'>,
): string[] {
  if (!powers) return []
  const { largestW, usualW, isAllExport } = powers
  const reasons: string[] = []
  if (largestW > implausibleFactor * given.maxTurnDownW)
    reasons.push(
      `a power of ${largestW} W is more than ${implausibleFactor} times the ${given.maxTurnDownW} W registered`,
    )
  if (!given.hasExported && isAllExport)
    reasons.push('every value is negative, an export, but the unit has only ever imported')
  if (given.usualW !== null && usualW * unitErrorFactor < given.usualW)
    reasons.push(`values are about ${usualW} W where ${given.usualW} W is usual: are they in kW?`)
  if (given.usualW !== null && usualW > given.usualW * unitErrorFactor)
    reasons.push(`values are about ${usualW} W where ${given.usualW} W is usual: is the unit smaller than W?`)
  return reasons
}

/** The median of some values; of an even number, the lower of the middle two. `null` without values. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null
}
