import { type ChargePoint, type ChargingEvent, hourMs, type Trip } from './model.ts'
import type { Walker } from './walker.ts'

/** A charge between two trips of a shift, and the ways to it and on from it. */
export interface Stop {
  event: ChargingEvent
  kmThere: number
  kmBack: number
}

/**
 * The charge that a driver would make between two trips: only with little in the battery, and only if a charge point is in reach of both
 * that gives enough in the time left (report section 4.2: gaps, locations of charge points, "whether it would have been worthwhile"). Of
 * several, the one that gives most; of equals, the nearest. `null` if none is worthwhile.
 * @param storedKwh at the end of the first trip.
 */
export function stopOnShift(before: Trip, after: Trip, storedKwh: number, walker: Omit<Walker, 'homeAt'>): Stop | null {
  const { vehicle, roads, parameters } = walker
  if (storedKwh >= vehicle.usableKwh * parameters.lookBelowShare) return null
  // A gap without room for the shortest worthwhile charge needs no look at the map.
  if (after.startMs - before.endMs < (parameters.worthwhileMinutes / 60) * hourMs) return null
  let best: Stop | null = null
  for (const { point, km } of roads.chargePointsNear(before.to, parameters.detourKm)) {
    const stop = stopAt(point, km, { before, after, storedKwh }, walker)
    if (stop && (!best || stop.event.kwh > best.event.kwh)) best = stop
  }
  return best
}

interface Gap {
  before: Trip
  after: Trip
  storedKwh: number
}

function stopAt(
  point: ChargePoint,
  kmThere: number,
  { before, after, storedKwh }: Gap,
  { vehicle, roads, parameters }: Omit<Walker, 'homeAt'>,
): Stop | null {
  const { speedKmH, worthwhileMinutes, worthwhileKwh } = parameters
  const kmBack = roads.kmBetween(point.area, after.from) ?? kmThere
  const kw = Math.min(point.kw, point.isDc ? vehicle.dcKw : vehicle.acKw)
  const hours = (after.startMs - before.endMs) / hourMs - (kmThere + kmBack) / speedKmH
  const arrivingKwh = storedKwh - kmThere * vehicle.kwhPerKm
  if (kw <= 0 || arrivingKwh <= 0 || hours * 60 < worthwhileMinutes) return null
  const kwh = Math.min(kw * hours, vehicle.usableKwh * parameters.targetShare - arrivingKwh)
  if (kwh < worthwhileKwh || (kwh / kw) * 60 < worthwhileMinutes) return null
  const startMs = before.endMs + (kmThere / speedKmH) * hourMs
  return {
    event: { vehicle: before.vehicle, startMs, kw, kwh, area: point.demandArea ?? point.area, place: 'on-shift' },
    kmThere,
    kmBack,
  }
}
