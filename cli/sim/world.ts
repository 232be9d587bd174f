import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instant } from '@js-joda/core'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { openDatabase } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { replaceSigningKeys } from '../../platform/oauth/index.ts'
import { createSecretBox, loadSecretKeys } from '../../platform/secrets/index.ts'
import type { RunningServer } from '../../server/app/index.ts'
import { DatabaseWire } from './database-wire.ts'
import { fsps, type Process, processes } from './faults.ts'
import type { Way } from './fuse.ts'
import { GatewayMachine } from './gateway-machine.ts'
import { Monitors } from './monitors.ts'
import { ProcessClock } from './process-clock.ts'
import { keyFileOf, type ProcessOptions, startDno, startFsp } from './processes.ts'
import type { Wires } from './wires.ts'

/** The databases of a world: the server's, and one for each FSP. */
export interface WorldDatabases {
  readonly server: string
  readonly fsps: readonly string[]
}

export interface WorldOptions {
  readonly databases: WorldDatabases
  readonly wires: Wires
  /** Where the processes keep their keys, and the gateway what it has not delivered. */
  readonly folder: string
  readonly start: Instant
  /** Whether there are hubs and a gateway. */
  readonly hasField: boolean
  /** How many servers the DNO has. */
  readonly servers: 1 | 2
  readonly log: Log
}

type DnoProcess = Extract<Process, `dno${string}`>

/** A process that can be killed and started again: its clock, its way to what it works with, and itself while it is up. */
interface Slot {
  readonly clock: ProcessClock
  readonly way: Way
  running: { close(): Promise<void> } | null
}

/** The DNO's servers, two FSPs and a gateway with its hubs at work in one virtual time; each process can be killed. */
export class World {
  readonly clock: SimulatedClock
  /** What periodic tasks failed with, which a real process writes to its log. */
  readonly taskErrors: { at: Instant; task: string; error: unknown }[] = []
  readonly #options: WorldOptions
  readonly #slots = new Map<Process, Slot>()
  readonly #burials: Promise<void>[] = []
  /** Servers of the DNO that are up, and answer. */
  readonly #servers = new Map<DnoProcess, RunningServer>()
  #field: { readonly monitors: Monitors; readonly machine: GatewayMachine } | null = null

  private constructor(options: WorldOptions) {
    this.#options = options
    this.clock = new SimulatedClock(options.start, (task, error) => {
      this.taskErrors.push({ at: this.clock.now(), task, error })
    })
  }

  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options)
    try {
      if (options.hasField) await world.#openField()
      for (const place of processes) {
        const isThere = place === 'gateway' ? options.hasField : place !== 'dno-2' || options.servers === 2
        if (isThere) await world.start(place)
      }
      return world
    } catch (error) {
      await world.close()
      throw error
    }
  }

  /** A server; throws while none is up. */
  get server(): RunningServer {
    const [server] = this.#servers.values()
    if (!server) throw new Error('no server is up')
    return server
  }

  /** The servers that are up. */
  get serversUp(): readonly DnoProcess[] {
    return [...this.#servers.keys()]
  }

  /** Does something while all that goes to the DNO goes to one of its servers. */
  async throughServer<T>(place: DnoProcess, work: () => Promise<T>): Promise<T> {
    this.#aim([place])
    try {
      return await work()
    } finally {
      this.#aim(this.serversUp)
    }
  }

  /** The hubs; throws in a world without any. */
  get monitors(): Monitors {
    return this.#theField().monitors
  }

  isUp(place: Process): boolean {
    return this.#slots.has(place)
  }

  /** The clock of a process that is up. */
  clockOf(place: Process): ProcessClock {
    return this.#slot(place).clock
  }

  /** The way of a process that is up to its database; of the gateway, to the server and the hubs. */
  wayOf(place: Process): Way {
    return this.#slot(place).way
  }

  async start(place: Process): Promise<void> {
    const starts: Record<Process, () => Promise<void>> = {
      dno: () => this.#startServer('dno'),
      'dno-2': () => this.#startServer('dno-2'),
      'fsp-1': () => this.#startFsp('fsp-1', 0),
      'fsp-2': () => this.#startFsp('fsp-2', 1),
      gateway: () => this.#startGateway(),
    }
    await starts[place]()
  }

  /**
   * A process as if killed: nothing that it had begun goes on, nobody reaches it, and its database or its disk has what it had got. `bury` puts
   * it away.
   */
  kill(place: Process): void {
    const { clock, way } = this.#slot(place)
    clock.end()
    way.shut()
    if (place === 'gateway') this.#theField().machine.leave()
    this.#hide(place)
  }

  /** Puts away what a process that was killed has left in this process, while the world goes on. */
  bury(place: Process): void {
    const { way, running } = this.#taken(place)
    // It has no database any more: what it fails to put away there, nobody would have put away.
    const gone = running?.close().catch(() => undefined) ?? Promise.resolve()
    this.#burials.push(gone.then(() => way.close()))
  }

  /** Ends a process as an operator does. */
  async stop(place: Process): Promise<void> {
    const { clock, way, running } = this.#taken(place)
    clock.end()
    await running?.close()
    await way.close()
  }

  /** Replaces the keys that sign a party's tokens, from outside of its processes. Returns how many are gone. */
  async rotateKeys(place: Process): Promise<number> {
    const { databases, folder } = this.#options
    const n = placeAmongFsps(place)
    const [url, keyFile] =
      n === -1 ? [databases.server, keyFileOf(folder, 'server')] : [databases.fsps[n] ?? '', keyFileOf(folder, n)]
    const database = await openDatabase(url, { poolSize: 1 })
    try {
      const keys = await loadSecretKeys(keyFile, () => undefined)
      return await replaceSigningKeys(database.db, createSecretBox(...keys), this.clock.now())
    } finally {
      await database.close()
    }
  }

  async close(): Promise<void> {
    for (const place of processes.toReversed()) if (this.#slots.has(place)) await this.stop(place)
    await Promise.all(this.#burials)
    await this.#field?.monitors.close()
  }

  async #openField(): Promise<void> {
    const { wires, folder } = this.#options
    const monitors = await Monitors.open(wires.hubs, this.clock)
    this.#field = { monitors, machine: new GatewayMachine(await mkdtemp(join(folder, 'gateway-'))) }
  }

  async #startServer(place: DnoProcess): Promise<void> {
    this.#servers.set(place, await this.#startOn(place, this.#options.databases.server, startDno))
    this.#aim(this.serversUp)
  }

  /** What goes to the DNO goes to these of its servers in turn. */
  #aim(places: readonly DnoProcess[]): void {
    const { dno, gateway } = this.#options.wires
    const urls = places.flatMap((place) => this.#servers.get(place)?.url ?? [])
    for (const wire of [dno, gateway]) wire.targets = urls.map((url) => Number(new URL(url).port))
  }

  async #startFsp(place: Process, n: number): Promise<void> {
    const { databases, wires } = this.#options
    const [url, wire] = [databases.fsps[n], wires.fsps[n]]
    if (url === undefined || !wire) throw new Error(`there is no FSP ${n}`)
    const fsp = await this.#startOn(place, url, (options) => startFsp(n, options))
    wire.targets = [Number(new URL(fsp.url).port)]
  }

  /** Starts a process that has a database. */
  async #startOn<Running extends Slot['running']>(
    place: Process,
    url: string,
    start: (options: ProcessOptions) => Promise<Running>,
  ): Promise<Running> {
    const { wires, folder, log } = this.#options
    const [clock, way] = [new ProcessClock(this.clock), await DatabaseWire.open(url)]
    return this.#settle(place, { clock, way }, () => start({ wires, folder, databaseUrl: way.urlOf(url), clock, log }))
  }

  async #startGateway(): Promise<void> {
    // One that was killed has to be put away first: the hubs could not tell the two apart.
    await Promise.all(this.#burials)
    const { wires, log } = this.#options
    const given = { world: this.clock, server: wires.gateway, hubs: wires.hubs, log: log.child({ process: 'gateway' }) }
    const { clock, way, run } = await this.#theField().machine.start(given)
    await this.#settle('gateway', { clock, way }, run)
  }

  /** Gives a process its place before it starts, so that one that fails to start is put away like any other. */
  async #settle<Running extends Slot['running']>(
    place: Process,
    parts: Omit<Slot, 'running'>,
    run: () => Promise<Running>,
  ): Promise<Running> {
    const slot: Slot = { ...parts, running: null }
    this.#slots.set(place, slot)
    const running = await run()
    slot.running = running
    return running
  }

  /** A process that is taken out of the world. */
  #taken(place: Process): Slot {
    const slot = this.#slot(place)
    this.#slots.delete(place)
    this.#hide(place)
    return slot
  }

  /** Nobody reaches a process any more. */
  #hide(place: Process): void {
    const fsp = this.#options.wires.fsps[placeAmongFsps(place)]
    if (fsp) fsp.targets = []
    if (this.#servers.delete(place as DnoProcess)) this.#aim(this.serversUp)
  }

  #slot(place: Process): Slot {
    const slot = this.#slots.get(place)
    if (!slot) throw new Error(`${place} is down`)
    return slot
  }

  #theField() {
    if (!this.#field) throw new Error('this world has no hubs')
    return this.#field
  }
}

/** From 0; -1 for who is none. */
function placeAmongFsps(place: Process): number {
  return (fsps as readonly Process[]).indexOf(place)
}
