import { Instant } from '@js-joda/core'
import type { FspContext } from '../app/context.ts'
import { type Connector, limitedW, type Setpoints } from '../chargepoints/index.ts'
import { horizon, keyOf, type PluggedParts, type PluggedVan, periodMs, pluggedVans, stayOf } from './plugged.ts'
import type { Responses, TurnDownWindow } from './responses.ts'
import { decide, type UnitDecision } from './rules/decision.ts'

export interface VanControllerParts extends PluggedParts {
  setpoints: Setpoints
  responses: Responses
  /** The turn-down of a unit that is in force at an instant; `null`: none. */
  windowAt(depotId: string, at: Instant): TurnDownWindow | null
  /** What it lets the unit draw now, W; `null`: no turn-down, or none that has an effect. */
  capW(depotId: string, at: Instant): Promise<number | null>
}

/** What a unit's last decision was made of. */
export interface DecidedUnit {
  at: Instant
  plugged: readonly PluggedVan[]
  decision: UnitDecision
  window: TurnDownWindow | null
}

/** How long charging counts as put off after a turn-down: by then every van has left or is full. */
const reboundMs = 16 * 3_600_000

/** Decides for the units of homes each minute, and whenever a van comes or goes or a driver asks for something, and sends set points. */
export class VanController {
  readonly #context: FspContext
  readonly #parts: VanControllerParts
  readonly #asked = new Set<string>()
  readonly #turns = new Map<string, Promise<void>>()
  readonly #decided = new Map<string, DecidedUnit>()
  /** Until when a charge point's charging counts as put off, ms, by identity: for charges that had begun by the end of the window. */
  readonly #held = new Map<string, number>()

  constructor(context: FspContext, parts: VanControllerParts) {
    this.#context = context
    this.#parts = parts
  }

  /** Resumes what was put off before a restart. */
  async load(): Promise<void> {
    const since = this.#context.clock.now().minusMillis(reboundMs)
    for (const { identity, toMs } of await this.#parts.responses.heldSince(since)) this.#held.set(identity, toMs)
  }

  /** The units of homes in the register at present. */
  get depotIds(): string[] {
    return [...this.#context.registers.now().homeUnits.keys()]
  }

  /** A unit's last decision; `null`: none yet. */
  last(depotId: string): DecidedUnit | null {
    return this.#decided.get(depotId) ?? null
  }

  /** Schedules a new decision for a unit as soon as possible; several requests become one. */
  runSoon(depotId: string): void {
    if (this.#asked.has(depotId)) return
    this.#asked.add(depotId)
    const { clock } = this.#context
    clock.after(`decision of ${depotId}`, 0, (at) => {
      this.#asked.delete(depotId)
      return this.run(depotId, at)
    })
  }

  async runAll(at: Instant): Promise<void> {
    for (const depotId of this.depotIds) await this.run(depotId, at, true)
  }

  /** @param isMinute whether this is the decision of a minute, by which turn-downs are observed. */
  run(depotId: string, at: Instant, isMinute = false): Promise<void> {
    const turn = (this.#turns.get(depotId) ?? Promise.resolve()).then(() => this.#run(depotId, at, isMinute))
    this.#turns.set(
      depotId,
      turn.catch(() => undefined),
    )
    return turn
  }

  async #run(depotId: string, at: Instant, isMinute: boolean): Promise<void> {
    const { responses, units, wishes } = this.#parts
    const plugged = await pluggedVans(this.#parts, depotId, at)
    for (const { van, transactionId } of plugged) await wishes.bind(van, transactionId)
    const capW = await this.#parts.capW(depotId, at)
    const window = capW === null ? null : this.#parts.windowAt(depotId, at)
    if (window === null) {
      const identities = new Set(units.connectorsOf(depotId).map(({ unit }) => unit.identity))
      await responses.close(depotId, [...identities])
    }
    // What was drawn in the minute that has passed was allowed by the decision before this one.
    const before = this.#decided.get(depotId)
    if (isMinute && window && before) responses.observe(depotId, window, plugged, before.decision.sharesW)
    const decision = decide(
      plugged.map((each) => stayOf(each, at, this.#wasHeld(each))),
      capsOf(capW, window, at),
      horizon,
    )
    if (window) this.#noteHeld(plugged, decision, window)
    this.#decided.set(depotId, { at, plugged, decision, window })
    await this.#send(depotId, plugged, decision, at)
  }

  #wasHeld({ connector, missingWh }: PluggedVan): boolean {
    const toMs = this.#held.get(connector.unit.identity)
    if (toMs === undefined) return false
    const isOver = (connector.transaction?.startMs ?? toMs) >= toMs || missingWh === 0
    if (isOver) this.#held.delete(connector.unit.identity)
    return !isOver
  }

  #noteHeld(plugged: readonly PluggedVan[], { sharesW }: UnitDecision, { toMs }: TurnDownWindow): void {
    for (const { connector, missingWh, mostW } of plugged)
      if (missingWh > 0 && (sharesW.get(keyOf(connector)) ?? 0) < mostW) this.#held.set(connector.unit.identity, toMs)
  }

  /**
   * Vans get their shares. A vehicle at a charge point of ours that is none of our vans is not held back; where the charge point takes one
   * set point at a time, it leaves that to a van of ours, and to the first socket.
   */
  async #send(depotId: string, plugged: readonly PluggedVan[], decision: UnitDecision, at: Instant): Promise<void> {
    const { setpoints, units } = this.#parts
    const [nowMs, ours] = [at.toEpochMilli(), new Map(plugged.map((each) => [keyOf(each.connector), each]))]
    const touched = units.connectorsOf(depotId).filter(({ transaction }) => transaction !== null)
    const goesFirst = (connector: Connector, other: Connector) =>
      other.unit === connector.unit && (ours.has(keyOf(other)) || other.connector < connector.connector)
    for (const connector of touched) {
      const van = ours.get(keyOf(connector))
      const takesTurns = connector.unit.model.coupling === 'one-at-a-time'
      if (van && decision.leftAlone.has(keyOf(connector))) continue
      if (!van && takesTurns && touched.some((other) => other !== connector && goesFirst(connector, other))) continue
      setpoints.want(connector, van ? limitA(van, decision) : connector.unit.model.maxCurrentA, nowMs)
    }
    await Promise.all([...new Set(touched.map(({ unit }) => unit))].map((unit) => setpoints.flush(unit)))
  }
}

/** The limit of a van's charge, A. What one that counts as full may still want waits for the end of a turn-down. */
function limitA({ connector, missingWh }: PluggedVan, { sharesW, by }: UnitDecision): number {
  const { model } = connector.unit
  if (missingWh > 0) return (sharesW.get(keyOf(connector)) ?? 0) / limitedW(model, 1)
  if (by === null) return model.maxCurrentA
  return by === 'spread' ? model.minCurrentA : 0
}

/** What a unit may draw by period under a turn-down: its cap up to the end of the window. */
function capsOf(capW: number | null, window: TurnDownWindow | null, at: Instant): (number | null)[] {
  const nowMs = at.toEpochMilli()
  return Array.from({ length: horizon.periods }, (_, t) =>
    capW !== null && (t === 0 || (window !== null && nowMs + t * periodMs < window.toMs)) ? capW : null,
  )
}

/** The instant at which a window ends. */
export function endOf({ toMs }: TurnDownWindow): Instant {
  return Instant.ofEpochMilli(toMs)
}
