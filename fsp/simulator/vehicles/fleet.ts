import type { LocalDate } from '@js-joda/core'
import { StartupError } from '../../../platform/errors/index.ts'
import type { DepotSeed, EvTypeSeed } from '../../../schemas/fsp/depots.ts'
import { evTypeOf } from '../../../schemas/fsp/fleet.ts'
import { localMomentOf } from '../common/local-time.ts'
import { randomOf } from '../common/random.ts'
import { idTagOf, type Socket } from './layout.ts'
import type { Traffic, VehicleState } from './traffic.ts'
import { habitsOf, type Trip, tripOf, type VanHabits, whPerMile } from './trips.ts'
import { isContent, type Vehicle } from './vehicle.ts'

/** Local minutes between which staff unplug full vans for vans that wait. */
const swapping = { from: 14 * 60, to: 22 * 60 }
/** If vans share sockets, one below this state of charge plugs in even if it is not its turn. */
const lowShare = 0.5
/** State of charge that a van keeps in reserve on the road; it returns early rather than be stranded. */
const reserveShare = 0.05

interface Van {
  readonly vehicle: Vehicle
  readonly habits: VanHabits
  readonly number: number
  trip: Trip | null
  out: boolean
  socket: Socket | null
  /** Since when it has waited for a socket; `null` if it needs none. */
  waitingSinceMs: number | null
  /** When its last trip ended. */
  odometerMiles: number
}

/** A depot's vans: out by day, back in the afternoon, plugged in if a socket is free; on alternate days if sockets are too few. */
export class FleetTraffic implements Traffic {
  readonly #depot: DepotSeed
  readonly #seed: number
  readonly #vans: Van[]
  #day: LocalDate | null = null

  constructor(depot: DepotSeed, seed: number, evTypes: readonly EvTypeSeed[]) {
    this.#depot = depot
    this.#seed = seed
    this.#vans = Array.from({ length: depot.evs }, (_, i) => newVan(depot.depotId, seed, i + 1, evTypes))
  }

  step(atMs: number, sockets: readonly Socket[]): void {
    const { day, minute } = localMomentOf(atMs)
    if (!this.#day?.equals(day)) this.#plan(day, atMs)
    for (const van of this.#vans) this.#drive(van, atMs, day, sockets.length)
    for (const van of this.#vans) if (van.socket?.closed) this.#unplug(van, atMs)
    const waiting = this.#vans
      .filter((van) => van.waitingSinceMs !== null)
      .sort((a, b) => (a.waitingSinceMs ?? 0) - (b.waitingSinceMs ?? 0) || a.number - b.number)
    if (minute >= swapping.from && minute < swapping.to) this.#makeRoom(waiting.length, sockets)
    for (const van of waiting) plugIn(van, this.#depot.isHomes ? sockets.slice(van.number - 1, van.number) : sockets)
  }

  tookAway(vehicleId: string): void {
    const van = this.#vans.find(({ vehicle }) => vehicle.vehicleId === vehicleId)
    if (van) this.#unplug(van, null)
  }

  vehicles(atMs: number): VehicleState[] {
    return this.#vans.map((van) => {
      const usedWh = van.out && van.trip ? van.trip.usedWh * partOfTrip(van.trip, atMs) : 0
      const { idTag, batteryWh } = van.vehicle
      return {
        idTag,
        socShare: storedAfter(van.vehicle, usedWh) / batteryWh,
        odometerMiles: van.odometerMiles + usedWh / whPerMile,
        isOut: van.out,
        isPluggedIn: van.socket !== null,
      }
    })
  }

  #plan(day: LocalDate, atMs: number): void {
    this.#day = day
    for (const van of this.#vans) {
      if (van.out) continue
      const trip = tripOf(this.#seed, van.vehicle.vehicleId, van.habits, day)
      van.trip = trip && trip.leavesMs >= atMs ? trip : null
    }
  }

  #drive(van: Van, atMs: number, day: LocalDate, sockets: number): void {
    if (!van.trip) return
    if (!van.out && atMs >= van.trip.leavesMs) {
      this.#unplug(van, null)
      van.out = true
    }
    if (!van.out || atMs < van.trip.returnsMs) return
    const { vehicle } = van
    vehicle.storedWh = storedAfter(vehicle, van.trip.usedWh)
    van.odometerMiles += van.trip.usedWh / whPerMile
    van.out = false
    van.trip = null
    const itsTurn = this.#depot.evs <= sockets || (day.toEpochDay() + van.number) % 2 === 0
    if (itsTurn || vehicle.storedWh < lowShare * vehicle.batteryWh) van.waitingSinceMs = atMs
  }

  #unplug(van: Van, waitingSinceMs: number | null): void {
    if (van.socket?.vehicle === van.vehicle) van.socket.vehicle = null
    van.socket = null
    van.waitingSinceMs = waitingSinceMs
  }

  #makeRoom(wanted: number, sockets: readonly Socket[]): void {
    let free = sockets.filter((socket) => !socket.vehicle && !socket.closed).length
    for (const van of this.#vans) {
      if (free >= wanted) return
      if (!van.socket || !isContent(van.vehicle)) continue
      this.#unplug(van, null)
      free++
    }
  }
}

/** What is left in a battery after a use, Wh. */
function storedAfter({ storedWh, batteryWh }: Vehicle, usedWh: number): number {
  return Math.max(reserveShare * batteryWh, storedWh - usedWh)
}

/** How much of a trip is over, from 0 to 1: its energy is used evenly. */
function partOfTrip({ leavesMs, returnsMs }: Trip, atMs: number): number {
  return Math.min(1, Math.max(0, (atMs - leavesMs) / (returnsMs - leavesMs)))
}

/** Miles that vans have done when a simulation begins. */
const firstMiles = { least: 2_000, most: 60_000 }

function newVan(depotId: string, seed: number, number: number, evTypes: readonly EvTypeSeed[]): Van {
  const idTag = idTagOf(depotId, number)
  const type = evTypeOf(evTypes, number)
  if (!type)
    throw new StartupError(`Depot ${depotId} has vehicles, and there is no type of vehicle: add one to the list.`)
  const habits = habitsOf(seed, idTag, type.usableBatteryWh)
  const share = 0.45 + 0.5 * randomOf(seed, 'stored', idTag)()
  const storedWh = Math.round(share * habits.batteryWh)
  const vehicle = {
    vehicleId: idTag,
    idTag,
    batteryWh: habits.batteryWh,
    maxPowerW: type.acPowerW,
    storedWh,
    targetWh: habits.batteryWh,
  }
  const age = randomOf(seed, 'odometer', idTag)()
  const odometerMiles = Math.round(firstMiles.least + age * (firstMiles.most - firstMiles.least))
  return { vehicle, habits, number, trip: null, out: false, socket: null, waitingSinceMs: 0, odometerMiles }
}

/** The driver parks at the first free socket, starting from the van's usual place. */
function plugIn(van: Van, sockets: readonly Socket[]): void {
  for (let i = 0; i < sockets.length; i++) {
    const socket = sockets[(van.number * 7 + i) % sockets.length]
    if (!socket || socket.vehicle || socket.closed) continue
    socket.vehicle = van.vehicle
    van.socket = socket
    van.waitingSinceMs = null
    return
  }
}
