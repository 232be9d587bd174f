import type { Instant } from '@js-joda/core'
import type { SiteSchedule } from '../../schemas/market/customers.ts'
import { localTimeOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import {
  type Connector,
  type Setpoints,
  safeLimitA,
  socketW,
  type Transactions,
  type Units,
  volts,
} from '../chargepoints/index.ts'
import { agreedLimitW, type DepotModes, headroomW, type SiteLoads } from '../depots/index.ts'
import type { Depot } from '../registers/index.ts'
import { allocate, type Claim } from './allocation.ts'
import { assumed, assumedDeparture, drawCeilingA, laxityMs, withTurnMs } from './priority.ts'

/** The inputs to a depot's last decision, W. */
export interface Decision {
  at: Instant
  capacityW: number
  buildingW: number
  /** `null`: the power of a socket is unknown. */
  evLoadW: number | null
  headroomW: number
  /** The site's import limit last set by the DNO; `null` for none beyond the agreed limit. */
  dnoLimitW: number | null
  /** Cap on the vehicles' load from a flexibility event; `null` without one. */
  flexibilityCapW: number | null
  /** What was shared among the sockets that can be commanded. */
  budgetW: number
  /** The site load was too old to trust: a conservative figure was used (FM28). */
  staleSiteLoad: boolean
}

/** The cap that flexibility puts on a depot's vehicles at an instant, W; `null` for none. */
export type FlexibilityCap = (depotId: string, at: Instant) => Promise<number | null>

/** The DNO's import limit for a depot's site at an instant, W; `null` for none beyond the agreed limit. */
export type DnoLimit = (depotId: string, at: Instant) => number | null

/** The profile of a depot's site as the DNO gave it to us; `null` if no consent lets us read it. */
export type AgreedProfile = (depotId: string) => SiteSchedule | null

export interface ControllerParts {
  units: Units
  setpoints: Setpoints
  transactions: Transactions
  siteLoads: SiteLoads
  modes: DepotModes
  flexibilityCap: FlexibilityCap
  dnoLimit: DnoLimit
  agreedProfile: AgreedProfile
}

/** Decides each depot's set points: every minute, and whenever a vehicle or a site load makes the last decision out of date. */
export class Controller {
  readonly #context: FspContext
  readonly #parts: ControllerParts
  readonly #decisions = new Map<string, Decision>()
  readonly #asked = new Set<string>()
  readonly #turns = new Map<string, Promise<void>>()

  constructor(context: FspContext, parts: ControllerParts) {
    this.#context = context
    this.#parts = parts
  }

  lastDecision(depotId: string): Decision | null {
    return this.#decisions.get(depotId) ?? null
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
    clock.at(`decision of ${depotId}`, clock.now(), (at) => {
      this.#asked.delete(depotId)
      return this.run(depotId, at)
    })
  }

  /** Decides for one depot and sends the set points. */
  run(depotId: string, at: Instant): Promise<void> {
    const turn = (this.#turns.get(depotId) ?? Promise.resolve()).then(() => this.#run(depotId, at))
    this.#turns.set(
      depotId,
      turn.catch(() => undefined),
    )
    return turn
  }

  async #run(depotId: string, at: Instant): Promise<void> {
    const { units, setpoints, modes } = this.#parts
    const depot = this.#context.depots.find((d) => d.depotId === depotId)
    const mode = modes.of(depotId)
    if (!depot || mode === 'off') return
    const decision = await this.#decide(depot, at)
    this.#decisions.set(depotId, decision)
    if (mode === 'monitor') return
    const nowMs = at.toEpochMilli()
    const occupied = units
      .connectorsOf(depotId)
      .filter((c) => c.transaction && c.triedA === null && (c.unit.link || mode === 'test'))
    const limits = allocate(
      occupied.map((c) => this.#claimOf(c, at)),
      decision.budgetW / volts,
    )
    for (const connector of occupied) {
      const limitA = limits.get(keyOf(connector)) ?? 0
      if (mode === 'test') await setpoints.pretend(connector, limitA, nowMs)
      else setpoints.want(connector, limitA, nowMs)
    }
    if (mode === 'live')
      await Promise.all([...new Set(occupied.map((c) => c.unit))].map((unit) => setpoints.flush(unit)))
  }

  async #decide(depot: Depot, at: Instant): Promise<Decision> {
    const { units, siteLoads, flexibilityCap, dnoLimit, agreedProfile } = this.#parts
    const nowMs = at.toEpochMilli()
    const dnoLimitW = dnoLimit(depot.depotId, at)
    const agreedW = agreedLimitW(depot, agreedProfile(depot.depotId), localTimeOf(at))
    const capacityW = Math.min(agreedW, dnoLimitW ?? agreedW)
    const { buildingW, stale } = siteLoads.view(depot.depotId, nowMs, depot.building.dayW)
    const evLoadW = units.evLoadW(depot.depotId, nowMs)
    const headroom = headroomW({
      capacityW,
      // The vehicles' load cancels out where it is unknown.
      siteLoadW: buildingW + (evLoadW ?? 0),
      evLoadW: evLoadW ?? 0,
      bufferW: depot.bufferW,
    })
    const flexibilityCapW = await flexibilityCap(depot.depotId, at)
    const before = this.#decisions.get(depot.depotId)
    if (stale && !before?.staleSiteLoad)
      this.#context.log.warn({ depotId: depot.depotId, buildingW }, 'site load is stale: using a conservative figure')
    const shareableW = Math.min(headroom, flexibilityCapW ?? Number.POSITIVE_INFINITY)
    return {
      at,
      capacityW,
      buildingW,
      evLoadW,
      headroomW: headroom,
      dnoLimitW,
      flexibilityCapW,
      staleSiteLoad: stale,
      budgetW: Math.max(0, shareableW - this.#unreachableW(depot.depotId, nowMs)),
    }
  }

  /**
   * What vehicles may draw that we do not command: at units without a link their last limit while it holds, then the standing safe limit;
   * at sockets of a commissioning run the most that it lets them draw.
   */
  #unreachableW(depotId: string, nowMs: number): number {
    let sum = 0
    for (const { unit, transaction, inForce, triedA } of this.#parts.units.connectorsOf(depotId)) {
      sum += (triedA ?? 0) * volts
      if (triedA !== null) continue
      if (unit.link || !transaction) continue
      const heldA = inForce && inForce.validToMs > nowMs ? inForce.limitA : 0
      sum += Math.max(heldA, safeLimitA) * volts
    }
    return sum
  }

  #claimOf(connector: Connector, at: Instant): Claim {
    const { unit, transaction, inForce } = connector
    const { maxCurrentA } = unit.model
    const sample = connector.samples.at(-1)
    if (sample && sample.powerW !== null)
      connector.drawCeilingA = drawCeilingA(connector.drawCeilingA, sample.powerW, inForce, sample.atMs)
    const takenWh = transaction ? transaction.lastWh - transaction.startWh : 0
    const neededWh = (transaction && this.#parts.transactions.typicalWh(transaction.idTag)) ?? assumed.needWh
    const missingWh = Math.max(0, neededWh - takenWh)
    const laxity = laxityMs(at.toEpochMilli(), assumedDeparture(at).toEpochMilli(), missingWh, socketW(unit.model))
    return {
      key: keyOf(connector),
      model: unit.model,
      usefulA: connector.drawCeilingA ?? maxCurrentA,
      laxityMs: withTurnMs(laxity, (inForce?.limitA ?? 0) > 0),
    }
  }
}

function keyOf({ unit, connector }: Connector): string {
  return `${unit.identity}/${connector}`
}
