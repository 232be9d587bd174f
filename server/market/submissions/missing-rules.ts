import type { Instant, LocalDate } from '@js-joda/core'
import type { Contract } from '../../../schemas/market/contracts.ts'
import { type SubmissionKind, submissionKind } from '../../../schemas/market/submissions.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Closing } from '../timetables/index.ts'
import type { SubmittedRow } from './tables.ts'

/** A gate that is about to close for a contract's schedules of a day. Kinds that close together share a gate. */
export interface GateAhead {
  contract: Contract
  day: LocalDate
  closesAt: Instant
  kinds: SubmissionKind[]
}

/** The longest time before its trading day at which a gate closes, days. */
const mostDaysBefore = 7

/** The days whose gates may close soon after an instant. */
export function daysWithGates(at: Instant): LocalDate[] {
  return Array.from({ length: mostDaysBefore + 2 }, (_, i) => tradingDayOf(at).plusDays(i))
}

/** What the gates of contracts are known by. */
export interface GateFacts {
  contracts: readonly Contract[]
  /** When a kind of schedule closes for a contract and a day, in order. */
  closings(contract: Contract, kind: SubmissionKind, day: LocalDate): readonly Closing[]
  /** The contracted quarter-hours of a day. */
  contracted(contract: Contract, day: LocalDate): readonly Instant[]
}

/**
 * The gates that close after an instant and at most some minutes after it, by contract. Where each dispatch of a day has a gate of its own,
 * the first with a contracted quarter-hour counts: an FSP is not told again at every later one.
 */
export function gatesAhead(facts: GateFacts, at: Instant, minutes: number): GateAhead[] {
  const until = at.plusSeconds(minutes * 60)
  const isSoon = ({ closesAt }: Closing) => closesAt.isAfter(at) && !closesAt.isAfter(until)
  const gates = facts.contracts.flatMap((contract) =>
    daysWithGates(at).flatMap((day) =>
      submissionKind.options.flatMap((kind) => {
        const closings = facts.closings(contract, kind, day)
        if (!closings.some(isSoon)) return []
        const own = new Set(facts.contracted(contract, day).map(String))
        const first = closings.find(({ starts }) => starts.some((start) => own.has(start.toString())))
        return first && isSoon(first) ? [{ contract, day, kind, closesAt: first.closesAt }] : []
      }),
    ),
  )
  const groups = Map.groupBy(gates, ({ contract, day, closesAt }) => `${contract.contractId}|${day}|${closesAt}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ ...first, kinds: group.map(({ kind }) => kind) }] : []
  })
}

type Submitted = Pick<SubmittedRow, 'fuId' | 'tradingDay' | 'kind' | 'direction'>

/**
 * The gates at which an FU has submitted none of the kinds that close. One that has submitted some of them has made its choice: its contract
 * holds for the rest.
 */
export function missingAt(gates: readonly GateAhead[], submitted: readonly Submitted[]): GateAhead[] {
  const of = Map.groupBy(submitted, ({ fuId }) => fuId)
  return gates.filter((gate) => !(of.get(gate.contract.fuId) ?? []).some((row) => isAnswer(row, gate)))
}

/** Whether a schedule is one that a contract's gate is for. A baseline has no direction. */
function isAnswer({ kind, direction, tradingDay }: Submitted, { contract, day, kinds }: GateAhead): boolean {
  if (!kinds.includes(kind) || !tradingDay.equals(day)) return false
  return kind === 'baseline' || direction === contract.direction
}
