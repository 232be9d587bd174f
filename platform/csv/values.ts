import { LocalDateTime, ZonedDateTime, ZoneId } from '@js-joda/core'
import '@js-joda/timezone'

/** What a cell holds, or what is wrong with it. */
export type Reading<T> = { ok: true; value: T } | { ok: false; message: string }

/** What people write for nothing. Nothing is not 0. */
const nothing = /^(|-+|–|—|na|n\/a|n\.a\.|nil|none|null|#n\/a)$/i

/** Whether a cell says that there is nothing. */
export function isNothing(text: string): boolean {
  return nothing.test(text)
}

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const decimalComma = /^[+-]?\d*,\d+$/
const groupsOfThree = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/

/**
 * A number as files have it: `-.5`, `1e3`, and a decimal comma where no other reading is possible. `12,500` may be 12.5 or 12,500, so it is
 * neither.
 */
export function readNumber(text: string): Reading<number> {
  const shown = `"${text.slice(0, 40)}"`
  if (plainNumber.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? { ok: true, value } : { ok: false, message: `${shown} is too large` }
  }
  if (groupsOfThree.test(text))
    return {
      ok: false,
      message: `${shown} may have a decimal comma or commas between thousands: write it without commas`,
    }
  if (decimalComma.test(text)) return { ok: true, value: Number(text.replace(',', '.')) }
  return { ok: false, message: `${shown} is not a number` }
}

const instantForm = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i

/** Zones that an upload may state for times without offset. */
export type StatedZone = 'UTC' | 'Europe/London'

/**
 * An instant as files have it, in epoch ms: a date that exists, and an offset. Without an offset it counts in the zone that the upload
 * states; where the upload states none, or the clock shows that time twice or never, it is refused.
 */
export function readInstant(text: string, zone?: StatedZone): Reading<number> {
  const shown = `"${text.slice(0, 40)}"`
  const found = instantForm.exec(text)
  if (!found) return { ok: false, message: `${shown} is not an instant such as 2026-01-15T17:00:00Z` }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const millis = Math.floor(Number(`0.${found[7] ?? '0'}`) * 1_000)
  if (!existsInCalendar(year, month, day)) return { ok: false, message: `${shown} is a date that does not exist` }
  if (hour > 23 || minute > 59 || second > 59)
    return { ok: false, message: `${shown} is a time of day that does not exist: a day ends at 00:00 of the next` }
  const offset = found[8]
  const asUtcMs = Date.UTC(year, month - 1, day, hour, minute, second, millis)
  if (offset) return { ok: true, value: asUtcMs - offsetMs(offset) }
  if (zone === 'UTC') return { ok: true, value: asUtcMs }
  if (zone) return inZone(LocalDateTime.of(year, month, day, hour, minute, second, millis * 1_000_000), zone, shown)
  return {
    ok: false,
    message: `${shown} has no offset: write 2026-01-15T17:00:00Z, or state with the upload in which zone its times are`,
  }
}

function existsInCalendar(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** `+01:00`, `+0100` and `+01`, in ms. */
function offsetMs(text: string): number {
  if (/^z$/i.test(text)) return 0
  const digits = text.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)
  return (text.startsWith('-') ? -1 : 1) * minutes * 60_000
}

function inZone(local: LocalDateTime, zone: StatedZone, shown: string): Reading<number> {
  const rules = ZoneId.of(zone).rules()
  const offsets = rules.validOffsets(local)
  if (offsets.length === 0) return { ok: false, message: `${shown} is skipped by the clock in ${zone}` }
  if (offsets.length > 1)
    return { ok: false, message: `${shown} comes twice in ${zone}, when the clock goes back: write its offset` }
  return { ok: true, value: ZonedDateTime.of(local, ZoneId.of(zone)).toInstant().toEpochMilli() }
}
