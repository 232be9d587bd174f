import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { moveOn, type PlannedInstruction, planInstructions } from './life.ts'
import { earlier, type Interval } from './rules/intervals.ts'
import { gateOf } from './rules/notice.ts'
import type { Reconciliation, Replacement } from './rules/reconcile.ts'
import { type InstructionRow, intervalsOf, listInstructions } from './store.ts'

/** A live instruction, as `reconcile` needs it. */
export interface LiveRow extends Pick<InstructionRow, 'fuId' | 'state' | 'supersedes'> {
  from: Instant
  to: Instant
  intervals: ReturnType<typeof intervalsOf>
  row: InstructionRow
}

export function liveRow(row: InstructionRow): LiveRow {
  const { fuId, state, supersedes } = row
  return { fuId, state, supersedes, from: row.fromAt, to: row.toAt, intervals: intervalsOf(row), row }
}

/** The schedule behind an instruction that replaces another. */
type Origin = Pick<PlannedInstruction, 'fspId' | 'product' | 'scheduleKind' | 'scheduleVersion'>

/** How to carry out a reconciliation. */
export interface Manner {
  at: Instant
  /** The reason recorded on a superseded instruction. */
  reason: string
  /** The live schedule behind what is wanted of an FU; without one, a successor keeps that of the instruction it replaces. */
  originOf(fuId: string): Origin | undefined
  /**
   * What to issue without a live instruction: `first` only if there never was one, so that a tick does not repeat what an FSP refused;
   * `again` even then; `none`.
   */
  issues: 'first' | 'again' | 'none'
  /** Notice of an FU less the tolerance, s: until so long before its turn-down begins or grows an instruction may be sent. */
  noticeS?(fuId: string): number
  /** Why an instruction asks for less than its schedule does; `null` where it does not. */
  cutBecause?(fuId: string, intervals: readonly Interval[]): string | null
  /**
   * Whether a successor is sent for as long as the instruction that it ends would last. By default it is not sent once its first change is
   * past.
   */
  endsLate?: boolean
}

/** Carries out a reconciliation, in the transaction that locked the live instructions. Returns how many instructions were planned. */
export async function carryOut(tx: Queryable, result: Reconciliation<LiveRow>, manner: Manner): Promise<number> {
  const successors: PlannedInstruction[] = []
  for (const replacement of result.supersede) {
    const { row } = replacement.instruction
    const moved = await moveOn(tx, row, 'supersede', { reason: manner.reason, nextAttemptAt: null })
    const plan = moved && successorPlan(replacement, manner)
    if (plan) successors.push(plan)
  }
  const fresh = manner.issues === 'none' ? [] : result.issue.flatMap((each) => issuePlan(each, manner))
  const revised = manner.issues === 'again' ? [...successors, ...fresh] : successors
  const first = manner.issues === 'again' ? [] : fresh
  return (await planInstructions(tx, await asRevisions(tx, revised))) + (await planInstructions(tx, first))
}

function issuePlan({ fuId, intervals }: Reconciliation<LiveRow>['issue'][number], manner: Manner) {
  const [origin, first] = [manner.originOf(fuId), intervals[0]]
  if (!origin || !first) return []
  const gate = gateOf(intervals, [], manner.noticeS?.(fuId) ?? 0)
  const cutBecause = manner.cutBecause?.(fuId, intervals) ?? null
  const expiresAt = earlier(first.from, gate ?? first.from)
  return [{ ...origin, fuId, intervals, plannedAt: manner.at, expiresAt, cutBecause }]
}

function successorPlan({ instruction, successor }: Replacement<LiveRow>, manner: Manner): PlannedInstruction | null {
  if (!successor) return null
  const { row } = instruction
  const origin = manner.originOf(row.fuId)
  const end = manner.endsLate ? row.toAt : successor.changesAt
  const gate = gateOf(successor.intervals, instruction.intervals, manner.noticeS?.(row.fuId) ?? 0)
  return {
    fuId: row.fuId,
    fspId: row.fspId,
    product: row.product,
    scheduleKind: origin?.scheduleKind ?? row.scheduleKind,
    scheduleVersion: origin?.scheduleVersion ?? row.scheduleVersion,
    plannedAt: manner.at,
    expiresAt: gate ? earlier(end, gate) : end,
    intervals: successor.intervals,
    cutBecause: manner.cutBecause?.(row.fuId, successor.intervals) ?? null,
    revision: row.revision + 1,
    supersedes: row.state === 'planned' ? row.supersedes : row.instructionId,
  }
}

/** Turns each plan into the next revision of the instructions for its FU, product and start. */
async function asRevisions(tx: Queryable, plans: readonly PlannedInstruction[]): Promise<PlannedInstruction[]> {
  const starts = plans.flatMap((plan) => plan.intervals[0]?.from ?? []).sort((a, b) => a.compareTo(b))
  const [first, last] = [starts[0], starts.at(-1)]
  if (!first || !last) return []
  const fuIds = [...new Set(plans.map((plan) => plan.fuId))]
  const known = new Map<string, number>()
  for (const row of await listInstructions(tx, { fuIds, from: first, to: last.plusMillis(1) }))
    known.set(keyOf(row.fuId, row.product, row.fromAt), row.revision)
  return plans.map((plan) => {
    const start = plan.intervals[0]?.from ?? first
    const before = known.get(keyOf(plan.fuId, plan.product, start)) ?? 0
    return { ...plan, revision: Math.max(before + 1, plan.revision ?? 1) }
  })
}

function keyOf(fuId: string, product: string, from: Instant): string {
  return `${fuId} ${product} ${from}`
}
