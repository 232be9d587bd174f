import {
  type ChargePoints,
  leastShare,
  mostKw,
  periodH,
  type SiteStay,
  siteStays,
  type VehicleWeek,
  weekPeriods,
} from './week.ts'

/** A journey that its vehicle cannot make, and how much of it it can. */
export interface ImpossibleTrip {
  vehicle: string
  /** The half-hour of the week in which it was to leave. */
  leaves: number
  /** Why: the battery is too small for it, or there is not enough time at a charge point before it. */
  reason: 'battery' | 'time'
  missingKwh: number
  possibleMiles: number
}

/** A vehicle's week as it is when everybody charges as soon as possible. */
export interface SoonestWeek {
  vehicle: VehicleWeek
  /** 1 in the half-hours in which it has a charge point. */
  plugged: Uint8Array
  /** What it draws, kW. */
  powerKw: Float64Array
  /** What each journey takes; less than was planned where that is impossible, kWh. */
  tripKwh: number[]
  /** What is in its battery when it leaves for the last time or at the end of the week, and what that should be at least, kWh. */
  endKwh: number
  /** As much of `vehicle.endKwh` as can be reached. */
  reachedEndKwh: number
}

interface Underway {
  week: SoonestWeek
  stays: SiteStay[]
  stay: number
  kwh: number
  isPlugged: boolean
  /** It had nothing to charge when it was plugged in. */
  isIdle: boolean
  /** What it is charged to in each stay, kWh. */
  targetsKwh: number[]
}

/**
 * Everybody plugs in on return, where a charge point is free, stays plugged in until departure, and charges at once: to full before a journey,
 * to the level of the start after the last one; whoever came with nothing to charge gives way to who has. Nobody charges more than the rest of the week takes, so that a week ends as it began and
 * two plans differ by when they charge, never by how much. Who waits gets the next free charge point by the least time to spare. This is the unmanaged
 * scenario; and because nobody can have more in the battery at any time with the same charge points, a journey that is impossible in it is
 * impossible at all.
 */
export function chargeSoonest(vehicles: readonly VehicleWeek[], chargePoints: readonly ChargePoints[]) {
  const free = new Map(chargePoints.map(({ kind, sockets }) => [kind, sockets]))
  const impossible: ImpossibleTrip[] = []
  const all: Underway[] = vehicles.map((vehicle) => ({
    week: {
      vehicle,
      plugged: new Uint8Array(weekPeriods),
      powerKw: new Float64Array(weekPeriods),
      tripKwh: [],
      endKwh: vehicle.startKwh,
      reachedEndKwh: vehicle.endKwh,
    },
    stays: siteStays(vehicle),
    stay: 0,
    kwh: vehicle.startKwh,
    isPlugged: false,
    isIdle: false,
    targetsKwh: targetsOf(vehicle),
  }))
  for (let t = 0; t < weekPeriods; t++) {
    for (const each of all) if (stayOf(each)?.to === t) depart(each, free, impossible)
    plugIn(all, t, free)
    for (const each of all) if (each.isPlugged) charge(each, t)
  }
  for (const each of all) if (stayOf(each)) close(each)
  return { weeks: all.map(({ week }) => week), impossible }
}

const stayOf = ({ stays, stay }: Underway): SiteStay | undefined => stays[stay]

function depart(each: Underway, free: Map<string, number>, impossible: ImpossibleTrip[]): void {
  const { vehicle } = each.week
  const { group } = vehicle
  const trip = stayOf(each)?.trip
  if (each.isPlugged) free.set(group.chargePoint, (free.get(group.chargePoint) ?? 0) + 1)
  each.isPlugged = false
  if (!trip) return
  if (each.stay === each.stays.length - 1) close(each)
  const possibleKwh = Math.max(0, each.kwh - leastShare * group.usableKwh)
  const energyKwh = Math.min(trip.energyKwh, possibleKwh)
  if (energyKwh < trip.energyKwh - 1e-9)
    impossible.push({
      vehicle: vehicle.key,
      leaves: trip.leaves,
      reason: trip.energyKwh > (1 - leastShare) * group.usableKwh + 1e-9 ? 'battery' : 'time',
      missingKwh: trip.energyKwh - energyKwh,
      possibleMiles: energyKwh / group.kwhPerMile,
    })
  each.week.tripKwh.push(energyKwh)
  each.kwh -= energyKwh
  each.stay++
}

/** Notes what is in the battery at the end of the last stay. */
function close(each: Underway): void {
  each.week.endKwh = each.kwh
  each.week.reachedEndKwh = Math.min(each.week.vehicle.endKwh, each.kwh)
}

function plugIn(all: readonly Underway[], t: number, free: Map<string, number>): void {
  const waiting = all.filter((each) => {
    const stay = stayOf(each)
    return !each.isPlugged && stay !== undefined && stay.from <= t
  })
  const spareH = (each: Underway) => {
    const { group } = each.week.vehicle
    return ((stayOf(each)?.to ?? t) - t) * periodH - (targetKwh(each) - each.kwh) / group.chargeKw
  }
  waiting.sort((a, b) => spareH(a) - spareH(b))
  for (const each of waiting) {
    const kind = each.week.vehicle.group.chargePoint
    const left = free.get(kind) ?? 0
    if (left > 0) free.set(kind, left - 1)
    else if (!(needsKwh(each) && giveWay(all, kind))) continue
    each.isPlugged = true
    each.isIdle = !needsKwh(each)
  }
}

const needsKwh = (each: Underway): boolean => targetKwh(each) > each.kwh + 1e-9

/** Unplugs a vehicle that had nothing to charge when it came. @returns whether there was one. */
function giveWay(all: readonly Underway[], kind: string): boolean {
  const idle = all.find((each) => each.isPlugged && each.isIdle && each.week.vehicle.group.chargePoint === kind)
  if (idle) idle.isPlugged = false
  return idle !== undefined
}

/** Full before a journey, but no more than the journeys that are left take; after the last one, what the week is to end with. */
function targetsOf(vehicle: VehicleWeek): number[] {
  const stays = siteStays(vehicle)
  const targets: number[] = []
  let leftKwh = vehicle.endKwh
  for (let i = stays.length - 1; i >= 0; i--) {
    if (i < stays.length - 1) leftKwh += stays[i]?.trip?.energyKwh ?? 0
    targets[i] = Math.min(vehicle.group.usableKwh, leftKwh)
  }
  return targets
}

const targetKwh = ({ targetsKwh, stay }: Underway): number => targetsKwh[stay] ?? 0

function charge(each: Underway, t: number): void {
  const { plugged, powerKw, vehicle } = each.week
  plugged[t] = 1
  const kwh = Math.max(0, Math.min(mostKw(vehicle.group, each.kwh) * periodH, targetKwh(each) - each.kwh))
  powerKw[t] = kwh / periodH
  each.kwh += kwh
}
