import type { Instant, LocalDate } from '@js-joda/core'
import type { Contract } from '../../../schemas/market/contracts.ts'
import type { ScheduleGate } from '../../../schemas/market/gates.ts'
import type { SubmissionKind } from '../../../schemas/market/submissions.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { gateOf } from './closings.ts'
import type { SubmittedRow } from './tables.ts'

/** A gate that is about to close for the schedules of a day. Kinds that close together share a gate. */
export interface GateAhead {
  product: Product
  day: LocalDate
  closesAt: Instant
  kinds: SubmissionKind[]
}

/** The longest time before its trading day at which a gate closes, days. */
const mostDaysBefore = 7

/** The gates that close after an instant and at most some minutes after it. */
export function gatesAhead(gates: readonly ScheduleGate[], at: Instant, minutes: number): GateAhead[] {
  const [today, until] = [tradingDayOf(at), at.plusSeconds(minutes * 60)]
  const days = Array.from({ length: mostDaysBefore + 2 }, (_, i) => today.plusDays(i))
  const closings = gates
    .flatMap(({ product, kind, settings }) =>
      days.map((day) => ({ product, kind, day, closesAt: gateOf(settings, day) })),
    )
    .filter(({ closesAt }) => closesAt.isAfter(at) && !closesAt.isAfter(until))
  const groups = Map.groupBy(closings, ({ product, day, closesAt }) => `${product}|${day}|${closesAt}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ ...first, kinds: group.map(({ kind }) => kind) }] : []
  })
}

/** An FU that has submitted nothing at a gate, though it is contracted on the day. */
export interface MissingSchedule {
  gate: GateAhead
  contract: Contract
}

type Submitted = Pick<SubmittedRow, 'fuId' | 'tradingDay' | 'kind' | 'direction'>

/**
 * The FUs that have submitted none of the kinds that close at their gates. One that has submitted some of them has made its choice: its
 * contract holds for the rest.
 * @param hasWindowOn whether a contract has a window on a day.
 */
export function missingAt(
  gates: readonly GateAhead[],
  contracts: readonly Contract[],
  submitted: readonly Submitted[],
  hasWindowOn: (contract: Contract, day: LocalDate) => boolean,
): MissingSchedule[] {
  const of = Map.groupBy(submitted, ({ fuId }) => fuId)
  return gates.flatMap((gate) =>
    contracts
      .filter((one) => one.product === gate.product && hasWindowOn(one, gate.day))
      .filter((one) => !(of.get(one.fuId) ?? []).some((row) => isAnswer(row, gate, one)))
      .map((contract) => ({ gate, contract })),
  )
}

/** Whether a schedule is one that a contract's gate is for. A baseline has no direction. */
function isAnswer({ kind, direction, tradingDay }: Submitted, gate: GateAhead, contract: Contract): boolean {
  if (!gate.kinds.includes(kind) || !tradingDay.equals(gate.day)) return false
  return kind === 'baseline' || direction === contract.direction
}
