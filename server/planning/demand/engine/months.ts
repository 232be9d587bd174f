import type { TripRunSummary } from '../../../../schemas/planning/demand-summaries.ts'
import { localDateOf } from './local-time.ts'
import type { ChargingEvent, Trip } from './model.ts'

/** A month of trips: how many and how long, and what charging followed. Weather and season show only here (report section 4.2). */
type MonthFigures = TripRunSummary['months'][number]

/** Trips and charges by month of London time, in order. */
export function monthsOf(trips: readonly Trip[], events: readonly ChargingEvent[]): MonthFigures[] {
  const found = new Map<string, MonthFigures & { km: number }>()
  const at = (ms: number) => {
    const month = localDateOf(ms).toString().slice(0, 7)
    const known = found.get(month) ?? { month, trips: 0, meanKm: 0, charges: 0, chargedKwh: 0, km: 0 }
    found.set(month, known)
    return known
  }
  for (const { startMs, km } of trips) {
    const own = at(startMs)
    own.trips++
    own.km += km
  }
  for (const { startMs, kwh } of events) {
    const own = at(startMs)
    own.charges++
    own.chargedKwh += kwh
  }
  return [...found.values()]
    .sort((a, b) => (a.month < b.month ? -1 : 1))
    .map(({ km, ...own }) => ({ ...own, meanKm: own.trips > 0 ? km / own.trips : 0 }))
}
