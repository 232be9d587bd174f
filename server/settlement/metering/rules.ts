import { Instant } from '@js-joda/core'
import type { MeteringSettings, MeterReadings } from '../../../schemas/metering.ts'
import type { FieldError } from '../../../schemas/problem.ts'

const minutesOf: Record<MeterReadings['resolution'], 1 | 2 | 15 | 30> = { PT1M: 1, PT2M: 2, PT15M: 15, PT30M: 30 }

/** One period of a meter as it is stored: start of the period, its length, and its energy. */
export interface MeteredPeriod {
  periodStart: Instant
  minutes: number
  energyWh: number | null
  quality: 'measured' | 'estimated'
}

/** Most faults that one answer names; whoever has more mends these first. */
const maxFaults = 20

/** An upload as periods with start stamps and energies, or the faults that keep it from being taken. Mean power becomes energy. */
export function periodsOf(upload: MeterReadings, now: Instant): { periods: MeteredPeriod[]; faults: FieldError[] } {
  const minutes = minutesOf[upload.resolution]
  const [lengthMs, nowMs] = [minutes * 60_000, now.toEpochMilli()]
  const faults: FieldError[] = []
  const seen = new Set<number>()
  const periods = upload.readings.map((reading, i): MeteredPeriod => {
    const stampMs = Date.parse(reading.at)
    const startMs = upload.stamp === 'period-end' ? stampMs - lengthMs : stampMs
    const fault = (message: string) => faults.length < maxFaults && faults.push({ field: `readings[${i}].at`, message })
    if (startMs % lengthMs !== 0) fault(`${reading.at} is not on a boundary of ${minutes} minutes`)
    else if (seen.has(startMs)) fault(`${reading.at} stands twice in this upload`)
    else if (startMs + lengthMs > nowMs) fault(`the period of ${reading.at} has not ended yet`)
    seen.add(startMs)
    const energyWh =
      reading.energyWh !== undefined
        ? reading.energyWh
        : reading.powerW == null
          ? null
          : (reading.powerW * minutes) / 60
    return { periodStart: Instant.ofEpochMilli(startMs), minutes, energyWh, quality: reading.quality }
  })
  return { periods, faults }
}

const quarterMs = 15 * 60_000

/**
 * Energy per quarter-hour, Wh, by epoch ms of its start. A longer period is spread evenly, shorter ones add up; a quarter-hour that is
 * not covered to the full by values is absent: missing is not zero (FM12). Periods must not overlap.
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

/** What is known of an FU by which an upload is judged. */
export interface UploadContext {
  maxTurnDownW: number
  /** Median of the energies other than 0 of the last weeks as mean power, W; `null` with too little history. */
  usualW: number | null
  hasExported: boolean
}

/** Why an upload looks like a mistake of unit or sign (FM13): sentences for whoever decides on it; none when it looks right. */
export function oddities(
  periods: readonly MeteredPeriod[],
  given: UploadContext,
  { oddFactor, mostTimes }: Pick<MeteringSettings, 'oddFactor' | 'mostTimes'>,
): string[] {
  const powers = periods.flatMap((p) =>
    p.energyWh === null || p.energyWh === 0 ? [] : [(p.energyWh * 60) / p.minutes],
  )
  if (powers.length === 0) return []
  const reasons: string[] = []
  const largest = powers.reduce((most, power) => Math.max(most, Math.abs(power)), 0)
  if (largest > mostTimes * given.maxTurnDownW)
    reasons.push(`a power of ${largest} W is more than ${mostTimes} times the ${given.maxTurnDownW} W registered`)
  if (!given.hasExported && powers.every((power) => power < 0))
    reasons.push('every value is negative, an export, but the unit has only ever imported')
  const usual = medianOf(powers.map(Math.abs))
  if (given.usualW !== null && usual !== null) {
    if (usual * oddFactor < given.usualW)
      reasons.push(`values are about ${usual} W where ${given.usualW} W is usual: are they in kW?`)
    if (usual > given.usualW * oddFactor)
      reasons.push(`values are about ${usual} W where ${given.usualW} W is usual: is the unit smaller than W?`)
  }
  return reasons
}

/** The middle of some values; of an even number the lower of the two. `null` of none. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null
}
