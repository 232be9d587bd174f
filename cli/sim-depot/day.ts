import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalDate } from '@js-joda/core'
import { keyFrom, type RunningFsp, startFsp } from '../../fsp/index.ts'
import {
  type Breach,
  type Driver,
  type Fault,
  type FaultKind,
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
import { freePorts } from '../../platform/ports/index.ts'
import type { DepotSeeds } from '../../schemas/fsp/depots.ts'
import { dayStart } from '../../schemas/vocabulary/time.ts'
import { chargePointKeys } from '../system/charge-point-keys.ts'

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

/**
 * Plays one seeded day of a depot: real FSP, real database, real charge points over OCPP, in virtual time.
 * @param given.template the FSP's database, migrated and empty.
 */
export async function playDay(
  seed: number,
  { adminUrl, template, seeds, log }: { adminUrl: string; template: string; seeds: DepotSeeds; log: Log },
): Promise<DayOutcome> {
  const scenario = scenarioOf(seed, seeds.models)
  const database = `ringmain_depot_${process.pid}_${seed}`
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-depot-'))
  await createDatabase(adminUrl, database, template)
  const depot = await oneAtATime(() =>
    Depot.open(scenario, { seed, databaseUrl: urlOfDatabase(adminUrl, database), folder, seeds, log }),
  )
  try {
    return { seed, faults: scenario.faults, breaches: await depot.play() }
  } finally {
    await depot.close()
    await dropDatabase(adminUrl, database)
    await rm(folder, { recursive: true, force: true })
  }
}

let turn: Promise<unknown> = Promise.resolve()

/** Two days that open at once could take one port: it is free until its owner listens. */
function oneAtATime<T>(open: () => Promise<T>): Promise<T> {
  const opened = turn.then(open)
  turn = opened.catch(() => undefined)
  return opened
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
    { seed, databaseUrl, folder, seeds: { evTypes }, log }: Surroundings,
  ): Promise<Depot> {
    const clock = new SimulatedClock(dayStart(firstDay))
    const [port = 0, ocppPort = 0] = await freePorts(2)
    const secret = randomBytes(20).toString('hex')
    const siteLoadKey = randomBytes(20).toString('hex')
    const { depot, models } = scenario
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
    const start = this.#clock.now()
    for (let minute = 1; minute < minutesOfDay; minute++) {
      for (const fault of faults) {
        if (fault.fromMinute === minute) await this.#begin(fault)
        if (fault.toMinute === minute) await this.#end(fault)
      }
      await this.#clock.advanceTo(start.plusSeconds(60 * minute))
      if (minute < settlingMinutes) continue
      const { depots } = this.#chargePoints.world()
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

  async #begin(fault: Fault): Promise<void> {
    const { controls } = this.#chargePoints
    const { kind, unit, fromMinute, toMinute, aheadS } = fault
    const identity = this.#identities[unit] as string
    // Where a vehicle stands already, the visitor takes its place.
    const visit = (driver?: Driver) => {
      controls.unplug(identity, 1)
      controls.plugIn(identity, 1, visitorOf(fromMinute, driver))
    }
    const half = this.#clock
      .now()
      .plusSeconds(30 * (toMinute - fromMinute))
      .toEpochMilli()
    const begins: Record<FaultKind, () => Promise<void> | void> = {
      'unit-offline': () => this.#hold(identity, () => controls.disconnect(identity)),
      'depot-offline': () => this.#holdAll((each) => controls.disconnect(each)),
      'connector-failed': () => this.#hold(`${identity}/1`, () => controls.fail(identity, 1)),
      unplugged: () => controls.unplug(identity, 1),
      replugged: () => controls.replug(identity, 1),
      visitor: () => visit(),
      'token-forgotten': () => visit({ shows: `visitor-${fromMinute}`, fromMs: half }),
      'token-not-shown': () => visit({ shows: null }),
      'token-swapped': () => visit({ shows: 'yard-001' }),
      'token-first': async () => {
        controls.unplug(identity, 1)
        await controls.showToken(identity, 1, 'yard-001')
        controls.plugIn(identity, 1, visitorOf(fromMinute, { shows: null }))
      },
      'ended-by-token': () => controls.endByToken(identity, 1),
      'clock-wrong': () => controls.setClock(identity, aheadS),
      'firmware-update': () => controls.installFirmware(identity, 'second'),
      'site-load-lost': () => this.#hold('site load', () => controls.holdSiteLoad('yard', true)),
      'fsp-restart': () =>
        this.#hold('fsp', async () => {
          await this.#fsp?.close()
          this.#fsp = null
        }),
    }
    await begins[kind]()
  }

  async #end({ kind, unit }: Fault): Promise<void> {
    const { controls } = this.#chargePoints
    const identity = this.#identities[unit] as string
    const leaves = () => controls.unplug(identity, 1)
    const ends: Partial<Record<FaultKind, () => Promise<void> | void>> = {
      'unit-offline': () => this.#release(identity, () => controls.reconnect(identity)),
      'depot-offline': () => this.#releaseAll((each) => controls.reconnect(each)),
      'connector-failed': () => this.#release(`${identity}/1`, () => controls.repair(identity, 1)),
      visitor: leaves,
      'token-forgotten': leaves,
      'token-not-shown': leaves,
      'token-swapped': leaves,
      'token-first': leaves,
      'clock-wrong': () => controls.setClock(identity, 0),
      'site-load-lost': () => this.#release('site load', () => controls.holdSiteLoad('yard', false)),
      'fsp-restart': () =>
        this.#release('fsp', async () => {
          this.#fsp = await this.#startFsp()
        }),
    }
    await ends[kind]?.()
  }

  async #holdAll(first: (identity: string) => Promise<void>): Promise<void> {
    for (const each of this.#identities) await this.#hold(each, () => first(each))
  }

  async #releaseAll(last: (identity: string) => Promise<void>): Promise<void> {
    for (const each of this.#identities) await this.#release(each, () => last(each))
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
