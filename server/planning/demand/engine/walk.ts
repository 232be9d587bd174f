import { type ChargingEvent, type EvSpecification, hourMs } from './model.ts'
import { stopOnShift } from './on-shift.ts'
import { boundsOf, type Shift } from './shifts.ts'
import type { Walker } from './walker.ts'

/** What the walk through a vehicle's shifts finds, kWh. Stored at first + charged + unmet = driven + stored at last. */
export interface Walk {
  events: ChargingEvent[]
  shifts: number
  /** Shifts with at least one charge in them: their share is the calibration figure (report section 7: 15 to 20 %). */
  shiftsWithCharge: number
  /** Shifts in which the battery would have been empty: too long for the vehicle, or a charge that nobody saw. */
  shiftsTooLong: number
  startKwh: number
  endKwh: number
  drivenKwh: number
  /** What was driven on an empty battery. */
  unmetKwh: number
}

/**
 * Walks a vehicle through its shifts: trips take from the battery; in a gap the driver charges if that is worthwhile; between shifts it goes
 * home the shortest way and charges there, or at a public charge point near it, towards the share at which its first shift began (report
 * section 4.2). What time does not allow to be charged is missing in the next shift.
 */
export function walk(shifts: readonly Shift[], walker: Walker): Walk {
  const { vehicle, parameters } = walker
  const startKwh = vehicle.usableKwh * parameters.targetShare
  const found: Walk = {
    events: [],
    shifts: shifts.length,
    shiftsWithCharge: 0,
    shiftsTooLong: 0,
    startKwh,
    endKwh: startKwh,
    drivenKwh: 0,
    unmetKwh: 0,
  }
  for (const [i, shift] of shifts.entries()) {
    const unmetKwh = found.unmetKwh
    const events = found.events.length
    driveShift(found, shift, walker)
    if (found.events.length > events) found.shiftsWithCharge++
    chargeOffShift(found, shift, shifts[i + 1], walker)
    if (found.unmetKwh > unmetKwh) found.shiftsTooLong++
  }
  return found
}

/** Takes what a way needs from the battery; what is not in it is unmet. */
function drive(found: Walk, km: number, { kwhPerKm }: EvSpecification): void {
  const kwh = km * kwhPerKm
  found.drivenKwh += kwh
  found.unmetKwh += Math.max(0, kwh - found.endKwh)
  found.endKwh = Math.max(0, found.endKwh - kwh)
}

function driveShift(found: Walk, { trips }: Shift, walker: Walker): void {
  for (const [i, trip] of trips.entries()) {
    drive(found, trip.km, walker.vehicle)
    const next = trips[i + 1]
    const stop = next && stopOnShift(trip, next, found.endKwh, walker)
    if (!stop) continue
    drive(found, stop.kmThere, walker.vehicle)
    found.events.push(stop.event)
    found.endKwh += stop.event.kwh
    drive(found, stop.kmBack, walker.vehicle)
  }
}

/** The longest that a vehicle without a further shift is taken to charge, h. */
const openEndedH = 24

function chargeOffShift(found: Walk, shift: Shift, next: Shift | undefined, walker: Walker): void {
  const { vehicle, roads, parameters } = walker
  const { endMs, logOff } = boundsOf(shift)
  const spot = spotAfter(endMs, logOff, walker)
  const msFor = (km: number) => (km / parameters.speedKmH) * hourMs
  const kmThere = roads.kmBetween(logOff, spot.area) ?? 0
  const kmBack = next ? (roads.kmBetween(spot.area, next.trips[0].from) ?? 0) : 0
  drive(found, kmThere, vehicle)
  const startMs = endMs + msFor(kmThere)
  const untilMs = next ? next.trips[0].startMs - msFor(kmBack) : startMs + openEndedH * hourMs
  const missingKwh = Math.max(0, vehicle.usableKwh * parameters.targetShare - found.endKwh)
  const kwh = Math.min(missingKwh, (spot.kw * Math.max(0, untilMs - startMs)) / hourMs)
  if (kwh > 0) {
    found.events.push({
      vehicle: shift.vehicle,
      startMs,
      kw: spot.kw,
      kwh,
      area: spot.demandArea ?? spot.area,
      place: spot.place,
    })
    found.endKwh += kwh
  }
  drive(found, kmBack, vehicle)
}

function spotAfter(
  endMs: number,
  logOff: string,
  { homeAt, vehicle, roads, parameters }: Walker,
): Pick<ChargingEvent, 'area' | 'kw' | 'place'> & { demandArea?: string } {
  const home = homeAt(endMs)
  const area = home.area ?? logOff
  if (home.area !== null && home.hasDrive)
    return { area, kw: Math.min(parameters.homeKw, vehicle.acKw || parameters.homeKw), place: 'home' }
  const near = roads.nearestChargePoint(area)
  if (!near || near.km > parameters.detourKm) {
    const kw = Math.min(parameters.publicKw, vehicle.acKw || parameters.publicKw)
    return { area, kw, place: 'public-near-home' }
  }
  const { point } = near
  const kw = Math.min(point.kw, point.isDc ? vehicle.dcKw : vehicle.acKw)
  return {
    area: point.area,
    kw: kw || Math.min(parameters.publicKw, vehicle.acKw),
    place: 'public-near-home',
    ...(point.demandArea !== undefined && { demandArea: point.demandArea }),
  }
}
