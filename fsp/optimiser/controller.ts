import type { Instant } from '@js-joda/core'
import type { Timer } from '../../platform/clock/index.ts'
import { messageOf } from '../../platform/errors/index.ts'
import type { DepotExplanation, FaultKind } from '../../schemas/fsp/depot-plan.ts'
import type { FspContext } from '../app/context.ts'
import { allowedLimitA, type Connector, limitedW, type Setpoints, type Transactions } from '../chargepoints/index.ts'
import type { DepotModes } from '../depots/index.ts'
import type { ProcessHealth } from '../health/index.ts'
import type { Depot } from '../registers/index.ts'
import type { VehicleReadings } from '../vehicles/index.ts'
import { type CycleResult, decideCycle, movesThatFit } from './cycle.ts'
import { explanationOf } from './explanation.ts'
import { CycleWatch } from './health.ts'
import { isLeftAlone, type Occupied, occupiedOf, uncommandedA } from './occupied.ts'
import { type Decision, optionsOf, type SituationParts, situationOf } from './situation.ts'

export interface ControllerParts extends SituationParts {
  setpoints: Setpoints
  transactions: Transactions
  readings: VehicleReadings
  modes: DepotModes
  /** Where it is kept how the cycle of each depot went. */
  health: Pick<ProcessHealth, 'note'>
  /** What is pretended to be broken at a depot. */
  faults: (depotId: string) => ReadonlySet<FaultKind>
  /** What the plan of the energy gives a socket now, A; `null`: nothing is planned for it. */
  plannedA?: (connector: Connector, at: Instant) => number | null
}

/** A decision as it was made, for the record. */
export interface Decided {
  depot: Depot
  decision: Decision
  occupied: readonly Occupied[]
}

/** When raises that waited for others are decided again: after the longest gap between set points of the models that we know. */
const waitedMs = 6_000
/** A unit that takes no lower limit must not make the depot decide without end. */
const againMs = 30_000

/** Decides each depot's set points: every minute, and whenever a vehicle or a site load makes the last decision out of date. */
export class Controller {
  readonly watch = new CycleWatch()
  readonly #context: FspContext
  readonly #parts: ControllerParts
  readonly #decided = new Map<string, Decided>()
  readonly #explanations = new Map<string, DepotExplanation>()
  readonly #asked = new Set<string>()
  readonly #turns = new Map<string, Promise<void>>()
  readonly #againMs = new Map<string, number>()
  readonly #timers = new Map<string, Timer>()
  /** What was last noted of a depot's runs, and how many there were since. */
  readonly #noted = new Map<string, { minute: number; runs: number; sentSoFar: number; hasFailed: boolean }>()
  #isClosed = false

  constructor(context: FspContext, parts: ControllerParts) {
    this.#context = context
    this.#parts = parts
  }

  lastDecision(depotId: string): Decision | null {
    return this.#decided.get(depotId)?.decision ?? null
  }

  /** The last decision with the vehicles that it was about. */
  lastDecided(depotId: string): Decided | null {
    return this.#decided.get(depotId) ?? null
  }

  /** Why the sockets of a depot have their limits; `null` before the first decision. */
  explanation(depotId: string): DepotExplanation | null {
    return this.#explanations.get(depotId) ?? null
  }

  /** Decides for all depots. */
  async runAll(at: Instant): Promise<void> {
    await Promise.all(this.#context.depots.map((depot) => this.run(depot.depotId, at)))
  }

  /** Schedules a new decision for a depot as soon as possible; several requests become one. */
  runSoon(depotId: string): void {
    if (this.#asked.has(depotId)) return
    this.#asked.add(depotId)
    const { clock } = this.#context
    clock.after(`decision of ${depotId}`, 0, (at) => {
      this.#asked.delete(depotId)
      return this.run(depotId, at)
    })
  }

  /** Decides for one depot and sends the set points. */
  run(depotId: string, at: Instant): Promise<void> {
    const turn = (this.#turns.get(depotId) ?? Promise.resolve()).then(() => this.#watched(depotId, at))
    this.#turns.set(
      depotId,
      turn.catch(() => undefined),
    )
    return turn
  }

  /** Ends deciding: what was asked for and has not begun is left. */
  close(): void {
    this.#isClosed = true
    for (const timer of this.#timers.values()) timer.cancel()
  }

  async #watched(depotId: string, at: Instant): Promise<void> {
    const depot = this.#context.depots.find((each) => each.depotId === depotId)
    if (this.#isClosed || !depot || this.#parts.modes.of(depotId) === 'off') return
    const startMs = performance.now()
    try {
      await this.#run(depot, at)
    } catch (error) {
      await this.#noteRun(depotId, at, performance.now() - startMs, messageOf(error))
      throw error
    }
    await this.#noteRun(depotId, at, performance.now() - startMs, null)
  }

  /** Runs are noted once a minute, since a busy depot decides many times; one that fails, and the next that succeeds, at once. */
  async #noteRun(depotId: string, at: Instant, durationMs: number, error: string | null): Promise<void> {
    if (error === null) this.watch.ran(depotId, at, durationMs)
    const sentSoFar = this.watch.sentSoFar(depotId)
    const minute = Math.floor(at.toEpochMilli() / 60_000)
    const noted = this.#noted.get(depotId) ?? { minute: -1, runs: 0, sentSoFar: 0, hasFailed: false }
    const runs = noted.runs + 1
    if (error === null && !noted.hasFailed && noted.minute === minute) {
      this.#noted.set(depotId, { ...noted, runs })
      return
    }
    this.#noted.set(depotId, { minute, runs: 0, sentSoFar, hasFailed: error !== null })
    const figures = this.watch.figures(depotId, at)
    const outcome = { records: sentSoFar - noted.sentSoFar, durationMs, error, figures, runs }
    await this.#parts.health.note({ process: 'cycle', subject: depotId, depotId }, outcome)
  }

  async #run(depot: Depot, at: Instant): Promise<void> {
    const { depotId } = depot
    const mode = this.#parts.modes.of(depotId)
    const faults = this.#parts.faults(depotId)
    const situation = await situationOf(this.#context, this.#parts, depot, at, faults)
    const occupied = await this.#occupied(depotId, at, faults)
    const decision = { ...situation.decision, budgetW: budgetOf(situation.decision, occupied) }
    this.#note(depot, decision, occupied)
    const options = optionsOf(this.#context, depotId)
    const result = decideCycle(
      situation.supply,
      occupied.map(({ socket }) => socket),
      options.minimumPerVehicleA,
    )
    const waiting = new Set<string>()
    const explain = () => {
      const given = { waiting, isPriorityOn: options.priority, otherLoads: situation.otherLoads }
      this.#explanations.set(depotId, explanationOf(depotId, decision, occupied, result, given))
    }
    explain()
    if (mode === 'test') await this.#pretend(occupied, result, at)
    if (mode !== 'live') return
    for (const key of await this.#send(occupied, result, at)) waiting.add(key)
    if (waiting.size === 0) return
    explain()
    this.#runAgain(depotId, at)
  }

  /** The sockets with a vehicle. In test mode those without a link are decided for too. */
  #occupied(depotId: string, at: Instant, faults: ReadonlySet<FaultKind>): Promise<Occupied[]> {
    const { units, modes, transactions, readings, plannedA, countryOf } = this.#parts
    const isTest = modes.of(depotId) === 'test'
    const sockets = units.connectorsOf(depotId).filter((each) => each.transaction !== null || each.triedA !== null)
    return Promise.all(
      sockets.map((connector) => {
        const isReachable =
          !isLeftAlone(connector) && (isTest ? !faults.has('charge-points-lost') : connector.unit.link !== null)
        const given = { at, isReachable, plannedA: plannedA?.(connector, at) ?? null, faults }
        return occupiedOf({ context: this.#context, transactions, readings, countryOf }, connector, given)
      }),
    )
  }

  #note(depot: Depot, decision: Decision, occupied: readonly Occupied[]): void {
    const { depotId } = depot
    if (this.#parts.siteLoads.isStalenessNews(depotId, decision.staleSiteLoad, decision.at.toEpochMilli()))
      this.#context.log.warn(
        { depotId, buildingW: decision.buildingW },
        'site load is stale: using a conservative figure',
      )
    this.#decided.set(depotId, { depot, decision, occupied })
  }

  async #pretend(occupied: readonly Occupied[], { shares }: CycleResult, at: Instant): Promise<void> {
    const own = occupied.flatMap(({ connector, socket }) => {
      const share = shares.get(socket.key)
      return share?.isCommanded ? [{ connector, limitA: share.limitA }] : []
    })
    await Promise.all(
      own.map(({ connector, limitA }) => this.#parts.setpoints.pretend(connector, limitA, at.toEpochMilli())),
    )
  }

  /** Sends the lower limits first, and then the raises that fit beside what is still held; returns the sockets whose raises wait. */
  async #send(occupied: readonly Occupied[], result: CycleResult, at: Instant): Promise<string[]> {
    const { setpoints } = this.#parts
    const nowMs = at.toEpochMilli()
    const own = occupied.filter(({ socket }) => result.shares.get(socket.key)?.isCommanded)
    const wantedOf = ({ connector, socket }: Occupied) =>
      allowedLimitA(connector.unit.model, result.shares.get(socket.key)?.limitA ?? 0)
    const isRaise = (each: Occupied) => wantedOf(each) > heldA(each.connector, nowMs)
    const lower = own.filter((each) => !isRaise(each))
    for (const each of lower) setpoints.want(each.connector, wantedOf(each), nowMs)
    const raises = own.filter(isRaise)
    // A raise that was wanted before must not go out with these: it waits like the others.
    const before = new Map(raises.map(({ connector }) => [connector, connector.wanted]))
    for (const { connector } of raises) connector.wanted = null
    await this.#flush(lower)
    const rankOf = ({ socket }: Occupied) => result.shares.get(socket.key)?.rank ?? 0
    const moves = own
      .toSorted((a, b) => rankOf(a) - rankOf(b))
      .map((each) => ({
        key: each.socket.key,
        place: each.socket.place,
        heldA: heldA(each.connector, nowMs),
        wantedA: wantedOf(each),
      }))
    const fitting = movesThatFit(result, moves)
    const waiting = raises.filter(({ socket }) => !fitting.has(socket.key))
    for (const each of raises) {
      const { connector } = each
      // Still the same: it keeps its attempts and its end.
      connector.wanted ??= before.get(connector) ?? null
      if (fitting.has(each.socket.key)) setpoints.want(connector, wantedOf(each), nowMs)
      else if (connector.inForce) setpoints.want(connector, connector.inForce.limitA, nowMs)
      else connector.wanted = null
    }
    await this.#flush(own)
    return waiting.map(({ socket }) => socket.key)
  }

  async #flush(occupied: readonly Occupied[]): Promise<void> {
    const units = new Set(occupied.map(({ connector }) => connector.unit))
    await Promise.all([...units].map((unit) => this.#parts.setpoints.flush(unit)))
  }

  #runAgain(depotId: string, at: Instant): void {
    const nowMs = at.toEpochMilli()
    if (nowMs - (this.#againMs.get(depotId) ?? Number.NEGATIVE_INFINITY) < againMs) return
    this.#againMs.set(depotId, nowMs)
    const timer = this.#context.clock.after(`raises of ${depotId}`, waitedMs, (then) => this.run(depotId, then))
    this.#timers.get(depotId)?.cancel()
    this.#timers.set(depotId, timer)
  }
}

/** What a socket holds, A: its limit while it lasts, else the standing one. */
function heldA(connector: Connector, nowMs: number): number {
  const { inForce } = connector
  return inForce && inForce.validToMs > nowMs ? inForce.limitA : uncommandedA(connector, nowMs)
}

/** What is left for the sockets that can be commanded, W. */
function budgetOf({ headroomW, flexibilityCapW }: Omit<Decision, 'budgetW'>, occupied: readonly Occupied[]): number {
  const shareableW = Math.min(headroomW, flexibilityCapW ?? Number.POSITIVE_INFINITY)
  const lostW = occupied
    .filter(({ socket }) => !socket.isReachable)
    .reduce((sum, { connector, socket }) => sum + limitedW(connector.unit.model, socket.uncommandedA), 0)
  return Math.max(0, shareableW - lostW)
}
