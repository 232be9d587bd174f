import type { Instant } from '@js-joda/core'
import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { rowLease } from '../../../platform/outbox/index.ts'
import { isOutstanding } from '../transports/tables.ts'
import { limitStates } from './rules.ts'
import type { LimitRow } from './store.ts'
import { connectionLimit } from './tables.ts'

/** A limit without an answer by the end of its lease is sent again. Longer than a token request and a call may take. */
const leases = rowLease({ table: connectionLimit, key: 'limitId', due: 'nextAttemptAt', leaseS: 60 })

/** Limits to send now, in order of issue. */
export async function outstandingLimits(tx: Queryable, at: Instant): Promise<LimitRow[]> {
  return tx
    .select()
    .from(connectionLimit)
    .where(isOutstanding(connectionLimit, at))
    .orderBy(asc(connectionLimit.issuedAt), asc(connectionLimit.limitId))
}

/** Claims a limit for sending until a lease expires; `null` if another sender has it. */
export async function claimLimit(tx: Queryable, row: LimitRow, now: Instant): Promise<LimitRow | null> {
  const state = limitStates[row.state].send
  if (!state) return null
  return (await leases.claim(tx, now, row, eq(connectionLimit.state, row.state), { state }))?.row ?? null
}

/** Suspends sending of a limit that was handed to people, until it ends. */
export async function leaveUntilEnd(tx: Queryable, row: LimitRow): Promise<void> {
  if (row.nextAttemptAt) await leases.release(tx, { row, until: row.nextAttemptAt }, { nextAttemptAt: row.validUntil })
}
