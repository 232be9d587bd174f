import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray, lte, or } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type LimitRow, moveLimit } from './store.ts'
import { connectionLimit } from './tables.ts'

/** A limit without an answer by then is sent again. Longer than a token request and a call may take. */
const leaseSeconds = 60

/** Limits to send now, in order of issue. */
export async function outstandingLimits(tx: Queryable, at: Instant): Promise<LimitRow[]> {
  const isDue = and(inArray(connectionLimit.state, ['sent', 'unknown']), lte(connectionLimit.nextAttemptAt, at))
  return tx
    .select()
    .from(connectionLimit)
    .where(or(eq(connectionLimit.state, 'planned'), isDue))
    .orderBy(asc(connectionLimit.issuedAt), asc(connectionLimit.limitId))
}

/** Claims a limit for sending until a lease expires; `null` if another sender has it. */
export async function claimLimit(tx: Queryable, row: LimitRow, now: Instant): Promise<LimitRow | null> {
  return moveLimit(tx, row, 'send', { nextAttemptAt: now.plusSeconds(leaseSeconds) })
}

/** Suspends sending of a limit that was handed to people, until it ends. */
export async function leaveUntilEnd(tx: Queryable, row: LimitRow): Promise<void> {
  await moveLimit(tx, row, 'send', { nextAttemptAt: row.validUntil })
}
