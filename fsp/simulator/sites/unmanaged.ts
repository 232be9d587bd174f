import { DayOfWeek, type LocalDate } from '@js-joda/core'
import { dayTypeOf } from '../../../platform/calendar/index.ts'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import { dayStart } from '../../../schemas/vocabulary/time.ts'
import { localMomentOf } from '../common/local-time.ts'
import { charge, leastPowerW, powerTakenW } from '../vehicles/vehicle.ts'
import { buildingLoadW } from './building.ts'
import type { Site } from './site.ts'

/**
 * A depot whose charge points are not controlled but which stays within its connection: every vehicle gets what it takes. If that
 * would exceed the headroom, all get an equal share; if the share falls below 6 A, the emptiest are served and the others wait.
 */

/** Time step of an uncontrolled site. */
export const unmanagedStepMs = 5 * 60_000

/** Import limit of the profiled connection by local time, W. */
export function profileLimitW(depot: DepotSeed, atMs: number): number {
  const { day, minute } = localMomentOf(atMs)
  const steps = depot.profile[dayTypeOf(day)]
  const minuteOf = (from: string) => Number(from.slice(0, 2)) * 60 + Number(from.slice(3, 5))
  const step = steps.findLast(({ from }) => minuteOf(from) <= minute)
  return step?.limitW ?? depot.ascKva * 1000 * depot.powerFactor
}

function headroomW(depot: DepotSeed, seed: number, atMs: number): number {
  const capacityW = Math.min(depot.ascKva * 1000 * depot.powerFactor, profileLimitW(depot, atMs))
  return Math.max(0, capacityW - buildingLoadW(depot, seed, atMs) - depot.bufferW)
}

/** Plays a site from one instant to another and returns the energy through its sockets in each step, Wh. */
export function playUnmanaged(site: Site, seed: number, fromMs: number, toMs: number): number[] {
  const energies: number[] = []
  for (let atMs = fromMs; atMs < toMs; atMs += unmanagedStepMs) {
    const hours = Math.min(unmanagedStepMs, toMs - atMs) / 3_600_000
    site.traffic.step(atMs, site.sockets)
    const vehicles = site.sockets
      .flatMap(({ vehicle }) => (vehicle && powerTakenW(vehicle, Number.POSITIVE_INFINITY) > 0 ? [vehicle] : []))
      .sort((a, b) => a.storedWh / a.batteryWh - b.storedWh / b.batteryWh || (a.vehicleId < b.vehicleId ? -1 : 1))
    const wantedW = vehicles.reduce((sum, vehicle) => sum + powerTakenW(vehicle, Number.POSITIVE_INFINITY), 0)
    const allowedW = headroomW(site.depot, seed, atMs)
    const fair = wantedW <= allowedW ? Number.POSITIVE_INFINITY : Math.max(leastPowerW, allowedW / vehicles.length)
    const served = Number.isFinite(fair) ? Math.floor(allowedW / fair + 1e-9) : vehicles.length
    energies.push(vehicles.slice(0, served).reduce((sum, vehicle) => sum + charge(vehicle, fair, hours), 0))
  }
  return energies
}

/** Where a run for `day` starts: midnight of the Monday before last, early enough that the initial state no longer matters. */
export function anchorOf(day: LocalDate): LocalDate {
  return day.minusDays(7 + day.dayOfWeek().value() - DayOfWeek.MONDAY.value())
}

/** Plays a fresh site from its anchor to an instant. */
export function warmUp(site: Site, seed: number, untilMs: number): void {
  const { day } = localMomentOf(untilMs)
  playUnmanaged(site, seed, dayStart(anchorOf(day)).toEpochMilli(), untilMs)
}
