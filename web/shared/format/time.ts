import { pageLanguage } from './language.ts'

// What every screen needs of local time is asked of the browser, so that js-joda (45 kB) is loaded by those alone that reckon in periods.
const zone = { timeZone: 'Europe/London' } as const
const clock = new Intl.DateTimeFormat(pageLanguage, { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const clockSeconds = new Intl.DateTimeFormat(pageLanguage, {
  ...zone,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
// Sweden writes dates as ISO 8601 does.
const localDate = new Intl.DateTimeFormat('sv-SE', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit' })
const zoneName = new Intl.DateTimeFormat(pageLanguage, { ...zone, timeZoneName: 'short' })
const dayName = new Intl.DateTimeFormat(pageLanguage, {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})
const dayAndMonth = new Intl.DateTimeFormat(pageLanguage, { timeZone: 'UTC', day: 'numeric', month: 'short' })
const monthName = new Intl.DateTimeFormat(pageLanguage, { timeZone: 'UTC', month: 'long', year: 'numeric' })

/** `GMT` or `BST`. */
export function zoneOf(ms: number): string {
  return zoneName.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? ''
}

const dayMs = 86_400_000

/** Whether the clock changes on a trading day: its noon and the noon before have different names of the zone. */
function isClockChangeDay(tradingDay: string): boolean {
  const noon = Date.parse(`${tradingDay}T12:00Z`)
  return zoneOf(noon) !== zoneOf(noon - dayMs)
}

/** Local time of day. On a day on which the clock changes the hours before 03:00 say which of the two times they mean. */
export function timeOfDay(at: string | number): string {
  const ms = typeof at === 'number' ? at : Date.parse(at)
  const text = clock.format(ms)
  return text < '03:00' && isClockChangeDay(dayOf(ms)) ? `${text} ${zoneOf(ms)}` : text
}

/** Local time of day to the second. */
export function timeWithSeconds(at: string | number): string {
  return clockSeconds.format(typeof at === 'number' ? at : Date.parse(at))
}

/** UTC, for the hover text of a local time: `2026-01-15 17:00:00 UTC`. */
export function utc(at: string | number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** A trading day in words: `Thu 15 Jan 2026`. */
export function dayInWords(tradingDay: string): string {
  return dayName.format(Date.parse(`${tradingDay}T00:00Z`)).replace(',', '')
}

/** From one day to another, the year said once where it is the same: `2 Feb to 27 Mar 2026`. */
export function daySpanInWords(from: string, to: string): string {
  const sameYear = from.slice(0, 4) === to.slice(0, 4)
  return `${shortDay(from)}${sameYear ? '' : ` ${from.slice(0, 4)}`} to ${shortDay(to)} ${to.slice(0, 4)}`
}

/** A day without its year: `15 Jan`. */
export function shortDay(tradingDay: string): string {
  return dayAndMonth.format(Date.parse(`${tradingDay}T00:00Z`))
}

/** A month in words: `January 2026`. */
export function monthInWords(month: string): string {
  return monthName.format(Date.parse(`${month}-01T00:00Z`))
}

/** `January` to `December`. */
export const monthNames = Array.from({ length: 12 }, (_, i) =>
  new Intl.DateTimeFormat(pageLanguage, { timeZone: 'UTC', month: 'long' }).format(Date.UTC(2024, i, 1)),
)

/** The days of a span on which the clock changes: of 46 or 50 half-hours. */
export function clockChangeDays(from: string, to: string): string[] {
  const days: string[] = []
  // Clocks change on the last Sundays of March and October, so only those months are looked through.
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++)
    for (const month of ['03', '10'])
      for (let day = 25; day <= 31; day++) {
        const date = `${year}-${month}-${day}`
        if (date >= from && date <= to && isClockChangeDay(date)) days.push(date)
      }
  return days
}

/** The trading day that an instant lies in, `YYYY-MM-DD`. */
export function dayOf(at: string | number): string {
  return localDate.format(typeof at === 'number' ? at : Date.parse(at))
}

/**
 * The instant of a local time as a `datetime-local` field gives it: `2026-01-15T17:00`. Of a time that comes twice it is the first; one that
 * is left out counts as GMT.
 */
export function instantOfLocal(local: string): string {
  const ms = Date.parse(`${local}Z`)
  const inSummer = ms - 3_600_000
  return instant(zoneOf(inSummer) === 'BST' ? inSummer : ms)
}

/** An instant without a fraction of a second of nothing: `2026-01-15T17:00:00Z`. */
function instant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

/** The trading day `days` after (or before) another. */
export function addDays(tradingDay: string, days: number): string {
  return new Date(Date.parse(`${tradingDay}T00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** Local day and time: `15 Jan 17:42`; today's times go without their day. */
export function dayAndTime(at: string | number, today?: string): string {
  const day = dayOf(at)
  return day === today ? timeOfDay(at) : `${shortDay(day)} ${timeOfDay(at)}`
}

/** How long: `12 s`, `4 min`, `3 h 05 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000))
  if (s < 90) return `${s}\u00a0s`
  const min = Math.floor(s / 60)
  if (min < 60) return `${min}\u00a0min`
  const h = Math.floor(min / 60)
  if (h < 24) return min % 60 === 0 ? `${h}\u00a0h` : `${h}\u00a0h\u00a0${String(min % 60).padStart(2, '0')}\u00a0min`
  return h % 24 === 0 ? `${Math.floor(h / 24)}\u00a0d` : `${Math.floor(h / 24)}\u00a0d\u00a0${h % 24}\u00a0h`
}
