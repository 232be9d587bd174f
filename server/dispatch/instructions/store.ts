import type { Instant } from '@js-joda/core'
import { and, asc, eq, gt, gte, inArray, lt, lte, type SQL, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { InstructionState } from '../../../schemas/dispatch/instructions.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { instructionIdOf } from './identity.ts'
import { type Interval, inQuarterHours } from './rules/intervals.ts'
import { type InstructionEvent, instructionStates, liveStates } from './rules/states.ts'
import { instruction } from './tables.ts'

export type InstructionRow = typeof instruction.$inferSelect

/** What a plan says of an instruction; identifier, span and state follow from it. */
export type PlannedInstruction = Pick<
  InstructionRow,
  'fuId' | 'fspId' | 'product' | 'scheduleKind' | 'scheduleVersion' | 'plannedAt' | 'expiresAt'
> & {
  /** In order of time. */
  intervals: readonly Interval[]
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
  states?: readonly InstructionState[] | undefined
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
    .where(matching(filter))
    .orderBy(...inOrder.map((column) => asc(column)))
}

/** A page of instructions, in the same order. */
export async function pageOfInstructions<Item>(
  tx: Queryable,
  filter: InstructionFilter,
  query: PageQuery,
  view: (row: InstructionRow) => Item,
): Promise<Page<Item>> {
  const rows = await tx
    .select()
    .from(instruction)
    .where(and(matching(filter), afterCursor(query, inOrder)))
    .orderBy(...inOrder.map((column) => asc(column)))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.fromAt.toString(), row.fuId, row.product, row.revision], view)
}

/** No two instructions are the same in all of these. */
const inOrder = [instruction.fromAt, instruction.fuId, instruction.product, instruction.revision]

function matching(filter: InstructionFilter): SQL | undefined {
  return and(
    filter.instructionId ? eq(instruction.instructionId, filter.instructionId) : undefined,
    filter.states ? inArray(instruction.state, [...filter.states]) : undefined,
    filter.product ? eq(instruction.product, filter.product) : undefined,
    filter.from ? gte(instruction.fromAt, filter.from) : undefined,
    filter.to ? lt(instruction.fromAt, filter.to) : undefined,
    filter.fspId ? eq(instruction.fspId, filter.fspId) : undefined,
    filter.fuIds ? inArray(instruction.fuId, [...filter.fuIds]) : undefined,
  )
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

/** Live instructions that reach into a span, locked in one order so that two that revise them cannot block each other. */
export async function lockLive(tx: Queryable, filter: LiveFilter): Promise<InstructionRow[]> {
  return liveIn(tx, filter).for('update')
}

/** Live instructions that reach into a span. */
export async function listLive(tx: Queryable, filter: LiveFilter): Promise<InstructionRow[]> {
  return liveIn(tx, filter)
}

/** Instructions that end after `from` and begin before `to`. */
export interface LiveFilter {
  from: Instant
  to?: Instant
  fuIds?: readonly string[] | undefined
  fspId?: string | null
  product?: Product
}

function liveIn(tx: Queryable, filter: LiveFilter) {
  return tx
    .select()
    .from(instruction)
    .where(
      and(
        inArray(instruction.state, [...liveStates]),
        gt(instruction.toAt, filter.from),
        filter.to ? lt(instruction.fromAt, filter.to) : undefined,
        filter.fuIds ? inArray(instruction.fuId, [...filter.fuIds]) : undefined,
        filter.fspId ? eq(instruction.fspId, filter.fspId) : undefined,
        filter.product ? eq(instruction.product, filter.product) : undefined,
      ),
    )
    .orderBy(asc(instruction.instructionId))
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

/** The intervals of an instruction, in order of time. */
export function intervalsOf(row: Pick<InstructionRow, 'intervals'>): Interval[] {
  return row.intervals.map((i) => ({ from: toInstant(i.from), to: toInstant(i.to), turnDownW: i.turnDownW }))
}

/** The quarter-hours of an instruction, in order; the first and the last may be shorter. */
export function quarterHours(row: Pick<InstructionRow, 'intervals'>): Interval[] {
  return inQuarterHours(intervalsOf(row))
}
