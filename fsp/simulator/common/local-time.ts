import { Instant, type LocalDate } from '@js-joda/core'
import { dayStart, settlementZone, tradingDayOf } from '../../../schemas/vocabulary/time.ts'

/** Local date and minute after local midnight by the wall clock. */
export interface LocalMoment {
  day: LocalDate
  minute: number
}

const hourMs = 3_600_000
const hours = new Map<number, { day: LocalDate; minute: number }>()

/** Wall-clock time in Great Britain, where offsets change on whole hours only: looked up once an hour and counted in between. */
export function localMomentOf(atMs: number): LocalMoment {
  const hourStart = Math.floor(atMs / hourMs) * hourMs
  let known = hours.get(hourStart)
  if (!known) {
    const at = Instant.ofEpochMilli(hourStart)
    const offsetS = settlementZone.rules().offset(at).totalSeconds()
    known = { day: tradingDayOf(at), minute: (Math.floor(hourStart / 60_000) + offsetS / 60) % 1440 }
    if (hours.size > 5_000) hours.clear()
    hours.set(hourStart, known)
  }
  return { day: known.day, minute: known.minute + (atMs - hourStart) / 60_000 }
}

/** The instant, in ms, at which a day's wall clock shows a minute after midnight (if a clock change repeats it, the later one). */
export function atLocalMinute(day: LocalDate, minute: number): number {
  const guess = dayStart(day).toEpochMilli() + minute * 60_000
  const shown = localMomentOf(guess)
  return shown.day.equals(day) ? guess + (minute - shown.minute) * 60_000 : guess
}

/** An instant in ms as messages write it. */
export function isoOf(atMs: number): string {
  return Instant.ofEpochMilli(atMs).toString()
}
