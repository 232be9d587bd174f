import type { Instant } from '@js-joda/core'
import type { LiveReadings, LiveReceipt } from '../../../schemas/dispatch/live-readings.ts'
import { instantOf } from '../../../schemas/vocabulary/time.ts'

/** A live reading of a batch, with its place there. */
export interface GivenReading {
  place: number
  at: Instant
  powerW: number
  derId: string | null
}

/** How far a reading's time may lie from the server's. */
export interface Tolerance {
  aheadS: number
  behindMinutes: number
}

/**
 * Sorts a batch into readings whose time is believed and those that are passed over, so that a clock that is wrong for one reading does
 * not lose the others. Both ends of the tolerance are believed (domain section 12, Field equipment and files).
 */
export function believable(
  readings: LiveReadings['readings'],
  now: Instant,
  { aheadS, behindMinutes }: Tolerance,
): { believed: GivenReading[]; passedOver: LiveReceipt['passedOver'] } {
  const [latest, earliest] = [now.plusSeconds(aheadS), now.minusSeconds(behindMinutes * 60)]
  const believed: GivenReading[] = []
  const passedOver: LiveReceipt['passedOver'] = []
  for (const [place, { at: given, powerW, derId = null }] of readings.entries()) {
    const at = instantOf(given)
    if (at.isAfter(latest)) passedOver.push({ place, at: at.toString(), reason: 'ahead' })
    else if (at.isBefore(earliest)) passedOver.push({ place, at: at.toString(), reason: 'behind' })
    else believed.push({ place, at, powerW, derId })
  }
  return { believed, passedOver }
}

/** What makes a reading the same as another of its FU: its instant, and its DER if it names one. */
export const keyOf = ({ at, derId }: { at: Instant; derId: string | null }): string =>
  `${at.toEpochMilli()} ${derId ?? ''}`

/** The place of the first reading whose instant and DER an earlier one of the batch has, or `undefined`. */
export function firstRepeat(readings: readonly GivenReading[]): number | undefined {
  const seen = new Set<string>()
  return readings.find((reading) => seen.size === seen.add(keyOf(reading)).size)?.place
}
