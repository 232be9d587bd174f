import type { Instant } from '@js-joda/core'
import type { InstructedTurnDown } from '../../../../schemas/dispatch/instructions.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'

/**
 * What became of an instruction, as far as money is concerned. `accepted`: in force from the times stated in it. `refused`: for a reason
 * of the FSP's own. `undelivered`: it did not arrive because the FSP's end failed. `stopped`: no instruction, but an emergency stop, which
 * also ends what was refused or not delivered. `none`: it counts for nothing, because our end failed or the outcome is open.
 */
export type Outcome = InstructedTurnDown['outcome'] | 'stopped' | 'none'

/** A part of an instruction that lies in one quarter-hour. */
export interface Part {
  instructionId: string
  product: Product
  outcome: Outcome
  plannedAt: Instant
  revision: number
  fromAt: Instant
  toAt: Instant
  turnDownW: number
}

/**
 * What was in force of a product in one quarter-hour. Energies in Wh, exact for a whole quarter-hour and otherwise to 0.001 Wh; those of a
 * turn-up are negative.
 */
export interface QuarterInForce {
  /** Instructed: what goes further of what was accepted and what was refused, second by second. */
  instructedWh: number
  /** Accepted: no more than this can be delivered. */
  acceptedWh: number
  /** Whether for some seconds nothing was in force because the FSP could not be reached. */
  isUnreachable: boolean
  /** When the first instruction in force was planned; of a second with several the accepted one counts. */
  plannedAt: Instant
  /** The parts that make it up, in order; `null` if it is one accepted turn-down throughout. */
  parts: InstructedTurnDown[] | null
}

const quarterMs = 900_000

/** Starts of quarter-hours, epoch ms, with what was in force. Of several instructions for a second the last planned counts. */
export type InForce = ReadonlyMap<number, QuarterInForce>

/** What was in force of one FU and product by quarter-hour. */
export function inForce(parts: readonly Part[]): InForce {
  const found = new Map<number, QuarterInForce>()
  for (const [q, own] of Map.groupBy(parts, (part) => Math.floor(part.fromAt.toEpochMilli() / quarterMs) * quarterMs)) {
    const quarter = quarterOf(q, own.length > 1 ? own.toSorted(byPlan) : own)
    if (quarter) found.set(q, quarter)
  }
  return found
}

function byPlan(a: Part, b: Part): number {
  return a.plannedAt.compareTo(b.plannedAt) || a.revision - b.revision
}

function quarterOf(q: number, parts: readonly Part[]): QuarterInForce | null {
  const last = parts.at(-1)
  if (last?.outcome === 'accepted' && isWhole(last, q)) {
    const energyWh = last.turnDownW / 4
    const { plannedAt } = last
    return { instructedWh: energyWh, acceptedWh: energyWh, isUnreachable: false, plannedAt, parts: null }
  }
  return mixed(q, parts)
}

function isWhole({ fromAt, toAt }: Part, q: number): boolean {
  return fromAt.toEpochMilli() === q && toAt.toEpochMilli() === q + quarterMs
}

/** A quarter-hour in which what was in force changes. */
function mixed(q: number, parts: readonly Part[]): QuarterInForce | null {
  const shown: InstructedTurnDown[] = []
  let [instructed, accepted, isUnreachable] = [new Money(0), new Money(0), false]
  let plannedAt: Instant | null = null
  const edges = new Set([q, q + quarterMs, ...parts.flatMap((p) => [p.fromAt.toEpochMilli(), p.toAt.toEpochMilli()])])
  const at = [...edges].sort((a, b) => a - b)
  for (const [i, from] of at.slice(0, -1).entries()) {
    const to = at[i + 1] ?? from
    const found = stateOf(parts.filter((p) => p.fromAt.toEpochMilli() <= from && p.toAt.toEpochMilli() >= to))
    if (!found) continue
    const [acceptedW, refusedW] = [found.accepted?.turnDownW ?? 0, found.refused?.turnDownW ?? 0]
    const wattMs = (turnDownW: number) => new Money(turnDownW).times(to - from)
    instructed = instructed.plus(wattMs(refusedW === 0 ? acceptedW : refusedW))
    accepted = accepted.plus(wattMs(acceptedW))
    isUnreachable ||= found.undelivered !== null
    const planned = (found.accepted ?? found.refused ?? found.undelivered)?.plannedAt ?? null
    if (planned && (plannedAt === null || planned.isBefore(plannedAt))) plannedAt = planned
    add(shown, found, from, to)
  }
  if (plannedAt === null) return null
  return {
    instructedWh: wattHours(instructed),
    acceptedWh: wattHours(accepted),
    isUnreachable,
    plannedAt,
    parts: shown,
  }
}

/** What counts of the instructions for a second. */
interface Now {
  accepted: Part | null
  /** Refused, and more than what is accepted. */
  refused: Part | null
  /** Not delivered because of the FSP, and nothing is accepted. */
  undelivered: Part | null
}

/** What a second comes to, from the parts that cover it in the order of their plans; `null` if nothing counts. */
function stateOf(parts: readonly Part[]): Now | null {
  let now: Now = { accepted: null, refused: null, undelivered: null }
  for (const part of parts) {
    if (part.outcome === 'accepted') now = { accepted: part, refused: null, undelivered: null }
    else if (part.outcome === 'refused' && goesFurther(part.turnDownW, now.accepted?.turnDownW ?? 0))
      now = { ...now, refused: part }
    else if (part.outcome === 'undelivered' && part.turnDownW !== 0 && now.accepted === null)
      now = { ...now, undelivered: part }
    else if (part.outcome === 'stopped') now = { ...now, refused: null, undelivered: null }
  }
  return now.accepted || now.refused || now.undelivered ? now : null
}

/** Whether a turn-down or turn-up asks for more than another one, or for the other direction. */
function goesFurther(w: number, thanW: number): boolean {
  return w !== 0 && (Math.sign(w) !== Math.sign(thanW) || Math.abs(w) > Math.abs(thanW))
}

/** Shows what counts for a span. Beside what is accepted, a refusal is shown as far as it exceeds that, so that the parts add up. */
function add(shown: InstructedTurnDown[], { accepted, refused, undelivered }: Now, from: number, to: number): void {
  const iso = (ms: number) => new Date(ms).toISOString()
  const show = ({ instructionId }: Part, turnDownW: number, outcome: InstructedTurnDown['outcome']) =>
    shown.push({ instructionId, from: iso(from), to: iso(to), turnDownW, outcome })
  if (undelivered) {
    show(undelivered, undelivered.turnDownW, 'undelivered')
    return
  }
  const acceptedW = accepted?.turnDownW ?? 0
  if (accepted && (acceptedW !== 0 || !refused)) show(accepted, acceptedW, 'accepted')
  if (refused) show(refused, new Money(refused.turnDownW).minus(acceptedW).toNumber(), 'refused')
}

function wattHours(wattMs: Money): number {
  return wattMs.div(3_600_000).toDecimalPlaces(3, Money.ROUND_HALF_EVEN).toNumber()
}
