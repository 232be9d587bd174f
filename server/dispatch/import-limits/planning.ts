import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { FailSafePolicy, LimitCause, LimitInterval } from '../../../schemas/dispatch/import-limits.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import {
  agreementsOf,
  type ConnectionTerms,
  type DynamicSpan,
  dynamicAt,
  dynamicSpans,
  dynamicTermsOf,
  dynamicTermsOn,
  findConnection,
  limitInForce,
  limitSteps,
  localMoment,
  nothingImposed,
  openSources,
} from '../../grid/index.ts'
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
  const policies = await standingPolicies(db)
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

/**
 * The policies that limits are planned by. Dynamic limits reach the FSPs of their connection as standing limits, whatever its policy says:
 * without a policy they are renewed as this one states, and who loses the link falls to the floor of the contract.
 */
async function standingPolicies(tx: Queryable, connectionId?: string): Promise<FailSafePolicy[]> {
  const own = connectionId === undefined ? undefined : eq(failSafePolicy.connectionId, connectionId)
  const policies = new Map((await tx.select().from(failSafePolicy).where(own)).map((row) => [row.connectionId, row]))
  const one = connectionId === undefined ? null : await dynamicTermsOf(tx, connectionId)
  const terms = connectionId === undefined ? await dynamicTermsOn(tx) : one?.isOn ? [one] : []
  for (const { connectionId: id, floorW, revision } of terms) {
    const policy = policies.get(id)
    const without = { connectionId: id, onBreach: false, failSafeW: floorW, validMinutes, revision: -revision }
    policies.set(id, { ...(policy ?? without), onLinkLost: true })
  }
  return [...policies.values()]
}

/** How long a limit is valid where no policy says so: the same as the first suggestion of a policy. */
const validMinutes = 30

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
  // Whoever plans for a connection locks what it is planned by.
  await tx.select().from(failSafePolicy).where(eq(failSafePolicy.connectionId, connectionId)).for('update')
  await dynamicTermsOf(tx, connectionId, { lock: true })
  const [policy] = await standingPolicies(tx, connectionId)
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
  const dynamic = (await dynamicSpans(tx, [policy.connectionId], from, to)).get(policy.connectionId) ?? []
  const intervals: LimitInterval[] = []
  for (let day = tradingDayOf(from); !day.isAfter(tradingDayOf(to)); day = day.plusDays(1))
    for (const step of limitSteps(terms, day)) {
      const [begin, end] = [step.from.isAfter(from) ? step.from : from, step.to.isBefore(to) ? step.to : to]
      if (begin.isBefore(end)) intervals.push(...within(terms, dynamic, begin.toEpochMilli(), end.toEpochMilli()))
    }
  return intervals
}

/**
 * The limits within a step of the agreement. The FSP learns of fail-safe limits and dispatches by themselves; what stands besides is the
 * least of profile, ASC and dynamic limit.
 */
function within(
  terms: ConnectionTerms,
  dynamic: readonly DynamicSpan[],
  beginMs: number,
  endMs: number,
): LimitInterval[] {
  const changes = dynamic.flatMap((span) => [span.fromMs, span.toMs]).filter((ms) => beginMs < ms && ms < endMs)
  const starts = [...new Set([beginMs, ...changes])].sort((a, b) => a - b)
  const intervals: LimitInterval[] = []
  for (const [n, ms] of starts.entries()) {
    const start = Instant.ofEpochMilli(ms)
    const imposed = { ...nothingImposed, dynamicW: dynamicAt(dynamic, ms) }
    const { limitW: importLimitW } = limitInForce(terms, localMoment(start), imposed)
    const to = Instant.ofEpochMilli(starts[n + 1] ?? endMs).toString()
    const last = intervals.at(-1)
    if (last?.importLimitW === importLimitW) last.to = to
    else intervals.push({ from: start.toString(), to, importLimitW })
  }
  return intervals
}
