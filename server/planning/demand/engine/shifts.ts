import { hourMs, type Trip } from './model.ts'

/** The trips of a vehicle from a log-on to a log-off, in order of time. */
export interface Shift {
  vehicle: string
  trips: readonly [Trip, ...Trip[]]
}

/** A vehicle's shifts: a gap of more than `gapH` hours ends one (report section 4.2). @param trips of one vehicle, in order of time. */
export function shiftsOf(trips: readonly Trip[], gapH: number): Shift[] {
  const shifts: { vehicle: string; trips: [Trip, ...Trip[]] }[] = []
  let untilMs = Number.NEGATIVE_INFINITY
  for (const trip of trips) {
    const current = shifts.at(-1)
    if (current && trip.startMs - untilMs <= gapH * hourMs) current.trips.push(trip)
    else shifts.push({ vehicle: trip.vehicle, trips: [trip] })
    untilMs = Math.max(untilMs, trip.endMs)
  }
  return shifts
}

/** Where and when a shift begins and ends. */
export function boundsOf({ trips }: Shift): { startMs: number; endMs: number; logOn: string; logOff: string } {
  const last = trips.at(-1) ?? trips[0]
  return { startMs: trips[0].startMs, endMs: last.endMs, logOn: trips[0].from, logOff: last.to }
}

/** Trips by vehicle, each in order of time. */
export function byVehicle(trips: Iterable<Trip>): Map<string, Trip[]> {
  const found = new Map<string, Trip[]>()
  for (const trip of trips) {
    const own = found.get(trip.vehicle)
    if (own) own.push(trip)
    else found.set(trip.vehicle, [trip])
  }
  for (const own of found.values()) own.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
  return found
}
