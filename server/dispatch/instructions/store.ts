import type { Instant } from '@js-joda/core'
import { and, asc, eq, gt, gte, inArray, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Instruction, InstructionState } from '../../../schemas/dispatch/instructions.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { instructionIdOf } from './identity.ts'
import { type InstructionEvent, instructionStates, liveStates } from './states.ts'
import { instruction, instructionAttempt } from './tables.ts'

export type InstructionRow = typeof instruction.$inferSelect

/** What a plan says of an instruction; identifier, span and state follow from it. */
export type PlannedInstruction = Pick<
  InstructionRow,
  'fuId' | 'fspId' | 'product' | 'scheduleKind' | 'scheduleVersion' | 'plannedAt' | 'expiresAt'
> & {
  /** In order of time. */
  intervals: readonly { from: Instant; to: Instant; turnDownW: number }[]
  revision?: number
  supersedes?: string | null
}

/** Plans instructions; those that exist already for their FU, product and window stay as they are. Returns how many were new. */
export async function planInstructions(tx: Queryable, plans: readonly PlannedInstruction[]): Promise<number> {
  let made = 0
  for (let i = 0; i < plans.length; i += 2_000) {
    const rows = plans.slice(i, i + 2_000).map(rowOf)
    const inserted = await tx
      .insert(instruction)
      .values(rows)
      .onConflictDoNothing()
      .returning({ id: instruction.instructionId })
    made += inserted.length
  }
  return made
}

function rowOf({ intervals, revision = 1, supersedes = null, ...rest }: PlannedInstruction) {
  const [first, last] = [intervals[0], intervals.at(-1)]
  if (!first || !last) throw new Error('an instruction needs an interval')
  return {
    ...rest,
    instructionId: instructionIdOf({ ...rest, fromAt: first.from, revision }),
    fromAt: first.from,
    toAt: last.to,
    turnDownW: Math.max(...intervals.map((i) => i.turnDownW)),
    intervals: intervals.map((i) => ({ from: i.from.toString(), to: i.to.toString(), turnDownW: i.turnDownW })),
    revision,
    supersedes,
    state: 'planned' as const,
  }
}

export interface InstructionFilter {
  states?: readonly InstructionState[]
  product?: Product | undefined
  /** Windows that start at or after `from` and before `to`. */
  from?: Instant
  to?: Instant
  fspId?: string | null | undefined
  fuIds?: readonly string[] | undefined
  instructionId?: string
}

/** Instructions in order of time, FU and revision, so that of one window the last in the list is the one that counts. */
export async function listInstructions(tx: Queryable, filter: InstructionFilter): Promise<InstructionRow[]> {
  return tx
    .select()
    .from(instruction)
    .where(
      and(
        filter.instructionId ? eq(instruction.instructionId, filter.instructionId) : undefined,
        filter.states ? inArray(instruction.state, [...filter.states]) : undefined,
        filter.product ? eq(instruction.product, filter.product) : undefined,
        filter.from ? gte(instruction.fromAt, filter.from) : undefined,
        filter.to ? lt(instruction.fromAt, filter.to) : undefined,
        filter.fspId ? eq(instruction.fspId, filter.fspId) : undefined,
        filter.fuIds ? inArray(instruction.fuId, [...filter.fuIds]) : undefined,
      ),
    )
    .orderBy(asc(instruction.fromAt), asc(instruction.fuId), asc(instruction.revision))
}

/** First revisions of a product that begin in a span, by what became of them. */
export async function countInstructions(tx: Queryable, product: Product, from: Instant, to: Instant) {
  const of = (what: SQL) => sql<number>`(count(*) filter (where ${what}))::int`
  const [counted] = await tx
    .select({
      issued: of(sql`${instruction.issuedAt} is not null`),
      acknowledged: of(sql`${instruction.acknowledgedAt} is not null`),
      refused: of(sql`${instruction.state} = 'refused'`),
      unknown: of(sql`${instruction.state} in ('unknown', 'sent')`),
    })
    .from(instruction)
    .where(
      and(
        eq(instruction.product, product),
        eq(instruction.revision, 1),
        gte(instruction.fromAt, from),
        lt(instruction.fromAt, to),
      ),
    )
  return counted ?? { issued: 0, acknowledged: 0, refused: 0, unknown: 0 }
}

/** What has to be sent or asked for now. */
export async function outstandingAt(tx: Queryable, at: Instant): Promise<InstructionRow[]> {
  const isDue = and(inArray(instruction.state, ['sent', 'unknown']), lte(instruction.nextAttemptAt, at))
  return tx
    .select()
    .from(instruction)
    .where(or(eq(instruction.state, 'planned'), isDue))
    .orderBy(asc(instruction.fromAt), asc(instruction.fuId))
}

/** Live instructions of FUs whose window has not ended, locked in one order so that two revisers cannot block each other. */
export async function lockLive(
  tx: Queryable,
  at: Instant,
  filter: { fuIds?: readonly string[]; fspId?: string; product?: Product },
): Promise<InstructionRow[]> {
  return tx
    .select()
    .from(instruction)
    .where(
      and(
        inArray(instruction.state, [...liveStates]),
        gt(instruction.toAt, at),
        filter.fuIds ? inArray(instruction.fuId, [...filter.fuIds]) : undefined,
        filter.fspId ? eq(instruction.fspId, filter.fspId) : undefined,
        filter.product ? eq(instruction.product, filter.product) : undefined,
      ),
    )
    .orderBy(asc(instruction.instructionId))
    .for('update')
}

/** Marks as ended the acknowledged instructions whose window has passed (E2EPA008). Returns how many. */
export async function endPassed(tx: Queryable, at: Instant): Promise<number> {
  const ended = await tx
    .update(instruction)
    .set({ state: 'ended' })
    .where(and(eq(instruction.state, 'acknowledged'), lte(instruction.toAt, at)))
    .returning({ id: instruction.instructionId })
  return ended.length
}

/**
 * Moves an instruction on, if the event can happen in the state that it is in by then: the update names that state, so of two
 * workers only one succeeds. Returns the row as it is afterwards, or `null` when the event came too late.
 */
export async function moveOn(
  tx: Queryable,
  row: InstructionRow,
  event: InstructionEvent,
  change: Partial<Pick<InstructionRow, 'issuedAt' | 'answeredAt' | 'acknowledgedAt' | 'nextAttemptAt' | 'reason'>> = {},
): Promise<InstructionRow | null> {
  const state = instructionStates[row.state][event]
  if (!state) return null
  const [moved] = await tx
    .update(instruction)
    .set({ ...change, state })
    .where(and(eq(instruction.instructionId, row.instructionId), eq(instruction.state, row.state)))
    .returning()
  return moved ?? null
}

/**
 * Moves several instructions on at once, those of them that are still in the state `from`. Returns them as they are afterwards.
 * An instruction keeps the instant at which it was first issued.
 */
export async function moveAllOn(
  tx: Queryable,
  from: InstructionState,
  instructionIds: readonly string[],
  event: InstructionEvent,
  change: Partial<Pick<InstructionRow, 'issuedAt' | 'answeredAt' | 'acknowledgedAt' | 'nextAttemptAt' | 'reason'>>,
): Promise<InstructionRow[]> {
  const state = instructionStates[from][event]
  if (!state || instructionIds.length === 0) return []
  const issuedAt = change.issuedAt?.toString()
  return tx
    .update(instruction)
    .set({
      ...change,
      ...(issuedAt ? { issuedAt: sql`coalesce(${instruction.issuedAt}, ${issuedAt}::timestamptz)` } : {}),
      state,
    })
    .where(and(inArray(instruction.instructionId, [...instructionIds]), eq(instruction.state, from)))
    .returning()
}

/** Takes the right to ask for an instruction; `false` when somebody else has taken it. */
export async function claimQuestion(tx: Queryable, row: InstructionRow, until: Instant): Promise<boolean> {
  const claimed = await tx
    .update(instruction)
    .set({ nextAttemptAt: until })
    .where(
      and(
        eq(instruction.instructionId, row.instructionId),
        eq(instruction.state, row.state),
        row.nextAttemptAt ? eq(instruction.nextAttemptAt, row.nextAttemptAt) : undefined,
      ),
    )
    .returning({ id: instruction.instructionId })
  return claimed.length === 1
}

/** Leaves an instruction alone until then, if it is still in the state that it was in. */
export async function waitUntil(tx: Queryable, row: InstructionRow, nextAttemptAt: Instant): Promise<void> {
  await tx
    .update(instruction)
    .set({ nextAttemptAt })
    .where(and(eq(instruction.instructionId, row.instructionId), eq(instruction.state, row.state)))
}

/** Notes a sending, a question or a confirmation by hand, and its outcome. Returns its number. */
export async function recordAttempt(
  tx: Queryable,
  instructionId: string,
  at: Instant,
  action: 'send' | 'ask' | 'confirm',
  outcome: string,
): Promise<number> {
  const [row] = await tx.execute<{ attempt: number }>(sql`
    insert into ${instructionAttempt} (instruction_id, attempt, at, action, outcome)
    select ${instructionId}::uuid, coalesce(max(attempt), 0) + 1, ${at.toString()}::timestamptz, ${action}, ${outcome}
    from ${instructionAttempt} where instruction_id = ${instructionId}::uuid
    returning attempt`)
  return row?.attempt ?? 0
}

/** Notes several sendings with the same outcome. */
export async function recordAttempts(
  tx: Queryable,
  instructionIds: readonly string[],
  at: Instant,
  action: 'send' | 'ask',
  outcome: string,
): Promise<void> {
  if (instructionIds.length === 0) return
  const ids = sql.join(
    instructionIds.map((id) => sql`(${id}::uuid)`),
    sql`, `,
  )
  await tx.execute(sql`
    insert into ${instructionAttempt} (instruction_id, attempt, at, action, outcome)
    select given.id, coalesce((select max(attempt) from ${instructionAttempt} a where a.instruction_id = given.id), 0) + 1,
      ${at.toString()}::timestamptz, ${action}, ${outcome}
    from (values ${ids}) as given (id)`)
}

/** An instruction as it goes out to its FSP. */
export function messageOf(row: InstructionRow, issuedAt: Instant): Instruction {
  return {
    instructionId: row.instructionId,
    fuId: row.fuId,
    product: row.product,
    intervals: row.intervals,
    issuedAt: issuedAt.toString(),
    expiresAt: row.expiresAt.toString(),
    onExpiry: 'end',
    ...(row.supersedes ? { supersedes: row.supersedes } : {}),
  }
}
