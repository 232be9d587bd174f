import type { Instant } from '@js-joda/core'
import { type MeasurementBatch, phase, quantity, type Reading } from '../../../schemas/grid/measurements.ts'

/** Parameters of telemetry (defaults). */
export const telemetryDefaults = {
  /** Raw measurements are kept for this many days; older ones are refused. */
  rawDays: 35,
  /** Import per connection and minute, kept for charts. */
  importDays: 400,
  /** Half-hours are kept for this many days: longer than any dispute over a settled year. */
  halfHourDays: 2_600,
  /** A reading stamped further ahead of the server's clock than this is refused. */
  aheadS: 3_600,
} as const

/** Half-hours begin at multiples of this since the epoch: British clocks change by whole hours. */
export const halfHourMs = 30 * 60_000

/**
 * A value within its dead band is held by heartbeats for no longer than this, s. A day spans the longest steady night; without a bound,
 * every roll-up could have to look through all that is kept.
 */
export const longestHoldS = 86_400

/** Assumptions for power derived from current (trial): nominal phase voltage and power factor. */
export const derivation = { voltage: 230, powerFactor: 0.95 } as const

/** Qualities, the worst last: a derived value is never better than its source. */
const trust = ['good', 'derived', 'questionable', 'bad'] as const

/**
 * The active powers derived from currents, marked as derived; `null` stays `null`. A current has no sign: these are the most that the
 * import can be, unless somebody stated that the site cannot export.
 */
export function derivedPowers(readings: readonly Reading[]): Reading[] {
  return readings
    .filter((reading) => reading.quantity === 'current')
    .map((reading) => ({
      ...reading,
      quantity: 'active-power',
      unit: 'W',
      value: reading.value === null ? null : reading.value * derivation.voltage * derivation.powerFactor,
      quality: trust.indexOf(reading.quality) > trust.indexOf('derived') ? reading.quality : 'derived',
    }))
}

/** The newest reading of a point, and when it was true, epoch ms. */
export type NewestPoint = Omit<Reading, 'unit'> & { measuredMs: number }

/**
 * When a reading was true, epoch ms: the device's own time, unless it has none or its clock is ahead of the gateway that received
 * the reading; then the time of receipt.
 */
export function measuredMsOf(reading: Pick<Reading, 'deviceTime' | 'receivedTime'>): number {
  const received = epochMs(reading.receivedTime)
  return reading.deviceTime === null ? received : Math.min(epochMs(reading.deviceTime), received)
}

/** `Date.parse` with its last result cached: the readings of a poll share one time, and each is parsed more than once. */
export function epochMs(text: string): number {
  if (text !== lastParsed.text) lastParsed = { text, ms: Date.parse(text) }
  return lastParsed.ms
}

let lastParsed = { text: '', ms: Number.NaN }

/**
 * Updates the newest points of a hub with readings in order of arrival: of two with the same time the later one counts, and one that is
 * older than the known point changes nothing (FM21).
 */
export function renewPoints(known: readonly NewestPoint[], readings: readonly Reading[]): NewestPoint[] {
  const newest = new Map(known.map((point) => [keyOf(point), point]))
  for (const reading of readings) {
    const measuredMs = measuredMsOf(reading)
    const key = keyOf(reading)
    const before = newest.get(key)
    if (before && before.measuredMs > measuredMs) continue
    const { feeder, phase, quantity, value, quality, deviceTime, receivedTime } = reading
    const flag = reading.timeFlag === undefined ? {} : { timeFlag: reading.timeFlag }
    newest.set(key, { feeder, phase, quantity, value, quality, deviceTime, receivedTime, measuredMs, ...flag })
  }
  return [...newest.values()]
}

/** A number for each point of a hub: cheaper than a text, because every reading needs it. */
function keyOf(point: Pick<Reading, 'feeder' | 'phase' | 'quantity'>): number {
  return point.feeder * 64 + phaseNumbers[point.phase] * 8 + quantityNumbers[point.quantity]
}

const numbersOf = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name, n) => [name, n])) as Record<Name, number>
const phaseNumbers = numbersOf(phase.options)
const quantityNumbers = numbersOf(quantity.options)

/**
 * Newest points as text: `|` between points, spaces between their fields, `-` for null, a flag of the time last and only where there is one.
 * Short, because every poll rewrites it.
 */
export function encodePoints(points: readonly NewestPoint[]): string {
  return points
    .map(
      (p) =>
        `${p.feeder} ${p.phase} ${p.quantity} ${p.value ?? '-'} ${p.quality} ${p.deviceTime ?? '-'} ${p.receivedTime}${p.timeFlag === undefined ? '' : ` ${p.timeFlag}`}`,
    )
    .join('|')
}

/** Reads the output of `encodePoints`. */
export function decodePoints(text: string): NewestPoint[] {
  if (text === '') return []
  return text.split('|').map((part) => {
    const [feeder, phase, quantity, value, quality, deviceTime, receivedTime = '', timeFlag] = part.split(' ')
    const point = {
      feeder: Number(feeder),
      phase,
      quantity,
      quality,
      receivedTime,
      value: value === '-' ? null : Number(value),
      deviceTime: deviceTime === '-' ? null : deviceTime,
      ...(timeFlag === undefined ? {} : { timeFlag }),
    } as Omit<NewestPoint, 'measuredMs'>
    return { ...point, measuredMs: measuredMsOf(point) }
  })
}

/** The active power of a feeder from its newest points. */
export interface FeederPower {
  feeder: number
  points: number
  usable: number
  valueW: number
  quality: Reading['quality']
  measuredMs: number
}

/** The active power of each feeder. A null or bad value is left out: `usable` is then less than `points` (FM12). */
export function feederPowers(points: readonly NewestPoint[]): FeederPower[] {
  const powers = points.filter((point) => point.quantity === 'active-power')
  return [...Map.groupBy(powers, (point) => point.feeder)].map(([feeder, own]) => {
    const usable = own.filter((point) => point.value !== null && point.quality !== 'bad')
    return {
      feeder,
      points: own.length,
      usable: usable.length,
      valueW: usable.reduce((sum, point) => sum + (point.value ?? 0), 0),
      quality: trust[Math.max(0, ...usable.map((point) => trust.indexOf(point.quality)))] ?? 'bad',
      measuredMs: Math.min(...(usable.length > 0 ? usable : own).map((point) => point.measuredMs)),
    }
  })
}

/** The first reading whose time of receipt is not acceptable: ahead of now, or older than the retention of raw measurements. */
export function misplacedReading(
  batches: readonly MeasurementBatch[],
  now: Instant,
): { field: string; message: string } | null {
  const nowMs = now.toEpochMilli()
  const [earliest, latest] = [nowMs - telemetryDefaults.rawDays * 86_400_000, nowMs + telemetryDefaults.aheadS * 1000]
  for (const [b, batch] of batches.entries()) {
    const r = batch.readings.findIndex(({ receivedTime }) => {
      const ms = epochMs(receivedTime)
      return ms < earliest || ms > latest
    })
    if (r < 0) continue
    return {
      field: `batches[${b}].readings[${r}].receivedTime`,
      message: `must be within the last ${telemetryDefaults.rawDays} days and not ahead of ${now}: check the clock of the gateway`,
    }
  }
  return null
}
