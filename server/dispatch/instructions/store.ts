import type { Instant } from '@js-joda/core'
import { and, asc, eq, gt, gte, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { InstructionState } from '../../../schemas/dispatch/instructions.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { type Interval, inQuarterHours } from './rules/intervals.ts'
import { liveStates, stopReason } from './rules/states.ts'
import { instruction } from './tables.ts'

export type InstructionRow = typeof instruction.$inferSelect

export interface InstructionFilter {
  states?: readonly InstructionState[] | undefined
  product?: Product | undefined
  /** Windows that start at or after `from` and before `to`. */
  from?: Instant
  to?: Instant
  /** Windows that reach into a span. */
  overlapping?: { from: Instant; to: Instant }
  fspId?: string | null | undefined
  fuIds?: readonly string[] | undefined
  instructionId?: string
}

/** Instructions in order of time, FU and revision, so that the last in the list for a window is the one that counts. */
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

/** Unique for each instruction. */
const inOrder = [instruction.fromAt, instruction.fuId, instruction.product, instruction.revision]

function matching(filter: InstructionFilter): SQL | undefined {
  return and(
    filter.instructionId ? eq(instruction.instructionId, filter.instructionId) : undefined,
    filter.states ? inArray(instruction.state, [...filter.states]) : undefined,
    filter.product ? eq(instruction.product, filter.product) : undefined,
    filter.from ? gte(instruction.fromAt, filter.from) : undefined,
    filter.to ? lt(instruction.fromAt, filter.to) : undefined,
    filter.overlapping ? gt(instruction.toAt, filter.overlapping.from) : undefined,
    filter.overlapping ? lt(instruction.fromAt, filter.overlapping.to) : undefined,
    filter.fspId ? eq(instruction.fspId, filter.fspId) : undefined,
    filter.fuIds ? inArray(instruction.fuId, [...filter.fuIds]) : undefined,
  )
}

/** Counts the first revisions of a product that begin in a span, by outcome, and all that an emergency stop ended. */
export async function countInstructions(tx: Queryable, product: Product, from: Instant, to: Instant) {
  const of = (what: SQL) => sql<number>`(count(*) filter (where ${what} and ${instruction.revision} = 1))::int`
  const [counted] = await tx
    .select({
      issued: of(sql`${instruction.issuedAt} is not null`),
      acknowledged: of(sql`${instruction.acknowledgedAt} is not null`),
      refused: of(sql`${instruction.state} = 'refused'`),
      unknown: of(sql`${instruction.state} in ('unknown', 'sent')`),
      stopped: sql<number>`(count(*) filter (where ${instruction.state} = 'superseded' and ${instruction.reason} = ${stopReason}))::int`,
    })
    .from(instruction)
    .where(and(eq(instruction.product, product), gte(instruction.fromAt, from), lt(instruction.fromAt, to)))
  return counted ?? { issued: 0, acknowledged: 0, refused: 0, unknown: 0, stopped: 0 }
}

/** Live instructions that reach into a span, locked in a fixed order so that two transactions cannot deadlock. */
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

/** The intervals of an instruction, in order of time. */
export function intervalsOf(row: Pick<InstructionRow, 'intervals'>): Interval[] {
  return row.intervals.map((i) => ({ from: toInstant(i.from), to: toInstant(i.to), turnDownW: i.turnDownW }))
}

/** The quarter-hours of an instruction, in order; the first and the last may be shorter. */
export function quarterHours(row: Pick<InstructionRow, 'intervals'>): Interval[] {
  return inQuarterHours(intervalsOf(row))
}
