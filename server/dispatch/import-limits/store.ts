import type { Instant } from '@js-joda/core'
import { and, asc, desc, eq, inArray, isNotNull, lt, lte, or, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Limit, LimitState, limitRecord } from '../../../schemas/dispatch/import-limits.ts'
import { type LimitEvent, limitStates } from './rules.ts'
import { connectionLimit, limitAttempt } from './tables.ts'

export type LimitRow = typeof connectionLimit.$inferSelect

/** What is on its way to an FSP and not confirmed. */
const underWay = ['planned', 'sent', 'unknown'] as const satisfies LimitState[]

/** The limit issued last, per connection and FSP. */
export async function lastLimits(tx: Queryable, connectionIds?: readonly string[]): Promise<LimitRow[]> {
  return tx
    .selectDistinctOn([connectionLimit.connectionId, connectionLimit.fspId])
    .from(connectionLimit)
    .where(connectionIds ? inArray(connectionLimit.connectionId, [...connectionIds]) : undefined)
    .orderBy(connectionLimit.connectionId, connectionLimit.fspId, desc(connectionLimit.issuedAt))
}

/** Stores a limit to be sent, in place of those of its connection and FSP that are under way: they will not go out again. */
export async function planLimit(tx: Queryable, row: LimitRow): Promise<void> {
  await tx
    .update(connectionLimit)
    .set({ state: 'superseded', nextAttemptAt: null, reason: 'another limit took its place' })
    .where(and(isFor(row), inArray(connectionLimit.state, [...underWay])))
  await tx.insert(connectionLimit).values(row)
}

function isFor({ connectionId, fspId }: Pick<LimitRow, 'connectionId' | 'fspId'>) {
  return and(eq(connectionLimit.connectionId, connectionId), eq(connectionLimit.fspId, fspId))
}

/** Ends what has come to its end: what was never confirmed expires, what an FSP holds lapses. Returns what ended. */
export async function endLimits(tx: Queryable, at: Instant): Promise<LimitRow[]> {
  const ended = lte(connectionLimit.validUntil, at)
  const expired = await tx
    .update(connectionLimit)
    .set({ state: 'expired', nextAttemptAt: null })
    .where(and(ended, inArray(connectionLimit.state, [...underWay])))
    .returning()
  // A release has nothing to fall to.
  const lapsed = await tx
    .update(connectionLimit)
    .set({ state: 'lapsed' })
    .where(and(ended, eq(connectionLimit.state, 'acknowledged'), isNotNull(connectionLimit.failSafeW)))
    .returning()
  return [...expired, ...lapsed]
}

/** What has to be sent now, in the order in which it was issued. */
export async function outstandingLimits(tx: Queryable, at: Instant): Promise<LimitRow[]> {
  const isDue = and(inArray(connectionLimit.state, ['sent', 'unknown']), lte(connectionLimit.nextAttemptAt, at))
  return tx
    .select()
    .from(connectionLimit)
    .where(or(eq(connectionLimit.state, 'planned'), isDue))
    .orderBy(asc(connectionLimit.issuedAt), asc(connectionLimit.limitId))
}

/**
 * Moves a limit on, if the event can happen in the state that it is in by then. Returns it as it is afterwards, or `null` when the
 * event came too late.
 */
export async function moveLimit(
  tx: Queryable,
  row: LimitRow,
  event: LimitEvent,
  change: Partial<Pick<LimitRow, 'acknowledgedAt' | 'nextAttemptAt' | 'reason'>> = {},
): Promise<LimitRow | null> {
  const state = limitStates[row.state][event]
  if (!state) return null
  const [moved] = await tx
    .update(connectionLimit)
    .set({ ...change, state })
    .where(
      and(
        eq(connectionLimit.limitId, row.limitId),
        eq(connectionLimit.state, row.state),
        // Of two senders of one that is sent again, the first has moved the time of the next attempt.
        row.nextAttemptAt ? eq(connectionLimit.nextAttemptAt, row.nextAttemptAt) : undefined,
      ),
    )
    .returning()
  return moved ?? null
}

/** Once an FSP has taken a limit, those that it held before count no more. */
export async function supersedeBefore(tx: Queryable, row: LimitRow): Promise<void> {
  await tx
    .update(connectionLimit)
    .set({ state: 'superseded' })
    .where(and(isFor(row), lt(connectionLimit.issuedAt, row.issuedAt), eq(connectionLimit.state, 'acknowledged')))
}

/** Notes a sending and its outcome. */
export async function recordLimitAttempt(tx: Queryable, limitId: string, at: Instant, outcome: string): Promise<void> {
  await tx.execute(sql`
    insert into ${limitAttempt} (limit_id, attempt, at, outcome)
    select ${limitId}::uuid, coalesce(max(attempt), 0) + 1, ${at.toString()}::timestamptz, ${outcome}
    from ${limitAttempt} where limit_id = ${limitId}::uuid`)
}

export interface LimitFilter {
  connectionId?: string | undefined
  fspId?: string | null
  state?: LimitState | undefined
  limitId?: string
}

/** Limits with their sendings, the latest first. */
export async function readLimits(tx: Queryable, filter: LimitFilter): Promise<z.infer<typeof limitRecord>[]> {
  const rows = await tx
    .select()
    .from(connectionLimit)
    .where(
      and(
        filter.connectionId ? eq(connectionLimit.connectionId, filter.connectionId) : undefined,
        filter.fspId ? eq(connectionLimit.fspId, filter.fspId) : undefined,
        filter.state ? eq(connectionLimit.state, filter.state) : undefined,
        filter.limitId ? eq(connectionLimit.limitId, filter.limitId) : undefined,
      ),
    )
    .orderBy(desc(connectionLimit.issuedAt), asc(connectionLimit.limitId))
    .limit(500)
  const ids = rows.map((row) => row.limitId)
  const attempts =
    ids.length === 0
      ? []
      : await tx
          .select()
          .from(limitAttempt)
          .where(inArray(limitAttempt.limitId, ids))
          .orderBy(asc(limitAttempt.limitId), asc(limitAttempt.attempt))
  return rows.map((row) => ({
    ...messageOfLimit(row),
    fspId: row.fspId,
    cause: row.cause,
    state: row.state,
    reason: row.reason,
    acknowledgedAt: row.acknowledgedAt?.toString() ?? null,
    attempts: attempts
      .filter((a) => a.limitId === row.limitId)
      .map((a) => ({ attempt: a.attempt, at: a.at.toString(), outcome: a.outcome })),
  }))
}

/** A limit as it goes out to its FSP. */
export function messageOfLimit(row: LimitRow): Limit {
  const { limitId, connectionId, intervals, failSafeW } = row
  return {
    limitId,
    connectionId,
    intervals,
    failSafeW,
    issuedAt: row.issuedAt.toString(),
    validUntil: row.validUntil.toString(),
  }
}
