import { chargeSoonest, type ImpossibleTrip, type SoonestWeek } from './soonest.ts'
import { type ChargePoints, leastShare, siteStays, type VehicleGroup, type VehicleWeek, vehicleWeeks } from './week.ts'

/** Weeks that follow each other: where the level of the end is not that of the start after so many, the difference is reported. */
const mostRounds = 20

/** The unmanaged week of a fleet, as it follows a week that was the same. */
export interface SteadyWeek {
  weeks: SoonestWeek[]
  impossible: ImpossibleTrip[]
  /** Vehicles that begin the week under 80 %, because there is no time to charge to it before it ends. */
  lowered: string[]
  /** What vehicles have less at the end of the week than at its start, kWh. */
  missingAtEndKwh: number
}

/**
 * Weeks start and end at 80 %. A vehicle that is back too late on Sunday to reach it begins with what it reaches, as it would in any
 * week but the first: so its journey stays possible, and no week ends with less than it began with, which would make it look cheaper
 * than it is.
 */
export function steadyWeeks(groups: readonly VehicleGroup[], chargePoints: readonly ChargePoints[]): SteadyWeek {
  let vehicles: VehicleWeek[] = groups.flatMap(vehicleWeeks)
  const lowered = new Set<string>()
  for (let round = 1; ; round++) {
    const { weeks, impossible } = chargeSoonest(vehicles, chargePoints)
    const short = weeks.filter(lackKwh)
    const missingAtEndKwh = weeks.reduce((sum, week) => sum + lossKwh(week), 0)
    const canFall = short.some(({ vehicle }) => vehicle.startKwh > leastShare * vehicle.group.usableKwh + 1e-6)
    if (!canFall || round === mostRounds) return { weeks, impossible, lowered: [...lowered], missingAtEndKwh }
    vehicles = weeks.map((week) => {
      if (lackKwh(week) === 0) return week.vehicle
      lowered.add(week.vehicle.key)
      return withLess(week.vehicle, lackKwh(week))
    })
  }
}

/** What a vehicle has less when the next week begins than when this one did, kWh. */
function lossKwh({ vehicle, endKwh, tripKwh }: SoonestWeek): number {
  const beyondKwh = vehicle.trips.length === siteStays(vehicle).length ? (tripKwh.at(-1) ?? 0) : 0
  return Math.max(0, vehicle.startKwh - (endKwh - beyondKwh))
}

/** What the end of a week lacks of what it should have, kWh. */
function lackKwh({ vehicle, endKwh }: SoonestWeek): number {
  const kwh = vehicle.endKwh - endKwh
  return kwh > 1e-6 ? kwh : 0
}

function withLess(vehicle: VehicleWeek, kwh: number): VehicleWeek {
  const startKwh = Math.max(leastShare * vehicle.group.usableKwh, vehicle.startKwh - kwh)
  return { ...vehicle, startKwh, endKwh: vehicle.endKwh - (vehicle.startKwh - startKwh) }
}
