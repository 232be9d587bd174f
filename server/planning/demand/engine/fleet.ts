import { ratingSeasonOf } from '../../../grid/index.ts'
import { localDateOf } from './local-time.ts'
import { type ChargingEvent, hourMs } from './model.ts'

/** A journey of a vehicle with an engine, as its telematics have it. */
export interface FleetTrip {
  vehicle: string
  routeType: string
  startMs: number
  endMs: number
  km: number
  /** Where the vehicle stands afterwards: only at a depot and at a home can it charge. */
  endsAt: 'depot' | 'home' | 'other'
}

/** The electric vehicle that takes the place of each, and where it charges. All of it is the caller's. */
export interface FleetTerms {
  usableKwh: number
  kwhPerKm: number
  /** Energy of winter to that of summer: heating, cold batteries. */
  winterFactor: number
  depotKw: number
  homeKw: number
  /** A shorter stop is not used. */
  leastStopMinutes: number
  chargerEfficiency: number
}

/** A day's work by route type and season. */
export interface RouteFigures {
  routeType: string
  season: 'winter' | 'summer'
  vehicleDays: number
  kmPerDay: number
  kwhPerDay: number
  longestDayKm: number
  /** Days whose journeys one battery does not cover. */
  daysBeyondRange: number
}

/** What a fleet would charge, were it electric. kWh driven = charged + unmet + missing at the end. */
export interface FleetEstimate {
  events: Pick<ChargingEvent, 'area' | 'startMs' | 'kw' | 'kwh'>[]
  routes: RouteFigures[]
  drivenKwh: number
  /** Driven on an empty battery: what an electric vehicle would not have done. */
  unmetKwh: number
  missingKwh: number
}

/**
 * The charging of a fleet from its present telematics (report section 5.2.3): each journey takes the energy of its length and season; at a stop
 * at a depot or a home that is long enough, the vehicle charges at once and as far as time allows. Every vehicle begins full.
 */
export function estimateFleet(trips: readonly FleetTrip[], terms: FleetTerms): FleetEstimate {
  const found: FleetEstimate = { events: [], routes: routesOf(trips, terms), drivenKwh: 0, unmetKwh: 0, missingKwh: 0 }
  for (const own of Map.groupBy(trips, ({ vehicle }) => vehicle).values()) {
    const sorted = own.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
    let storedKwh = terms.usableKwh
    for (const [i, trip] of sorted.entries()) {
      const kwh = kwhOf(trip, terms)
      found.drivenKwh += kwh
      found.unmetKwh += Math.max(0, kwh - storedKwh)
      storedKwh = Math.max(0, storedKwh - kwh)
      const event = chargeAfter(trip, sorted[i + 1], terms.usableKwh - storedKwh, terms)
      if (!event) continue
      found.events.push(event)
      storedKwh += event.kwh
    }
    found.missingKwh += terms.usableKwh - storedKwh
  }
  return found
}

/** The longest that a vehicle without a further journey is taken to charge, h. */
const openEndedH = 24

function chargeAfter(
  { endsAt, endMs }: FleetTrip,
  next: FleetTrip | undefined,
  missingKwh: number,
  { depotKw, homeKw, leastStopMinutes }: FleetTerms,
): FleetEstimate['events'][number] | null {
  const hours = next ? (next.startMs - endMs) / hourMs : openEndedH
  if (endsAt === 'other' || missingKwh <= 0 || hours <= 0 || hours * 60 < leastStopMinutes) return null
  const kw = endsAt === 'depot' ? depotKw : homeKw
  return { area: endsAt, startMs: endMs, kw, kwh: Math.min(missingKwh, kw * hours) }
}

function seasonOf({ startMs }: FleetTrip): 'winter' | 'summer' {
  return ratingSeasonOf(localDateOf(startMs).toString().slice(5))
}

function kwhOf(trip: FleetTrip, { kwhPerKm, winterFactor }: FleetTerms): number {
  return trip.km * kwhPerKm * (seasonOf(trip) === 'winter' ? winterFactor : 1)
}

function routesOf(trips: readonly FleetTrip[], terms: FleetTerms): RouteFigures[] {
  const groups = Map.groupBy(trips, (trip) => `${trip.routeType} ${seasonOf(trip)}`)
  const found = [...groups.values()].map((own): RouteFigures => {
    const days = [...Map.groupBy(own, (trip) => `${trip.vehicle} ${localDateOf(trip.startMs)}`).values()]
    const sum = (all: readonly FleetTrip[], of: (trip: FleetTrip) => number) =>
      all.reduce((total, each) => total + of(each), 0)
    const [first] = own as [FleetTrip, ...FleetTrip[]]
    return {
      routeType: first.routeType,
      season: seasonOf(first),
      vehicleDays: days.length,
      kmPerDay: sum(own, ({ km }) => km) / days.length,
      kwhPerDay: sum(own, (trip) => kwhOf(trip, terms)) / days.length,
      longestDayKm: days.reduce(
        (most, day) =>
          Math.max(
            most,
            sum(day, ({ km }) => km),
          ),
        0,
      ),
      daysBeyondRange: days.filter((day) => sum(day, (trip) => kwhOf(trip, terms)) > terms.usableKwh).length,
    }
  })
  return found.sort((a, b) =>
    a.routeType < b.routeType ? -1 : a.routeType > b.routeType ? 1 : a.season < b.season ? 1 : -1,
  )
}

/** How far an estimate is from what a depot was measured to draw, over the half-hours that are known. */
export interface EstimateError {
  halfHours: number
  estimatedKwh: number
  measuredKwh: number
  /** Mean of |estimated − measured|, W. */
  maeW: number
}

/** Sets estimated half-hours, Wh, against measured means, W, by start of the half-hour; `null` if no measured one lies in the span of the trips. */
export function errorAgainst(
  estimatedWh: ReadonlyMap<number, number>,
  measuredW: ReadonlyMap<number, number>,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): EstimateError | null {
  const found = { halfHours: 0, estimatedKwh: 0, measuredKwh: 0, maeW: 0 }
  for (const [ms, watts] of measuredW) {
    if (ms < fromMs || ms >= toMs) continue
    const wh = estimatedWh.get(ms) ?? 0
    found.halfHours++
    found.estimatedKwh += wh / 1_000
    found.measuredKwh += watts / 2_000
    found.maeW += Math.abs(wh * 2 - watts)
  }
  return found.halfHours === 0 ? null : { ...found, maeW: found.maeW / found.halfHours }
}
