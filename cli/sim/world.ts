import { join } from 'node:path'
import type { Instant } from '@js-joda/core'
import { type RunningHomesFsp, startHomesFsp } from '../../fsp/index.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { readPeople } from '../../seeds/index.ts'
import { type RunningServer, startServer } from '../../server/app/index.ts'
import { estatesOf } from './area.ts'
import { DatabaseWire } from './database-wire.ts'
import type { Place } from './faults.ts'
import type { HttpWire } from './http-wire.ts'
import { ProcessClock } from './process-clock.ts'

/** The databases of a world: the server's, and one for each FSP. */
export interface WorldDatabases {
  readonly server: string
  readonly fsps: readonly string[]
}

/** The ways to the processes, which last longer than any of them: addresses are in the databases. */
export interface Wires {
  readonly dno: HttpWire
  readonly fsps: readonly HttpWire[]
}

export interface WorldOptions {
  readonly databases: WorldDatabases
  readonly wires: Wires
  /** Where the processes keep their keys. */
  readonly folder: string
  readonly start: Instant
  readonly log: Log
}

const host = '127.0.0.1'
/** The homes' needs are the same in every world: what differs is what goes wrong. */
const needSeed = 1

/** A process that can be killed and started again: its clock, its way to its database, and itself while it is up. */
interface Slot<Running> {
  clock: ProcessClock
  database: DatabaseWire
  running: Running | null
}

/** The DNO's server and two FSPs at work in one virtual time, each of which can be killed. */
export class World {
  readonly clock: SimulatedClock
  /** What periodic tasks failed with, which a real process writes to its log. */
  readonly taskErrors: { at: Instant; task: string; error: unknown }[] = []
  readonly #options: WorldOptions
  #server: Slot<RunningServer> | null = null
  readonly #burials: Promise<void>[] = []
  readonly #fsps: (Slot<RunningHomesFsp> | null)[] = []

  private constructor(options: WorldOptions) {
    this.#options = options
    this.clock = new SimulatedClock(options.start, (task, error) => {
      this.taskErrors.push({ at: this.clock.now(), task, error })
    })
  }

  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options)
    try {
      for (const place of ['dno', 'fsp-1', 'fsp-2'] as const) await world.start(place)
      return world
    } catch (error) {
      await world.close()
      throw error
    }
  }

  /** The server; throws while it is down. */
  get server(): RunningServer {
    const running = this.#server?.running
    if (!running) throw new Error('the server is down')
    return running
  }

  get isServerUp(): boolean {
    return this.#server?.running != null
  }

  get serverClock(): ProcessClock {
    return this.#slot('dno').clock
  }

  /** The way of a process that is up to its database. */
  database(place: Place): DatabaseWire {
    return this.#slot(place).database
  }

  async start(place: Place): Promise<void> {
    await (place === 'dno' ? this.#startServer() : this.#startFsp(indexOf(place)))
  }

  /** A process as if killed: nothing that it had begun goes on, nobody reaches it, and its database has what it had got. `bury` puts it away. */
  kill(place: Place): void {
    const { clock, database } = this.#slot(place)
    clock.end()
    database.shut()
    this.#wireOf(place).target = null
  }

  /** Puts away what a process that was killed has left in this process, while the world goes on. */
  bury(place: Place): void {
    const { database, running } = this.#taken(place)
    // It has no database any more: what it fails to put away there, nobody would have put away.
    const gone = running?.close().catch(() => undefined) ?? Promise.resolve()
    this.#burials.push(gone.then(() => database.close()))
  }

  /** Ends a process as an operator does. */
  async stop(place: Place): Promise<void> {
    const { clock, database, running } = this.#taken(place)
    clock.end()
    await running?.close()
    await database.close()
  }

  async #startServer(): Promise<void> {
    const { databases, wires, folder, log } = this.#options
    const [clock, database] = [new ProcessClock(this.clock), await DatabaseWire.open(databases.server)]
    this.#server = { clock, database, running: null }
    const running = await startServer({
      databaseUrl: database.urlOf(databases.server),
      host,
      port: 0,
      publicUrl: wires.dno.url,
      role: 'both',
      environment: 'demo',
      demoAccounts: await readPeople(),
      secretKeyFile: join(folder, 'server.key'),
      clock,
      log: log.child({ process: 'server' }),
    })
    this.#server.running = running
    wires.dno.target = Number(new URL(running.url).port)
  }

  async #startFsp(n: number): Promise<void> {
    const { databases, wires, folder, log } = this.#options
    const [url, wire, estates] = [databases.fsps[n], wires.fsps[n], estatesOf[n]]
    if (url === undefined || !wire || !estates) throw new Error(`there is no FSP ${n}`)
    const [clock, database] = [new ProcessClock(this.clock), await DatabaseWire.open(url)]
    const slot: Slot<RunningHomesFsp> = { clock, database, running: null }
    this.#fsps[n] = slot
    slot.running = await startHomesFsp({
      databaseUrl: database.urlOf(url),
      environment: 'demo',
      host,
      port: 0,
      publicUrl: wire.url,
      dnoUrl: wires.dno.url,
      estates,
      seed: needSeed,
      secretKeyFile: join(folder, `fsp-${n}.key`),
      clock,
      log: log.child({ process: `fsp ${n + 1}` }),
    })
    wire.target = Number(new URL(slot.running.url).port)
  }

  async close(): Promise<void> {
    for (const place of ['fsp-2', 'fsp-1', 'dno'] as const)
      if (place === 'dno' ? this.#server : this.#fsps[indexOf(place)]) await this.stop(place)
    await Promise.all(this.#burials)
  }

  /** A process that is taken out of the world. */
  #taken(place: Place): Slot<{ close(): Promise<void> }> {
    const slot = this.#slot(place)
    if (place === 'dno') this.#server = null
    else this.#fsps[indexOf(place)] = null
    this.#wireOf(place).target = null
    return slot
  }

  #slot(place: Place): Slot<{ close(): Promise<void> }> {
    const slot = place === 'dno' ? this.#server : this.#fsps[indexOf(place)]
    if (!slot) throw new Error(`${place} is down`)
    return slot
  }

  #wireOf(place: Place): HttpWire {
    const { dno, fsps } = this.#options.wires
    const wire = place === 'dno' ? dno : fsps[indexOf(place)]
    if (!wire) throw new Error(`there is no way to ${place}`)
    return wire
  }
}

/** Place of an FSP among the FSPs. */
function indexOf(place: Exclude<Place, 'dno'>): number {
  return place === 'fsp-1' ? 0 : 1
}
