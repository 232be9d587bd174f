import type { LocalDate } from '@js-joda/core'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import { dayStart } from '../../../schemas/vocabulary/time.ts'
import { localMomentOf } from '../common/local-time.ts'
import { idTagOf, type Socket } from './layout.ts'
import type { SessionRecord } from './sessions.ts'
import type { Traffic } from './traffic.ts'
import type { Vehicle } from './vehicle.ts'

/** Sessions by station and day of the file, built once for all depots. */
export class SessionBook {
  readonly #stations: string[]
  readonly #byDay = new Map<string, SessionRecord[]>()
  readonly #days: LocalDate[]

  constructor(sessions: readonly SessionRecord[]) {
    this.#stations = [...new Set(sessions.map(({ stationId }) => stationId))].sort()
    const days = new Map<number, LocalDate>()
    for (const session of sessions) {
      days.set(session.day.toEpochDay(), session.day)
      const key = `${session.stationId}|${session.day}`
      this.#byDay.set(key, [...(this.#byDay.get(key) ?? []), session])
    }
    this.#days = [...days.values()].sort((a, b) => a.toEpochDay() - b.toEpochDay())
    for (const list of this.#byDay.values()) list.sort((a, b) => a.arrivalMinute - b.arrivalMinute)
  }

  /** Sessions that start on a simulated day at a socket, by the socket's index among all depots' sockets. */
  sessionsOf(day: LocalDate, place: number): readonly SessionRecord[] {
    const station = this.#stations[place % this.#stations.length]
    const round = Math.floor(place / this.#stations.length)
    const same = this.#days.filter((d) => d.dayOfWeek() === day.dayOfWeek())
    const [choice, turn] = same.length > 0 ? [same, weekOf(day) + round] : [this.#days, day.toEpochDay() + round]
    const fileDay = choice[((turn % choice.length) + choice.length) % choice.length]
    return this.#byDay.get(`${station}|${fileDay}`) ?? []
  }
}

/** Weeks from Monday to Sunday, counted from one in 1970 (1 January 1970 was a Thursday). */
function weekOf(day: LocalDate): number {
  return Math.floor((day.toEpochDay() + 3) / 7)
}

interface Stay {
  vehicle: Vehicle
  arrivesMs: number
  leavesMs: number
}

/** Real sessions instead of generated vans. Vehicles at the n-th socket carry the token of the depot's n-th van. */
export class SessionTraffic implements Traffic {
  readonly #depot: DepotSeed
  readonly #book: SessionBook
  readonly #firstPlace: number
  readonly #due = new Map<Socket, Stay[]>()
  readonly #present = new Map<Socket, Stay>()
  #day: LocalDate | null = null

  /** @param firstPlace index of the depot's first socket among all depots' sockets. */
  constructor(depot: DepotSeed, book: SessionBook, firstPlace: number) {
    this.#depot = depot
    this.#book = book
    this.#firstPlace = firstPlace
  }

  step(atMs: number, sockets: readonly Socket[]): void {
    const { day } = localMomentOf(atMs)
    if (!this.#day?.equals(day)) {
      this.#day = day
      for (const socket of sockets)
        this.#due.set(socket, [...(this.#due.get(socket) ?? []), ...this.#staysOf(socket, day)])
    }
    for (const socket of sockets) this.#turn(socket, atMs)
  }

  tookAway(vehicleId: string): void {
    for (const [socket, stay] of this.#present) if (stay.vehicle.vehicleId === vehicleId) this.#present.delete(socket)
  }

  /** Recorded sessions say nothing of a vehicle but its stay. */
  vehicles(): [] {
    return []
  }

  #turn(socket: Socket, atMs: number): void {
    const stay = this.#present.get(socket)
    if (stay && (atMs >= stay.leavesMs || socket.closed)) {
      if (socket.vehicle === stay.vehicle) socket.vehicle = null
      this.#present.delete(socket)
      // A vehicle that had to leave returns when the socket is open again.
      if (atMs < stay.leavesMs) this.#due.get(socket)?.unshift(stay)
    }
    const due = this.#due.get(socket)
    while (due?.[0] && due[0].leavesMs <= atMs) due.shift()
    const next = due?.[0]
    if (!next || next.arrivesMs > atMs || socket.vehicle || socket.closed) return
    due?.shift()
    socket.vehicle = next.vehicle
    this.#present.set(socket, next)
  }

  #staysOf(socket: Socket, day: LocalDate): Stay[] {
    const midnight = dayStart(day).toEpochMilli()
    return this.#book.sessionsOf(day, this.#firstPlace + socket.index).map((session) => ({
      arrivesMs: midnight + session.arrivalMinute * 60_000,
      leavesMs: midnight + session.departureMinute * 60_000,
      vehicle: {
        vehicleId: `${session.sessionId}@${this.#depot.depotId}-${socket.index}`,
        idTag: idTagOf(this.#depot.depotId, socket.index + 1),
        batteryWh: session.batteryWh,
        maxPowerW: session.maxPowerW,
        storedWh: session.storedWh,
        targetWh: session.storedWh + session.requestedWh,
      },
    }))
  }
}
