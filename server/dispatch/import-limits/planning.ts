import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { FailSafePolicy, LimitCause, LimitInterval } from '../../../schemas/dispatch/import-limits.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { agreementsOf, findConnection, limitInForce, limitSteps, localMoment, openSources } from '../../grid/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { findFsp, fspsAtConnections } from '../../market/index.ts'
import { owedCause } from './rules.ts'
import { type LimitRow, lastLimits, planLimit, withdrawUnauthorised } from './store.ts'
import { failSafePolicy } from './tables.ts'

/** The state of all connections with a policy at one moment. */
interface Situation {
  breached: ReadonlySet<string>
  /** The FSPs with an FU at each connection and authority over its MPANs (SEC03). */
  fspsAt: ReadonlyMap<string, readonly string[]>
  /** FSPs that are sent limits by machine, so that limits can be renewed. */
  renewable: ReadonlySet<string>
}

/**
 * Plans the limits that FSPs need now: durable intents for the sender to send. Any number of workers may call it at once: each locks the
 * policy that it plans for. Returns how many were planned.
 */
export async function planLimits({ db, clock }: ServerContext): Promise<number> {
  const at = clock.now()
  const policies = await db.select().from(failSafePolicy)
  await withdrawUnauthorised(db, at)
  if (policies.length === 0) return 0
  const connectionIds = policies.map((policy) => policy.connectionId)
  const situation = await situationOf(db, at, connectionIds)
  const last = await lastLimits(db, connectionIds)
  let planned = 0
  for (const policy of policies) {
    if (owedOf(policy, last, situation, at).length === 0) continue
    planned += await db.transaction((tx) => planFor(tx, policy.connectionId, situation, at))
  }
  return planned
}

async function situationOf(tx: Queryable, at: Instant, connectionIds: string[]): Promise<Situation> {
  const fspsAt = await fspsAtConnections(tx, tradingDayOf(at), connectionIds)
  const renewable = new Set<string>()
  for (const fspId of new Set([...fspsAt.values()].flat()))
    if ((await findFsp(tx, fspId))?.dispatchRoute !== 'email') renewable.add(fspId)
  return { breached: new Set((await openSources(tx, 'limit-breach')).map((s) => s.id)), fspsAt, renewable }
}

/** The FSPs at a policy's connection that need another limit, and why. */
function owedOf(
  policy: FailSafePolicy,
  last: readonly LimitRow[],
  { breached, fspsAt, renewable }: Situation,
  now: Instant,
): { fspId: string; cause: LimitCause; last: LimitRow | undefined }[] {
  const { connectionId } = policy
  return (fspsAt.get(connectionId) ?? []).flatMap((fspId) => {
    const own = last.find((row) => row.connectionId === connectionId && row.fspId === fspId)
    const given = { now, isBreached: breached.has(connectionId), canRenew: renewable.has(fspId) }
    const cause = owedCause(policy, own ?? null, given)
    return cause ? [{ fspId, cause, last: own }] : []
  })
}

async function planFor(tx: Queryable, connectionId: string, situation: Situation, at: Instant): Promise<number> {
  const [policy] = await tx
    .select()
    .from(failSafePolicy)
    .where(eq(failSafePolicy.connectionId, connectionId))
    .for('update')
  if (!policy) return 0
  const owed = owedOf(policy, await lastLimits(tx, [connectionId]), situation, at)
  const validUntil = at.plusSeconds(policy.validMinutes * 60)
  for (const { fspId, cause, last } of owed) {
    // Limits of one connection are identified and ordered by when they were issued.
    const issuedAt = last && !last.issuedAt.isBefore(at) ? last.issuedAt.plusMillis(1) : at
    await planLimit(tx, {
      limitId: randomUUID(),
      connectionId,
      fspId,
      cause,
      policyRevision: policy.revision,
      intervals: await intervalsOf(tx, policy, cause, at, validUntil),
      failSafeW: cause === 'release' ? null : policy.failSafeW,
      issuedAt,
      validUntil,
      state: 'planned',
      acknowledgedAt: null,
      nextAttemptAt: null,
      reason: null,
    })
  }
  return owed.length
}

/** During a breach the fail-safe limit at once; otherwise the agreed limits, which the FSP follows as long as the DNO renews them. */
async function intervalsOf(
  tx: Queryable,
  policy: FailSafePolicy,
  cause: LimitCause,
  from: Instant,
  to: Instant,
): Promise<LimitInterval[]> {
  if (cause === 'release') return []
  if (cause === 'breach') return [{ from: from.toString(), to: to.toString(), importLimitW: policy.failSafeW }]
  const connection = await findConnection(tx, policy.connectionId)
  if (!connection) return []
  const agreements = (await agreementsOf(tx, [policy.connectionId])).get(policy.connectionId) ?? []
  const terms = { ascKva: connection.ascKva, powerFactor: connection.powerFactor, agreements }
  const intervals: LimitInterval[] = []
  for (let day = tradingDayOf(from); !day.isAfter(tradingDayOf(to)); day = day.plusDays(1))
    for (const step of limitSteps(terms, day)) {
      const [begin, end] = [step.from.isAfter(from) ? step.from : from, step.to.isBefore(to) ? step.to : to]
      // The FSP learns of fail-safe limits and dispatches by themselves; what stands besides is the least of profile and ASC.
      const { limitW: importLimitW } = limitInForce(terms, localMoment(step.from))
      if (begin.isBefore(end)) intervals.push({ from: begin.toString(), to: end.toString(), importLimitW })
    }
  return intervals
}
