import { Instant, LocalDate, ZoneId } from '@js-joda/core'
import '@js-joda/timezone'

/** Settlement time is local time in Great Britain (domain section 2). */
export const settlementZone = ZoneId.of('Europe/London')

const dayMs = 86_400_000

/** Most days that are kept; beyond this they are looked up anew. */
const mostDays = 20_000

/** How far local time is ahead of UTC by UTC day, ms; `null` for a day in which that changes. */
const offsets = new Map<number, number | null>()

function offsetAt(atMs: number): number {
  return Instant.ofEpochMilli(atMs).atZone(settlementZone).offset().totalSeconds() * 1_000
}

/**
 * What a local clock would show that counts milliseconds as an epoch does. The rules of the zone are searched for two days a year, and
 * otherwise once a day: settlement and forecasts ask for the local time of millions of quarter-hours.
 */
export function localMsOf(at: Instant): number {
  const atMs = at.toEpochMilli()
  const day = Math.floor(atMs / dayMs)
  let offset = offsets.get(day)
  if (offset === undefined) {
    const [first, last] = [offsetAt(day * dayMs), offsetAt((day + 1) * dayMs)]
    offset = first === last ? first : null
    if (offsets.size >= mostDays) offsets.clear()
    offsets.set(day, offset)
  }
  return atMs + (offset ?? offsetAt(atMs))
}

/** Local days by their number since the epoch. */
const localDays = new Map<number, LocalDate>()

/** The local day that a local clock is in. */
export function localDayOf(localMs: number): LocalDate {
  const number = Math.floor(localMs / dayMs)
  const known = localDays.get(number)
  if (known) return known
  if (localDays.size >= mostDays) localDays.clear()
  const day = LocalDate.ofEpochDay(number)
  localDays.set(number, day)
  return day
}

/** How far a local clock is into its day, ms. */
export function msOfDay(localMs: number): number {
  return localMs - Math.floor(localMs / dayMs) * dayMs
}
