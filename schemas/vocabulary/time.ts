import { DayOfWeek, Instant, type LocalDate, type LocalDateTime, LocalTime } from '@js-joda/core'
import { localDayOf, localMsOf, msOfDay, settlementZone } from './local-clock.ts'
import { type Resolution, resolutionMinutes, type Weekday, weekday } from './units.ts'

export { settlementZone }

/** An instant as the API writes it (ISO 8601 with offset), to the millisecond. */
export function instantOf(text: string): Instant {
  return Instant.ofEpochMilli(Date.parse(text))
}

/** Length of a quarter-hour, ms. */
export const quarterMs = 15 * 60_000

/** Start of the quarter-hour that contains an instant, ms. Quarter-hours of local time and of UTC coincide. */
export function quarterOf(atMs: number): number {
  return Math.floor(atMs / quarterMs) * quarterMs
}

/** Values by quarter-hour: a half-hour's value applies to both of its quarters. */
export function toQuarterHours<T>(given: { resolution: Resolution; values: readonly T[] }): T[] {
  return given.resolution === 'PT15M' ? [...given.values] : given.values.flatMap((value) => [value, value])
}

/** The 97 wall-clock times at which quarter-hours start and end, `00:00` to `24:00`. */
export const quarterHourTimes: readonly string[] = Array.from({ length: 97 }, (_, i) =>
  [Math.floor(i / 4), (i % 4) * 15].map((part) => String(part).padStart(2, '0')).join(':'),
)

/** Most days that are cached; beyond this the cache is cleared. */
const mostDays = 20_000

/** Caches a value per day: settlement asks for the same few hundred days for every unit and period. */
export function rememberedByDay<T>(factOf: (day: LocalDate) => T): (day: LocalDate) => T {
  const known = new Map<number, T>()
  return (day) => {
    const key = day.toEpochDay()
    const found = known.get(key)
    if (found !== undefined) return found
    if (known.size >= mostDays) known.clear()
    const fact = factOf(day)
    known.set(key, fact)
    return fact
  }
}

/** The instant at which a trading day starts: local midnight. */
export const dayStart = rememberedByDay((day): Instant => day.atStartOfDay(settlementZone).toInstant())

/** The instant at which a trading day ends: the next local midnight. */
export const dayEnd = rememberedByDay((day): Instant => dayStart(day.plusDays(1)))

/** The length of a day on which the clock is not changed, ms. */
const usualDayMs = 86_400_000

/**
 * The instant of a trading day at which the clock shows a time: the first of two where an hour comes twice; `null` where the clock skips it.
 */
export function instantOn(day: LocalDate, time: LocalTime): Instant | null {
  const start = dayStart(day)
  if (dayEnd(day).toEpochMilli() - start.toEpochMilli() === usualDayMs)
    return start.plusMillis(time.toSecondOfDay() * 1_000)
  const shown = day.atTime(time).atZone(settlementZone)
  return shown.toLocalTime().equals(time) ? shown.toInstant() : null
}

/** The trading day that contains an instant. */
export function tradingDayOf(at: Instant): LocalDate {
  return localDayOf(localMsOf(at))
}

/** Starts of all periods of a trading day: 46, 48 or 50 half-hours, or 92, 96 or 100 quarter-hours. */
export function periodStarts(day: LocalDate, resolution: Resolution): Instant[] {
  const stepMs = resolutionMinutes[resolution] * 60_000
  const end = dayEnd(day).toEpochMilli()
  const starts: Instant[] = []
  for (let ms = dayStart(day).toEpochMilli(); ms < end; ms += stepMs) starts.push(Instant.ofEpochMilli(ms))
  return starts
}

/** Number of periods of a trading day. */
export function periodCount(day: LocalDate, resolution: Resolution): number {
  return (dayEnd(day).toEpochMilli() - dayStart(day).toEpochMilli()) / (resolutionMinutes[resolution] * 60_000)
}

/** Zero-based index of the period that contains an instant, counted from local midnight of its trading day. */
export function periodIndexOf(at: Instant, resolution: Resolution): number {
  const sinceMidnight = at.toEpochMilli() - dayStart(tradingDayOf(at)).toEpochMilli()
  return Math.floor(sinceMidnight / (resolutionMinutes[resolution] * 60_000))
}

/** Local wall-clock time of an instant. */
export function localTimeOf(at: Instant): LocalDateTime {
  const localMs = localMsOf(at)
  return localDayOf(localMs).atTime(LocalTime.ofNanoOfDay(msOfDay(localMs) * 1_000_000 + (at.nano() % 1_000_000)))
}

/** Local wall-clock time of an instant as `HH:mm`, seconds dropped. */
export function clockTimeOf(at: Instant): string {
  const minutes = Math.floor(msOfDay(localMsOf(at)) / 60_000)
  return clockTimes[minutes] as string
}

/** The time of every minute of a day. */
const clockTimes: readonly string[] = Array.from({ length: 1_440 }, (_, minutes) =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':'),
)

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** An instant in a message to a person, to follow *at*: `18:00 GMT on 14 Jan 2026`. Of the hour that comes twice the zone says which. */
export function momentInWords(at: Instant | string): string {
  const instant = typeof at === 'string' ? instantOf(at) : at
  const zone = settlementZone.rules().offset(instant).totalSeconds() === 0 ? 'GMT' : 'BST'
  const local = localTimeOf(instant)
  return `${clockTimeOf(instant)} ${zone} on ${local.dayOfMonth()} ${months[local.monthValue() - 1]} ${local.year()}`
}

/** The day of the week of a local date or time. */
export function weekdayOf(local: LocalDate | LocalDateTime): Weekday {
  return weekday.options[local.dayOfWeek().value() - 1] as Weekday
}

/** Saturday or Sunday; for bank holidays see platform/calendar. */
export function isWeekend(day: LocalDate): boolean {
  return day.dayOfWeek() === DayOfWeek.SATURDAY || day.dayOfWeek() === DayOfWeek.SUNDAY
}

/** Whether the clock changes on a day, so that it has 46 or 50 half-hours. */
export const isClockChangeDay = rememberedByDay((day): boolean => periodCount(day, 'PT30M') !== 48)
