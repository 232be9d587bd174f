import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray, lte, or } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type LimitRow, moveLimit } from './store.ts'
import { connectionLimit } from './tables.ts'

/** A limit of which nothing was heard by then is sent again. Longer than token and call may take. */
const leaseSeconds = 60

/** What has to be sent now, in the order in which it was issued. */
export async function outstandingLimits(tx: Queryable, at: Instant): Promise<LimitRow[]> {
  const isDue = and(inArray(connectionLimit.state, ['sent', 'unknown']), lte(connectionLimit.nextAttemptAt, at))
  return tx
    .select()
    .from(connectionLimit)
    .where(or(eq(connectionLimit.state, 'planned'), isDue))
    .orderBy(asc(connectionLimit.issuedAt), asc(connectionLimit.limitId))
}

/** Takes the right to send a limit until a lease ends; `null` when somebody else has taken it. */
export async function claimLimit(tx: Queryable, row: LimitRow, now: Instant): Promise<LimitRow | null> {
  return moveLimit(tx, row, 'send', { nextAttemptAt: now.plusSeconds(leaseSeconds) })
}

/** Leaves a limit that was handed over to people alone until its end. */
export async function leaveUntilEnd(tx: Queryable, row: LimitRow): Promise<void> {
  await moveLimit(tx, row, 'send', { nextAttemptAt: row.validUntil })
}
