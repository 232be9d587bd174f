import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { FailSafePolicy, Limit, LimitState, limitRecord } from '../../../schemas/dispatch/import-limits.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { findConnection } from '../../grid/index.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import type { LimitRow } from './store.ts'
import { connectionLimit, failSafePolicy, limitAttempt } from './tables.ts'

type LimitRecord = z.infer<typeof limitRecord>

/** The fail-safe policy of a connection. Without a saved policy nothing is sent, and the revision is 0. */
export async function policyOf(tx: Queryable, connectionId: string): Promise<FailSafePolicy> {
  const connection = await findConnection(tx, connectionId)
  if (!connection) throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
  const [row] = await tx.select().from(failSafePolicy).where(eq(failSafePolicy.connectionId, connectionId))
  return row ?? { connectionId, onBreach: false, onLinkLost: false, failSafeW: 0, validMinutes: 30, revision: 0 }
}

interface LimitFilter {
  connectionId?: string | undefined
  fspId?: string | null
  state?: LimitState | undefined
}

/** A page of limits with their sendings, the latest first. */
export async function pageOfLimits(tx: Queryable, filter: LimitFilter, query: PageQuery): Promise<Page<LimitRecord>> {
  const sorted = [connectionLimit.issuedAt, connectionLimit.limitId]
  const rows = await tx
    .select()
    .from(connectionLimit)
    .where(
      and(
        filter.connectionId ? eq(connectionLimit.connectionId, filter.connectionId) : undefined,
        filter.fspId ? eq(connectionLimit.fspId, filter.fspId) : undefined,
        filter.state ? eq(connectionLimit.state, filter.state) : undefined,
        afterCursor(query, sorted, 'desc'),
      ),
    )
    .orderBy(...sorted.map((column) => desc(column)))
    .limit(query.limit + 1)
  const attempts = await attemptsOf(tx, rows)
  return pageFrom(
    rows,
    query,
    (row) => [row.issuedAt.toString(), row.limitId],
    (row) => viewLimit(row, attempts.get(row.limitId) ?? []),
  )
}

/** One limit with its sendings; `undefined` if unknown or another FSP's. */
export async function readLimit(
  tx: Queryable,
  { fspId, limitId }: { fspId: string | null; limitId: string },
): Promise<LimitRecord | undefined> {
  const own = fspId === null ? undefined : eq(connectionLimit.fspId, fspId)
  const rows = await tx
    .select()
    .from(connectionLimit)
    .where(and(eq(connectionLimit.limitId, limitId), own))
  const attempts = await attemptsOf(tx, rows)
  return rows.map((row) => viewLimit(row, attempts.get(limitId) ?? []))[0]
}

/** One limit that is known to exist. */
export async function requireLimit(tx: Queryable, limitId: string): Promise<LimitRecord> {
  const found = await readLimit(tx, { fspId: null, limitId })
  if (!found) throw new Error(`limit ${limitId} is gone`)
  return found
}

type AttemptRow = typeof limitAttempt.$inferSelect

async function attemptsOf(tx: Queryable, rows: readonly LimitRow[]): Promise<Map<string, AttemptRow[]>> {
  if (rows.length === 0) return new Map()
  const ids = rows.map((row) => row.limitId)
  const attempts = await tx
    .select()
    .from(limitAttempt)
    .where(inArray(limitAttempt.limitId, ids))
    .orderBy(asc(limitAttempt.limitId), asc(limitAttempt.attempt))
  return Map.groupBy(attempts, (attempt) => attempt.limitId)
}

function viewLimit(row: LimitRow, attempts: readonly AttemptRow[]): LimitRecord {
  return {
    ...messageOfLimit(row),
    fspId: row.fspId,
    cause: row.cause,
    state: row.state,
    reason: row.reason,
    acknowledgedAt: row.acknowledgedAt?.toString() ?? null,
    attempts: attempts.map(({ attempt, at, outcome }) => ({ attempt, at: at.toString(), outcome })),
  }
}

/** A limit as sent to its FSP. */
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
