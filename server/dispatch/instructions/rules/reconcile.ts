import type { Instant } from '@js-joda/core'
import type { InstructionState } from '../../../../schemas/dispatch/instructions.ts'
import type { Span } from '../../timetable/index.ts'
import { cut, earlier, type Interval, joined, later, turnDownTheSame } from './intervals.ts'

/** What counts of an instruction that holds its FU. Those of one FU do not overlap. */
export interface LiveInstruction extends Span {
  fuId: string
  state: InstructionState
  /** The instruction that this one takes the place of at the FSP. */
  supersedes: string | null
  /** In order of time. */
  intervals: readonly Interval[]
}

/** What is reconciled. */
export interface Scope extends Span {
  /** An end that has to be taken whatever else the FSP thinks: a successor says 0 W and nothing of what was before. */
  isEmergency?: boolean
}

/** An instruction whose place another takes; `null`: none, because its FSP has not heard of it. */
export interface Replacement<Live> {
  instruction: Live
  successor: {
    intervals: Interval[]
    /** When it begins to say something else than the instruction did. */
    changesAt: Instant
  } | null
}

/** What has to be done so that what is instructed is what is wanted. */
export interface Reconciliation<Live> {
  keep: Live[]
  supersede: Replacement<Live>[]
  issue: { fuId: string; intervals: Interval[] }[]
}

/**
 * Compares what holds with what is wanted in a span ahead. An instruction that says the same stays. One that says something else is
 * superseded: its successor repeats what it says outside the span, and says what is wanted inside it; where that is nothing it says
 * 0 W, which ends the turn-down, unless the FSP cannot have heard of it. What is wanted where no instruction holds is issued. Nothing
 * before the span is changed. Once the result is applied, reconciling again changes nothing.
 *
 * @param live of which each FU has at most one at a time.
 * @param wanted per FU, in order of time; 0 W is wanted, no interval is not.
 */
export function reconcile<Live extends LiveInstruction>(
  live: readonly Live[],
  wanted: ReadonlyMap<string, readonly Interval[]>,
  scope: Scope,
): Reconciliation<Live> {
  const result: Reconciliation<Live> = { keep: [], supersede: [], issue: [] }
  const held = Map.groupBy(live.filter(overlaps(scope)), (row) => row.fuId)
  for (const fuId of new Set([...held.keys(), ...wanted.keys()])) {
    let open: readonly Interval[][] = [joined(cut(wanted.get(fuId) ?? [], scope))]
    const rows = (held.get(fuId) ?? []).toSorted((a, b) => a.from.compareTo(b.from))
    for (const instruction of rows) {
      const own = open.flatMap((part) => cut(part, instruction))
      if (turnDownTheSame(cut(instruction.intervals, scope), own)) result.keep.push(instruction)
      else result.supersede.push({ instruction, successor: successorOf(instruction, own, scope) })
      // What is wanted on either side of an instruction is issued as two: one over both would overlap it.
      open = open.flatMap((part) => [
        cut(part, { from: scope.from, to: instruction.from }),
        cut(part, { from: instruction.to, to: scope.to }),
      ])
    }
    for (const intervals of open) if (intervals.length > 0) result.issue.push({ fuId, intervals: [...intervals] })
  }
  return result
}

function overlaps({ from, to }: Span): (row: Span) => boolean {
  return (row) => row.to.isAfter(from) && row.from.isBefore(to)
}

function successorOf(row: LiveInstruction, wanted: readonly Interval[], scope: Scope): Replacement<never>['successor'] {
  const after = cut(row.intervals, { from: scope.to, to: later(row.to, scope.to) })
  if (!isHeardOf(row)) {
    const intervals = joined([...wanted, ...after])
    return intervals[0] ? { intervals, changesAt: intervals[0].from } : null
  }
  const before = scope.isEmergency ? [] : cut(row.intervals, { from: earlier(row.from, scope.from), to: scope.from })
  const end = { from: later(row.from, scope.from), to: earlier(row.to, scope.to), turnDownW: 0 }
  const ahead = wanted.length > 0 ? wanted : [end]
  const changesAt = before.length > 0 ? scope.from : (ahead[0] ?? end).from
  return { intervals: joined([...before, ...ahead, ...after]), changesAt }
}

/** Whether an FSP may have heard of an instruction, or of the one that it takes the place of: only then is there anything to end. */
function isHeardOf({ state, supersedes }: LiveInstruction): boolean {
  return state !== 'planned' || supersedes !== null
}
