import type { Instant } from '@js-joda/core'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import {
  type InstructionRow,
  listInstructions,
  lockLive,
  moveOn,
  type PlannedInstruction,
  planInstructions,
} from '../instructions/index.ts'
import { wantedIn } from '../issuing/index.ts'
import type { ProductTimetable, Span } from '../timetable/index.ts'

type Interval = PlannedInstruction['intervals'][number]

/**
 * Brings what was issued for a window still ahead into line with the live schedules: an instruction that says otherwise is superseded, and
 * another revision takes its place, whose part before the window says what it said; FUs that are wanted now and have none get one.
 */
export async function alignIssued(
  tx: Queryable,
  at: Instant,
  timetable: ProductTimetable,
  window: Span,
): Promise<void> {
  const { product } = timetable
  const live = (await lockLive(tx, at, { product })).filter(
    (row) => row.toAt.isAfter(window.from) && row.fromAt.isBefore(window.to),
  )
  const wanted = new Map((await wantedIn(tx, at, timetable, window)).map((plan) => [plan.fuId, plan]))
  const held = Map.groupBy(live, (row) => row.fuId)
  for (const fuId of new Set([...held.keys(), ...wanted.keys()])) {
    const plan = wanted.get(fuId)
    let rest: readonly Interval[] = plan?.intervals ?? []
    for (const row of held.get(fuId) ?? []) {
      await align(tx, at, window, row, cut(rest, window.from, row.toAt, row.fromAt), plan)
      rest = [...cut(rest, window.from, row.fromAt), ...cut(rest, row.toAt, window.to)]
    }
    const [first] = rest
    if (plan && first) await planRevision(tx, { ...plan, intervals: rest, expiresAt: first.from })
  }
}

/** Supersedes an instruction that says something else, for what is ahead of it, than is wanted there. */
async function align(
  tx: Queryable,
  at: Instant,
  window: Span,
  row: InstructionRow,
  wanted: readonly Interval[],
  plan: PlannedInstruction | undefined,
): Promise<void> {
  if (text(cut(intervalsOf(row), window.from, window.to)) === text(wanted)) return
  if (!(await moveOn(tx, row, 'supersede', { reason: 'dispatched again', nextAttemptAt: null }))) return
  if (wanted.length > 0 || row.state !== 'planned') await planNext(tx, at, row, window, wanted, plan)
}

/** Plans what follows an instruction: what it said before the window, and what is wanted in it; 0 W where nothing is. */
async function planNext(
  tx: Queryable,
  at: Instant,
  row: InstructionRow,
  window: Span,
  wanted: readonly Interval[],
  plan: PlannedInstruction | undefined,
): Promise<void> {
  const before = cut(intervalsOf(row), row.fromAt, window.from)
  const endsAt = row.fromAt.isAfter(window.from) ? row.fromAt : window.from
  const after = wanted.length > 0 ? wanted : [{ from: endsAt, to: row.toAt, turnDownW: 0 }]
  const intervals = [...before, ...after]
  await planRevision(tx, {
    fuId: row.fuId,
    fspId: row.fspId,
    product: row.product,
    plannedAt: at,
    intervals,
    expiresAt: before.length > 0 ? window.from : (intervals[0] as Interval).from,
    scheduleKind: plan?.scheduleKind ?? row.scheduleKind,
    scheduleVersion: plan?.scheduleVersion ?? row.scheduleVersion,
    supersedes: row.state === 'planned' ? row.supersedes : row.instructionId,
  })
}

/** Plans an instruction as the next revision of those for its FU, product and start. */
async function planRevision(tx: Queryable, plan: PlannedInstruction): Promise<void> {
  const [first] = plan.intervals
  if (!first) return
  const same = await listInstructions(tx, {
    fuIds: [plan.fuId],
    product: plan.product,
    from: first.from,
    to: first.from.plusMillis(1),
  })
  const revision = 1 + same.reduce((most, row) => Math.max(most, row.revision), 0)
  await planInstructions(tx, [{ ...plan, revision }])
}

function intervalsOf(row: InstructionRow): Interval[] {
  return row.intervals.map((i) => ({ from: toInstant(i.from), to: toInstant(i.to), turnDownW: i.turnDownW }))
}

/** The parts of intervals that lie in a span, which begins at the later of two instants. */
function cut(intervals: readonly Interval[], first: Instant, to: Instant, second = first): Interval[] {
  const from = second.isAfter(first) ? second : first
  return intervals.flatMap((i) => {
    const part = { ...i, from: i.from.isBefore(from) ? from : i.from, to: i.to.isAfter(to) ? to : i.to }
    return part.from.isBefore(part.to) ? [part] : []
  })
}

/** Quarter-hour neighbours with the same turn-down are one; 0 W at the end, or instead of nothing, is nothing more than an end. */
function text(intervals: readonly Interval[]): string {
  const parts: Interval[] = []
  for (const each of intervals.toSorted((a, b) => a.from.compareTo(b.from))) {
    const last = parts.at(-1)
    if (last?.to.equals(each.from) && last.turnDownW === each.turnDownW) last.to = each.to
    else parts.push({ ...each })
  }
  return parts
    .filter((part) => part.turnDownW > 0)
    .map((part) => `${part.from} ${part.to} ${part.turnDownW}`)
    .join('\n')
}
