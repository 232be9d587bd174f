import { Instant } from '@js-joda/core'
import type { MeterReadings } from '../../../schemas/metering.ts'
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
