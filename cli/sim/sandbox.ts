import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant, type LocalDate } from '@js-joda/core'
import { fspMigrations } from '../../fsp/app/migrations.ts'
import {
  type Cluster,
  createDatabase,
  dropDatabase,
  migrateDatabase,
  startCluster,
  urlOfDatabase,
} from '../../platform/db/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { dayStart } from '../../schemas/vocabulary/time.ts'
import { serverMigrations } from '../../server/app/migrations.ts'
import { depots, estatesOf } from './area.ts'
import { HttpWire } from './http-wire.ts'
import { prepare } from './prepare.ts'
import { TcpWire } from './tcp-wire.ts'
import type { Wires } from './wires.ts'
import { World, type WorldDatabases } from './world.ts'

/** The hours before the day at which a market is prepared: the gate for baselines and costs closes at 18:00. */
const leadHours = 8

/** A market that has been prepared for a day, as databases to copy. */
interface Template {
  readonly names: readonly string[]
  readonly endMs: number
}

/**
 * One PostgreSQL and one set of addresses for any number of worlds, one after the other. A market is prepared once for each day that is drawn,
 * and every world of that day begins with a copy of its databases.
 */
export class Sandbox {
  readonly wires: Wires
  readonly #cluster: Cluster | null
  readonly #adminUrl: string
  readonly #folders: readonly [string, string]
  readonly #log: Log
  readonly #templates = new Map<string, Template>()
  #made = 0

  private constructor(given: {
    wires: Wires
    cluster: Cluster | null
    adminUrl: string
    folders: readonly [string, string]
    log: Log
  }) {
    this.wires = given.wires
    this.#cluster = given.cluster
    this.#adminUrl = given.adminUrl
    this.#folders = given.folders
    this.#log = given.log
  }

  /** @param adminUrl a PostgreSQL in which databases may be made; without one an embedded one is started. */
  static async open(log: Log, adminUrl?: string): Promise<Sandbox> {
    // PostgreSQL's own user may enter its folder alone, so that it is not inside of ours.
    const [folder, ofDatabase] = [await newFolder(), await newFolder()]
    const cluster = adminUrl === undefined ? await startCluster({ folder: ofDatabase, durable: false }) : null
    const wires = {
      dno: await HttpWire.open(),
      gateway: await HttpWire.open(),
      fsps: await Promise.all(estatesOf.map(() => HttpWire.open())),
      hubs: await Promise.all(depots.map(() => TcpWire.to(null))),
    }
    return new Sandbox({
      wires,
      cluster,
      adminUrl: adminUrl ?? cluster?.url() ?? '',
      folders: [folder, ofDatabase],
      log,
    })
  }

  /** Works in a new world that stands on the evening before a day, and puts it away. */
  async withWorld<T>(
    day: LocalDate,
    servers: 1 | 2,
    work: (world: World, databases: WorldDatabases) => Promise<T>,
  ): Promise<T> {
    const template = await this.#templateOf(day)
    const names = await this.#create(template.names)
    try {
      const databases = this.#databasesOf(names)
      const start = Instant.ofEpochMilli(template.endMs)
      const world = await World.open({ ...this.#optionsOf(databases, start), hasField: true, servers })
      try {
        return await work(world, databases)
      } finally {
        await world.close()
      }
    } finally {
      await this.#drop(names)
    }
  }

  async close(): Promise<void> {
    for (const { names } of this.#templates.values()) await this.#drop(names)
    const { dno, gateway, fsps, hubs } = this.wires
    for (const wire of [dno, gateway, ...fsps, ...hubs]) await wire.close()
    await this.#cluster?.stop()
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true })
  }

  async #templateOf(day: LocalDate): Promise<Template> {
    const known = this.#templates.get(day.toString())
    if (known) return known
    const names = await this.#create([undefined, ...estatesOf.map(() => undefined)])
    const [server = '', ...fsps] = names.map((name) => urlOfDatabase(this.#adminUrl, name))
    await migrateDatabase(server, serverMigrations)
    for (const url of fsps) await migrateDatabase(url, fspMigrations)
    const start = dayStart(day).minusSeconds(leadHours * 3_600)
    const world = await World.open({ ...this.#optionsOf(this.#databasesOf(names), start), hasField: false, servers: 1 })
    try {
      await prepare(world, day, this.wires.hubs)
    } finally {
      await world.close()
    }
    const failed = world.taskErrors[0]
    if (failed) throw new Error(`the market of ${day} could not be prepared: ${failed.task}`, { cause: failed.error })
    const template = { names, endMs: world.clock.now().toEpochMilli() }
    this.#templates.set(day.toString(), template)
    return template
  }

  #optionsOf(databases: WorldDatabases, start: Instant) {
    return { databases, wires: this.wires, folder: this.#folders[0], start, log: this.#log }
  }

  #databasesOf(names: readonly string[]): WorldDatabases {
    const [server = '', ...fsps] = names.map((name) => urlOfDatabase(this.#adminUrl, name))
    return { server, fsps }
  }

  async #create(templates: readonly (string | undefined)[]): Promise<string[]> {
    const names: string[] = []
    for (const template of templates) {
      const name = `ringmain_sim_${process.pid}_${++this.#made}`
      await createDatabase(this.#adminUrl, name, template)
      names.push(name)
    }
    return names
  }

  async #drop(names: readonly string[]): Promise<void> {
    for (const name of names) await dropDatabase(this.#adminUrl, name)
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'ringmain-sim-'))
}
