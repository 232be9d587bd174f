import type { Instant } from '@js-joda/core'
import { and, desc, eq, inArray, isNotNull, lt, lte, not, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { LimitState } from '../../../schemas/dispatch/import-limits.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type LimitEvent, limitStates } from './rules.ts'
import { connectionLimit, limitAttempt } from './tables.ts'

export type LimitRow = typeof connectionLimit.$inferSelect

/** States of a limit that is not confirmed yet. */
const underWay = ['planned', 'sent', 'unknown'] as const satisfies LimitState[]

/** The limit issued last, per connection and FSP. */
export async function lastLimits(tx: Queryable, connectionIds?: readonly string[]): Promise<LimitRow[]> {
  return tx
    .selectDistinctOn([connectionLimit.connectionId, connectionLimit.fspId])
    .from(connectionLimit)
    .where(connectionIds ? inArray(connectionLimit.connectionId, [...connectionIds]) : undefined)
    .orderBy(connectionLimit.connectionId, connectionLimit.fspId, desc(connectionLimit.issuedAt))
}

/** Stores a limit to be sent. It supersedes the unconfirmed limits for its connection and FSP, which are not sent again. */
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

/** Ends limits that have reached their end: an unconfirmed limit expires, an acknowledged one lapses. Returns them. */
export async function endLimits(tx: Queryable, at: Instant): Promise<LimitRow[]> {
  const ended = lte(connectionLimit.validUntil, at)
  const expired = await tx
    .update(connectionLimit)
    .set({ state: 'expired', nextAttemptAt: null })
    .where(and(ended, inArray(connectionLimit.state, [...underWay])))
    .returning()
  // A release has no fail-safe limit to lapse to.
  const lapsed = await tx
    .update(connectionLimit)
    .set({ state: 'lapsed' })
    .where(and(ended, eq(connectionLimit.state, 'acknowledged'), isNotNull(connectionLimit.failSafeW)))
    .returning()
  return [...expired, ...lapsed]
}

/**
 * Withdraws the limits of FSPs without an FU that they have authority for at the connection (SEC03): they are neither sent again nor
 * expected to be kept.
 */
export async function withdrawUnauthorised(tx: Queryable, at: Instant): Promise<void> {
  const today = tradingDayOf(at).toString()
  const isAuthorised = sql`exists (
    select 1 from unit_member m join unit_authority a on a.fu_id = m.fu_id
    where m.connection_id = ${connectionLimit.connectionId} and m.fsp_id = ${connectionLimit.fspId}
      and m.days @> ${today}::date and a.days @> ${today}::date)`
  await tx
    .update(connectionLimit)
    .set({ state: 'superseded', nextAttemptAt: null, reason: 'the FSP has no authority over the MPANs any more' })
    .where(and(inArray(connectionLimit.state, [...underWay, 'acknowledged']), not(isAuthorised)))
}

/**
 * Moves a limit to its next state, if the event is possible in its current state. Returns the new row, or `null` if the event came too
 * late.
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
        // When two senders resend the same limit, the first has moved the time of the next attempt.
        row.nextAttemptAt ? eq(connectionLimit.nextAttemptAt, row.nextAttemptAt) : undefined,
      ),
    )
    .returning()
  return moved ?? null
}

/** Once an FSP has accepted a limit, its earlier limits no longer count. */
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
