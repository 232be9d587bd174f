import { and, eq, gte, inArray, lt, lte, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Queryable } from '../../../platform/db/index.ts'
import { refusalReason } from '../../../schemas/dispatch/instructions.ts'
import { dispatchStop } from '../emergency/tables.ts'
import type { Outcome, Part } from './rules/in-force.ts'
import { earlier, later } from './rules/intervals.ts'
import { type InstructionFilter, type InstructionRow, listInstructions, quarterHours } from './store.ts'
import { instruction, instructionAttempt } from './tables.ts'

/** One quarter-hour of an instruction, or a part of one. */
export interface InstructedPeriod extends Part, Pick<InstructionRow, 'fuId' | 'state' | 'acknowledgedAt'> {}

/** What FUs were instructed, by quarter-hour, whatever the span of the instruction; in order of time, FU and revision. */
export async function instructedPeriods(tx: Queryable, filter: InstructionFilter): Promise<InstructedPeriod[]> {
  const rows = await listInstructions(tx, filter)
  const undelivered = await undeliveredOf(tx, rows)
  const outcomes = rows.map((row) => outcomeOf(row, undelivered))
  const periods = rows.flatMap((row, i) => periodsOf(row, outcomes[i] ?? 'none'))
  const lasting = rows.filter((_, i) => outcomes[i] === 'refused' || outcomes[i] === 'undelivered')
  return [...periods, ...(await stoppedPeriods(tx, lasting))].sort((a, b) => a.fromAt.compareTo(b.fromAt))
}

function periodsOf(row: InstructionRow, outcome: Outcome, intervals = quarterHours(row)): InstructedPeriod[] {
  const { instructionId, fuId, product, state, acknowledgedAt, plannedAt, revision } = row
  const common = { instructionId, fuId, product, state, acknowledgedAt, plannedAt, revision, outcome }
  return intervals.map(({ from, to, turnDownW }) => ({ ...common, turnDownW, fromAt: from, toAt: to }))
}

function outcomeOf(row: InstructionRow, undelivered: ReadonlySet<string>): Outcome {
  if (row.acknowledgedAt) return 'accepted'
  if (row.state === 'refused') return isOfItsOwn(row.reason) ? 'refused' : 'none'
  return undelivered.has(row.instructionId) ? 'undelivered' : 'none'
}

/** Reasons for which not the FSP but the DNO answers: the instruction itself was wrong. */
const ours = new Set<string>(['unknown-unit', 'outside-window'] satisfies (typeof refusalReason.options)[number][])

/** Whether an FSP refused for a reason of its own (domain section 12). */
function isOfItsOwn(reason: string | null): boolean {
  const named = refusalReason.options.find((each) => reason === each || reason?.startsWith(`${each}:`))
  return named !== undefined && !ours.has(named)
}

/**
 * Which of the expired instructions did not arrive because the FSP's end failed: a call to the FSP failed between their planning and their
 * gate, or they were handed over and never confirmed. Without such a call our own end failed.
 */
async function undeliveredOf(tx: Queryable, rows: readonly InstructionRow[]): Promise<Set<string>> {
  const expired = rows.filter((row) => row.state === 'expired' && row.turnDownW !== 0).map((row) => row.instructionId)
  if (expired.length === 0) return new Set()
  const other = alias(instruction, 'other')
  const { noAnswer } = instructionAttempt
  const failed = eq(noAnswer, 'fsp-failed')
  const handedOver = and(eq(instructionAttempt.instructionId, instruction.instructionId), eq(noAnswer, 'handed-over'))
  const found = await tx
    .selectDistinct({ instructionId: instruction.instructionId })
    .from(instruction)
    .innerJoin(other, and(eq(other.fspId, instruction.fspId), eq(other.product, instruction.product)))
    .innerJoin(instructionAttempt, eq(instructionAttempt.instructionId, other.instructionId))
    .where(
      and(
        inArray(instruction.instructionId, expired),
        // The calls of the day are enough, and there is an index for them.
        sql`${other.fromAt} between ${instruction.fromAt} - interval '1 day' and ${instruction.toAt} + interval '1 day'`,
        gte(instructionAttempt.at, instruction.plannedAt),
        or(handedOver, and(failed, lte(instructionAttempt.at, instruction.expiresAt))),
      ),
    )
  return new Set(found.map((row) => row.instructionId))
}

/** The parts of refused and undelivered instructions that lie in an emergency stop: a stop ends those that were accepted by 0 W. */
async function stoppedPeriods(tx: Queryable, rows: readonly InstructionRow[]): Promise<InstructedPeriod[]> {
  if (rows.length === 0) return []
  const first = rows.map((row) => row.plannedAt).reduce(earlier)
  const last = rows.map((row) => row.toAt).reduce(later)
  const stops = await tx
    .select()
    .from(dispatchStop)
    .where(and(gte(dispatchStop.stoppedAt, first), lt(dispatchStop.stoppedAt, last)))
  return rows.flatMap((row) =>
    stops
      .filter((stop) => stop.fspId === null || stop.fspId === row.fspId)
      .flatMap((stop) =>
        periodsOf({ ...row, plannedAt: stop.stoppedAt }, 'stopped').flatMap((period) => {
          // What a stop ended does not come back when it is lifted.
          if (!period.toAt.isAfter(stop.stoppedAt)) return []
          return [{ ...period, turnDownW: 0, fromAt: later(period.fromAt, stop.stoppedAt) }]
        }),
      ),
  )
}
