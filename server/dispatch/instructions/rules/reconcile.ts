import type { Instant } from '@js-joda/core'
import type { InstructionState } from '../../../../schemas/dispatch/instructions.ts'
import type { Span } from '../../../market/index.ts'
import { cut, earlier, type Interval, joined, later, turnDownTheSame } from './intervals.ts'

/** What matters of a live instruction. Those of one FU do not overlap. */
export interface LiveInstruction extends Span {
  fuId: string
  state: InstructionState
  /** The instruction that this one replaces at the FSP. */
  supersedes: string | null
  /** In order of time. */
  intervals: readonly Interval[]
}

/** What is reconciled. */
export interface Scope extends Span {
  /** An end that must be accepted whatever else the FSP thinks: a successor holds 0 W only, and nothing from before. */
  isEmergency?: boolean
}

/** An instruction and its successor; `null`: no successor, because the FSP has not received the instruction. */
export interface Replacement<Live> {
  instruction: Live
  successor: {
    intervals: Interval[]
    /** When the successor first differs from the instruction. */
    changesAt: Instant
  } | null
}

/** What to do so that what is instructed is what is wanted. */
export interface Reconciliation<Live> {
  keep: Live[]
  supersede: Replacement<Live>[]
  issue: { fuId: string; intervals: Interval[] }[]
}

/**
 * Compares live instructions with what is wanted in a span ahead. An instruction that matches stays. One that differs is superseded: its
 * successor repeats the part outside the span, and holds what is wanted inside it; where nothing is wanted it holds 0 W, which ends the
 * turn-down, unless the FSP cannot have received it. What is wanted without a live instruction is issued. Nothing before the span changes.
 * Reconciling again after the result is applied changes nothing.
 *
 * @param live at most one per FU at a time.
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
      // What is wanted on either side of an instruction becomes two instructions: a single one would overlap it.
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

/** Whether an FSP may have received an instruction, or the one that it replaces: only then is there anything to end. */
function isHeardOf({ state, supersedes }: LiveInstruction): boolean {
  return state !== 'planned' || supersedes !== null
}
