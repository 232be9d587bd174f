import type { LocalDate } from '@js-joda/core'
import { dayStart } from '../../../../schemas/vocabulary/time.ts'
import { chances, seedFor } from './chance.ts'
import { type Area, hourMs, type Trip } from './model.ts'

/** What trips are made up from. They are labelled synthetic wherever they go: nothing in them was driven. */
export interface SyntheticOrder {
  seed: number
  vehicles: number
  firstDay: LocalDate
  days: number
  areas: readonly Area[]
}

/** Times of day at which shifts begin, h, how long they take, h, and how many drivers keep to them: all day, or the peaks only. */
const habits = [
  { share: 0.45, shifts: [{ from: 8, hours: 9 }] },
  {
    share: 0.3,
    shifts: [
      { from: 6.5, hours: 3.5 },
      { from: 16, hours: 4.5 },
    ],
  },
  { share: 0.25, shifts: [{ from: 17.5, hours: 7.5 }] },
]

/** Five days a week, on average. */
const workingShare = 5 / 7

/**
 * Plausible trips of private-hire drivers in a city: each lives in some area, goes to work by the habit of one of three kinds, drives from
 * rider to rider with pauses, mostly towards the middle of the city, and logs off near home. The same order gives the same trips.
 */
export function syntheticTrips({ seed, vehicles, firstDay, days, areas }: SyntheticOrder): Trip[] {
  const homes = areas.filter((area) => !area.isExcludedAsHome)
  const middle = middleOf(areas)
  const nearMiddle = areas.toSorted((a, b) => kmApart(a, middle) - kmApart(b, middle))
  const trips: Trip[] = []
  for (let v = 0; v < vehicles; v++) {
    const vehicle = `synthetic-${String(v + 1).padStart(5, '0')}`
    const chance = chances(seedFor(seed, vehicle))
    const home = pick(homes, chance())
    const habit = habitOf(chance())
    for (let d = 0; d < days; d++) {
      if (chance() >= workingShare) continue
      const midnight = dayStart(firstDay.plusDays(d)).toEpochMilli()
      for (const { from, hours } of habit.shifts) {
        const startMs = midnight + Math.round((from + chance() - 0.5) * 60) * 60_000
        for (const trip of shiftTrips({ vehicle, home, startMs, hours, nearMiddle, chance })) trips.push(trip)
      }
    }
  }
  return trips
}

interface Outing {
  vehicle: string
  home: Area
  startMs: number
  hours: number
  nearMiddle: readonly Area[]
  chance: () => number
}

function shiftTrips({ vehicle, home, startMs, hours, nearMiddle, chance }: Outing): Trip[] {
  const trips: Trip[] = []
  const endMs = startMs + hours * hourMs
  let [at, place] = [startMs, home]
  while (at < endMs) {
    const isLast = at > endMs - 0.75 * hourMs
    // Squared: areas near the middle are drawn more often.
    const to = isLast ? home : pick(nearMiddle, chance() ** 2)
    const km = Math.round(Math.max(1, kmApart(place, to) * 1.3) * 10) / 10
    const minutes = Math.max(4, Math.round((km / (14 + 12 * chance())) * 60))
    trips.push({ vehicle, startMs: at, endMs: at + minutes * 60_000, from: place.code, to: to.code, km })
    at += (minutes + Math.round(4 + 26 * chance() ** 2 + (chance() < 0.08 ? 45 : 0))) * 60_000
    place = to
    if (isLast) break
  }
  return trips
}

function habitOf(chance: number): (typeof habits)[number] {
  let sum = 0
  for (const habit of habits) {
    sum += habit.share
    if (chance < sum) return habit
  }
  return habits[0] as (typeof habits)[number]
}

function pick<T>(all: readonly T[], chance: number): T {
  const found = all[Math.min(all.length - 1, Math.floor(chance * all.length))]
  if (found === undefined) throw new Error('trips cannot be made up without areas')
  return found
}

function middleOf(areas: readonly Area[]): Pick<Area, 'eastingM' | 'northingM'> {
  const sum = (of: (area: Area) => number) => areas.reduce((total, area) => total + of(area), 0) / areas.length
  return { eastingM: sum((area) => area.eastingM), northingM: sum((area) => area.northingM) }
}

function kmApart(a: Pick<Area, 'eastingM' | 'northingM'>, b: Pick<Area, 'eastingM' | 'northingM'>): number {
  return Math.hypot(a.eastingM - b.eastingM, a.northingM - b.northingM) / 1_000
}
