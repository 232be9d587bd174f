import { Instant, type LocalDate, LocalDateTime } from '@js-joda/core'
import { dayTypeOf } from '../../../../platform/calendar/index.ts'
import { quarterMs, settlementZone, tradingDayOf } from '../../../../schemas/vocabulary/time.ts'

const halfHourMs = 2 * quarterMs

/** The local date of a moment. */
export function localDateOf(ms: number): LocalDate {
  return tradingDayOf(Instant.ofEpochMilli(Math.floor(ms)))
}

/** A half-hour that the sun and the clock passed: its local date, and its place on the wall clock, 0 to 47. */
export interface LocalHalfHour {
  day: LocalDate
  slot: number
}

const known = new Map<number, LocalHalfHour>()

/** Half-hours that are remembered: two years, and as many again. */
const mostKnown = 70_000

/** The local half-hour that begins at a moment. Half-hours of local time and of UTC coincide in Great Britain. */
export function halfHourAt(startMs: number): LocalHalfHour {
  const found = known.get(startMs)
  if (found) return found
  if (known.size >= mostKnown) known.clear()
  const local = LocalDateTime.ofInstant(Instant.ofEpochMilli(startMs), settlementZone)
  const made = { day: local.toLocalDate(), slot: local.hour() * 2 + (local.minute() >= 30 ? 1 : 0) }
  known.set(startMs, made)
  return made
}

/** Starts of the half-hours that a span touches, ms. */
export function* halfHoursOf(fromMs: number, toMs: number): Generator<number> {
  for (let at = Math.floor(fromMs / halfHourMs) * halfHourMs; at < toMs; at += halfHourMs) yield at
}

/** Whether people work on a day, as profiles and ratings see it: bank holidays count as weekends. */
export function dayTypeAt(day: LocalDate): 'weekday' | 'weekend' {
  return dayTypeOf(day)
}

export { halfHourMs }
