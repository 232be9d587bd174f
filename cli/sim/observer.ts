import { type OpenDatabase, openDatabase } from '../../platform/db/index.ts'
import { verifyChain } from '../../server/access/index.ts'
import type { Mischief } from './mischief.ts'
import type { HandedOver, Observed, SettledTwice, Shown, ShownLimit } from './observed.ts'
import type { People } from './people.ts'
import type { Planners } from './planners.ts'
import { Reader } from './reader.ts'
import { batchesOf, handedOverOf, readingsOf, sendingsOf } from './seen.ts'
import type { World, WorldDatabases } from './world.ts'

/** How long after the day it is settled, ms: by then no meter data are awaited any more. */
const settlingMs = 14 * 3_600_000

/** Gathers what is to be seen of a world: its databases, what went over its wires, and what its people are shown. */
export class Observer {
  readonly #world: World
  readonly #mischief: Mischief
  readonly #people: People
  readonly #planners: Planners
  readonly #reader: Reader
  readonly #database: OpenDatabase
  readonly #sinceMs: number
  readonly contracts: Awaited<ReturnType<Reader['contracts']>>
  #settled: SettledTwice[] = []
  #shown: Shown[] = []
  #handedOver: HandedOver[] = []

  private constructor(given: {
    world: World
    mischief: Mischief
    people: People
    planners: Planners
    reader: Reader
    database: OpenDatabase
    contracts: Awaited<ReturnType<Reader['contracts']>>
  }) {
    this.#world = given.world
    this.#mischief = given.mischief
    this.#people = given.people
    this.#planners = given.planners
    this.#reader = given.reader
    this.#database = given.database
    this.contracts = given.contracts
    this.#sinceMs = given.world.clock.now().toEpochMilli() - 86_400_000
  }

  static async open(
    databases: WorldDatabases,
    given: { world: World; mischief: Mischief; people: People; planners: Planners },
  ): Promise<Observer> {
    const reader = new Reader(databases)
    const database = await openDatabase(databases.server, { poolSize: 1 })
    return new Observer({ ...given, reader, database, contracts: await reader.contracts() })
  }

  async close(): Promise<void> {
    await this.#reader.close()
    await this.#database.close()
  }

  /** What is to be seen now. */
  async observe(): Promise<Observed> {
    // What is acknowledged is read first: what is stored by then is stored for good.
    const acknowledged = this.#mischief.seen('dno').flatMap(readingsOf)
    const delivered = this.#mischief.seen('gateway').flatMap(batchesOf)
    const decisions = [...this.#planners.decisions]
    const { fault } = await verifyChain(this.#database.db, null)
    const limits = await this.#limits()
    const [taken, issued, stored, batches, versions, changes, audited] = [
      await this.#reader.taken(),
      await this.#reader.issued(),
      await this.#reader.stored(this.#sinceMs),
      await this.#reader.batches(this.#sinceMs),
      await this.#reader.versions(),
      await this.#reader.changes(),
      await this.#reader.audited(),
    ]
    return {
      nowMs: this.#world.clock.now().toEpochMilli(),
      contracts: this.contracts,
      taken,
      issued,
      sendings: (['fsp-1', 'fsp-2'] as const).flatMap((place) => this.#mischief.seen(place).flatMap(sendingsOf)),
      acknowledged: acknowledged.filter(({ periodStartMs }) => periodStartMs >= this.#sinceMs),
      stored,
      delivered,
      batches,
      handedOver: this.#handedOver,
      limits,
      versions,
      decisions,
      auditFault: fault?.detail ?? null,
      changes,
      audited,
      settled: this.#settled,
      shown: this.#shown,
    }
  }

  async #limits(): Promise<ShownLimit[]> {
    const world = this.#world
    const shown: ShownLimit[] = []
    for (const place of world.serversUp)
      shown.push(...(await world.throughServer(place, () => this.#planners.look(() => world.clockOf(place).now()))))
    return shown
  }

  /** The end of the day: what is still under way is made good, the month is settled, and the FSPs' people look. */
  async end(): Promise<void> {
    const { clock } = this.#world
    await clock.advanceTo(clock.now().plusSeconds(180))
    clock.jumpTo(clock.now().plusMillis(settlingMs))
    await clock.advanceTo(clock.now().plusSeconds(120))
    this.#handedOver = this.#world.monitors.confirmed.map(handedOverOf)
    this.#settled = await this.#people.settle(this.contracts)
    const owners = new Map(this.contracts.map(({ fuId, fspId }) => [fuId, fspId]))
    for (const [n, fspId] of (await this.#reader.fsps()).entries())
      this.#shown.push(...(await this.#people.look({ n, fspId }, owners)))
  }
}
