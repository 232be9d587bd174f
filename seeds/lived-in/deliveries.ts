import type { Instant, LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../platform/calendar/index.ts'
import { clockTimeOf, periodStarts } from '../../schemas/vocabulary/time.ts'
import { chances, seedFor } from '../../server/planning/index.ts'
import { placeOfConnection } from './load-places.ts'
import { syntheticDay } from './load-shapes.ts'
import type { PastSite } from './northbank.ts'

/** Windows of the past contracts by product, local time. */
export const pastWindows = {
  A: { from: '17:00', to: '19:00' },
  C: { from: '14:00', to: '15:00' },
} as const
export type PastProduct = keyof typeof pastWindows

const seed = 31

/** The share of a site's load that its unit meters. */
const meteredShare = 0.8

/** How little a unit's own load varies beside its curve: process loads are steady. */
const steady = { day: 0.03, halfHour: 0.02 }

/** Share of days on which a unit is asked. */
const askedShare = 0.6

/** How much of what it is asked a unit delivers on a usual day, at least and at most. */
const usual = { least: 0.9, most: 1.05 }

/** A day on which a unit falls short, with the share that it delivers: what a dispute is about. */
const shortShare = 0.35
const shortDayOfMonth = { from: 8, to: 14 }

/** Quarter-hours of a day for which a unit was asked for its whole turn-down: none on a day of rest. */
export function askedQuarters({ connectionId, unit }: PastSite, day: LocalDate): Instant[] {
  const window = pastWindows[unit.product as PastProduct]
  const isAsked = chances(seedFor(seed, `${connectionId} asked ${day}`))() < askedShare || isShortDay(day)
  if (!isWorkingDay(day) || !isAsked) return []
  return periodStarts(day, 'PT15M').filter((start) => {
    const time = clockTimeOf(start)
    return window.from <= time && time < window.to
  })
}

/** In the second week of each month there is one, a Tuesday. */
function isShortDay(day: LocalDate): boolean {
  const { from, to } = shortDayOfMonth
  return day.dayOfWeek().value() === 2 && from <= day.dayOfMonth() && day.dayOfMonth() <= to
}

/**
 * What the meter of a unit has for each quarter-hour of a day, Wh: it follows from site and day alone.
 * @param isContracted whether it was asked for turn-downs by then.
 */
export function meteredQuarters(
  site: PastSite,
  day: LocalDate,
  isContracted: boolean,
): { at: Instant; energyWh: number }[] {
  const { meanW } = syntheticDay({ ...placeOfConnection(site, 'premises'), seed, noise: steady }, day)
  const asked = new Set(isContracted ? askedQuarters(site, day).map(String) : [])
  const share = deliveredShare(site, day)
  return periodStarts(day, 'PT15M').map((at, i) => {
    const usualW = (meanW[Math.floor(i / 2)] ?? 0) * meteredShare
    const downW = asked.has(at.toString()) ? site.unit.turnDownW * share : 0
    return { at, energyWh: Math.max(0, Math.round((usualW - downW) / 4)) }
  })
}

function deliveredShare({ connectionId, unit }: PastSite, day: LocalDate): number {
  if (unit.product === 'A' && isShortDay(day)) return shortShare
  return usual.least + (usual.most - usual.least) * chances(seedFor(seed, `${connectionId} delivered ${day}`))()
}
