import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalDate } from '@js-joda/core'
import { keyFrom, type RunningFsp, startFsp } from '../../fsp/index.ts'
import {
  type Breach,
  type Fault,
  Judge,
  limitAt,
  type RunningChargePoints,
  type Scenario,
  scenarioOf,
  startChargePointSimulator,
  visitorOf,
} from '../../fsp/simulator/index.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createDatabase, dropDatabase, urlOfDatabase } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { DepotSeeds } from '../../schemas/fsp/depots.ts'
import { worldOperations } from '../../schemas/fsp/simulation.ts'
import { createClient } from '../../schemas/vocabulary/client.ts'
import { dayStart } from '../../schemas/vocabulary/time.ts'
import { chargePointKeys } from '../system/charge-point-keys.ts'
import { freePorts } from '../system/ports.ts'

/** A working day and the night before it: vehicles stand, leave and return. */
const firstDay = LocalDate.parse('2026-01-15')
const minutesOfDay = 1_440
/** Minutes after the start that are not judged: the FSP hears of what it found standing. */
const settlingMinutes = 15

const host = '127.0.0.1'

/** How a seeded day went. */
export interface DayOutcome {
  seed: number
  breaches: Breach[]
  faults: Fault[]
}

/** Plays one seeded day of a depot: real FSP, real database, real charge points over OCPP, in virtual time. */
export async function playDay(
  seed: number,
  { adminUrl, seeds, log }: { adminUrl: string; seeds: DepotSeeds; log: Log },
): Promise<DayOutcome> {
  const scenario = scenarioOf(seed, seeds.models)
  const database = `ringmain_depot_${process.pid}_${seed}`
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-depot-'))
  await createDatabase(adminUrl, database)
  const depot = await Depot.open(scenario, {
    seed,
    databaseUrl: urlOfDatabase(adminUrl, database),
    folder,
    seeds,
    log,
  })
  try {
    return { seed, faults: scenario.faults, breaches: await depot.play() }
  } finally {
    await depot.close()
    await dropDatabase(adminUrl, database)
    await rm(folder, { recursive: true, force: true })
  }
}

interface Surroundings {
  seed: number
  databaseUrl: string
  folder: string
  seeds: DepotSeeds
  log: Log
}

/** A depot whose parts run, and what is wrong with it at present. */
class Depot {
  readonly #scenario: Scenario
  readonly #clock: SimulatedClock
  readonly #chargePoints: RunningChargePoints
  readonly #startFsp: () => Promise<RunningFsp>
  readonly #identities: readonly string[]
  #fsp: RunningFsp | null
  /** Faults under way by what they hold down, for two may overlap. */
  readonly #held = new Map<string, number>()

  private constructor(
    scenario: Scenario,
    clock: SimulatedClock,
    chargePoints: RunningChargePoints,
    fsp: RunningFsp,
    start: () => Promise<RunningFsp>,
  ) {
    this.#scenario = scenario
    this.#clock = clock
    this.#chargePoints = chargePoints
    this.#fsp = fsp
    this.#startFsp = start
    const count = scenario.depot.chargePoints.reduce((sum, group) => sum + group.count, 0)
    this.#identities = Array.from({ length: count }, (_, n) => `yard-${String(n + 1).padStart(2, '0')}`)
  }

  static async open(
    scenario: Scenario,
    { seed, databaseUrl, folder, seeds: { models, evTypes }, log }: Surroundings,
  ): Promise<Depot> {
    const clock = new SimulatedClock(dayStart(firstDay))
    const [port = 0, ocppPort = 0] = await freePorts(2)
    const secret = randomBytes(20).toString('hex')
    const siteLoadKey = randomBytes(20).toString('hex')
    const { depot } = scenario
    const chargePoints = await startChargePointSimulator({
      depots: [depot],
      models,
      evTypes,
      host,
      port: 0,
      ocppUrl: `ws://${host}:${ocppPort}/ocpp`,
      keys: chargePointKeys(secret, join(folder, 'keys.json')),
      fspUrl: `http://${host}:${port}`,
      siteLoadKey,
      seed,
      clock,
      log,
    })
    const start = () =>
      startFsp({
        databaseUrl,
        environment: 'demo',
        host,
        port,
        ocppPort,
        firstKeys: (identity) => keyFrom(secret, identity),
        // This is the depot's own limit, not the market's.
        dnoUrl: null,
        first: { depots: [depot], models, evTypes },
        feedKeys: { 'site-load': siteLoadKey },
        secretKeyFile: join(folder, 'key'),
        clock,
        log,
      })
    return new Depot(scenario, clock, chargePoints, await start(), start)
  }

  /** Plays the day minute by minute; returns the breaches. */
  async play(): Promise<Breach[]> {
    const { depot, faults } = this.#scenario
    const judge = new Judge()
    const client = createClient(({ path, init }) => fetch(`${this.#chargePoints.url}${path}`, init))
    const start = this.#clock.now()
    for (let minute = 1; minute < minutesOfDay; minute++) {
      for (const fault of faults) {
        if (fault.fromMinute === minute) await this.#begin(fault)
        if (fault.toMinute === minute) await this.#end(fault)
      }
      await this.#clock.advanceTo(start.plusSeconds(60 * minute))
      if (minute < settlingMinutes) continue
      const { depots } = await client.call(worldOperations.readWorld, {})
      const siteW = Object.values(depots[0]?.feedersW ?? {}).reduce((sum, w) => sum + w, 0)
      const atMs = this.#clock.now().toEpochMilli()
      judge.add({ atMs, siteW, limitW: limitAt(depot, atMs) })
    }
    judge.end()
    return judge.breaches
  }

  async close(): Promise<void> {
    await this.#fsp?.close()
    await this.#chargePoints.close()
  }

  async #begin({ kind, unit, fromMinute }: Fault): Promise<void> {
    const { controls } = this.#chargePoints
    const identity = this.#identities[unit] as string
    if (kind === 'unit-offline') await this.#hold(identity, () => controls.disconnect(identity))
    if (kind === 'depot-offline')
      for (const each of this.#identities) await this.#hold(each, () => controls.disconnect(each))
    if (kind === 'connector-failed') await this.#hold(`${identity}/1`, () => controls.fail(identity, 1))
    if (kind === 'unplugged') controls.unplug(identity, 1)
    // Where a vehicle stands already, the visitor takes its place.
    if (kind === 'visitor') {
      controls.unplug(identity, 1)
      controls.plugIn(identity, 1, visitorOf(fromMinute))
    }
    if (kind === 'site-load-lost') await this.#hold('site load', () => controls.holdSiteLoad('yard', true))
    if (kind === 'fsp-restart')
      await this.#hold('fsp', async () => {
        await this.#fsp?.close()
        this.#fsp = null
      })
  }

  async #end({ kind, unit }: Fault): Promise<void> {
    const { controls } = this.#chargePoints
    const identity = this.#identities[unit] as string
    if (kind === 'unit-offline') await this.#release(identity, () => controls.reconnect(identity))
    if (kind === 'depot-offline')
      for (const each of this.#identities) await this.#release(each, () => controls.reconnect(each))
    if (kind === 'connector-failed') await this.#release(`${identity}/1`, () => controls.repair(identity, 1))
    if (kind === 'visitor') controls.unplug(identity, 1)
    if (kind === 'site-load-lost') await this.#release('site load', () => controls.holdSiteLoad('yard', false))
    if (kind === 'fsp-restart')
      await this.#release('fsp', async () => {
        this.#fsp = await this.#startFsp()
      })
  }

  async #hold(what: string, first: () => Promise<void> | void): Promise<void> {
    const held = this.#held.get(what) ?? 0
    this.#held.set(what, held + 1)
    if (held === 0) await first()
  }

  async #release(what: string, last: () => Promise<void> | void): Promise<void> {
    const held = this.#held.get(what) ?? 0
    this.#held.set(what, held - 1)
    if (held === 1) await last()
  }
}
