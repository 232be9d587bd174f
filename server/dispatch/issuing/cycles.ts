import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, desc, eq, gte, isNull, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { type ProductTimetable, type Span, ticksBetween, wholeProduct } from '../../market/index.ts'
import { dispatchCycle } from './tables.ts'

/** Longest outage whose ticks are recorded one by one as missed. Older ticks are skipped: the gap itself shows the outage. */
const longestGapDays = 7

/** A claimed tick; the token proves that the claim still holds when the work is complete. */
export interface Claim {
  product: Product
  reach: string
  startsAt: Instant
  token: string
}

/** Adds a row for every tick owed up to `at`: from the last known one, or only the current one on a new system. */
export async function fillCycles(tx: Queryable, timetable: ProductTimetable, at: Instant): Promise<void> {
  const { product, reach, inForceFrom } = timetable
  const [known] = await tx
    .select({ startsAt: dispatchCycle.startsAt })
    .from(dispatchCycle)
    .where(and(eq(dispatchCycle.product, product), eq(dispatchCycle.reach, reach)))
    .orderBy(desc(dispatchCycle.startsAt))
    .limit(1)
  const begins = inForceFrom?.minusMillis(1) ?? null
  const isNew = !known && begins !== null && reach !== wholeProduct
  // Ticks that fell due only by an earlier version of the timetable are not owed.
  const last = latest(known?.startsAt ?? (isNew ? begins : at.minusMillis(1)), begins)
  const ticks = ticksBetween(timetable, latest(last, at.minusSeconds(longestGapDays * 86_400)), at)
  if (ticks.length === 0) return
  await tx
    .insert(dispatchCycle)
    .values(ticks.map((startsAt) => ({ product, reach, startsAt })))
    .onConflictDoNothing()
}

function latest(a: Instant, b: Instant | null): Instant {
  return b?.isAfter(a) ? b : a
}

/** Claims the oldest tick that is neither done nor held by a living worker; `null` if none. */
export async function claimCycle(
  tx: Queryable,
  { product, reach, leaseSeconds }: Pick<ProductTimetable, 'product' | 'reach' | 'leaseSeconds'>,
  now: Instant,
): Promise<Claim | null> {
  const token = randomUUID()
  const rows = await tx.execute<{ starts_at: string }>(sql`
    update ${dispatchCycle} set token = ${token}::uuid, lease_until = ${now.plusSeconds(leaseSeconds).toString()}::timestamptz
    where (product, reach, starts_at) in (
      select product, reach, starts_at from ${dispatchCycle}
      where product = ${product} and reach = ${reach} and done_at is null and (lease_until is null or lease_until < ${now.toString()}::timestamptz)
      order by starts_at limit 1 for update skip locked)
    returning starts_at`)
  const [row] = rows
  return row ? { product, reach, startsAt: toInstant(row.starts_at), token } : null
}

/** The unfinished ticks of a product: new ones, and those whose worker died. */
export async function unfinished(tx: Queryable, product: Product): Promise<{ reach: string; startsAt: Instant }[]> {
  return tx
    .select({ reach: dispatchCycle.reach, startsAt: dispatchCycle.startsAt })
    .from(dispatchCycle)
    .where(and(eq(dispatchCycle.product, product), isNull(dispatchCycle.doneAt)))
}

/** The ticks of a product that have issued what starts in a span or later, each as `reach tick`. */
export async function issuedTicks(tx: Queryable, product: Product, from: Instant): Promise<Set<string>> {
  const rows = await tx
    .select({ reach: dispatchCycle.reach, startsAt: dispatchCycle.startsAt })
    .from(dispatchCycle)
    .where(
      and(eq(dispatchCycle.product, product), eq(dispatchCycle.outcome, 'issued'), gte(dispatchCycle.startsAt, from)),
    )
  return new Set(rows.map((row) => `${row.reach} ${row.startsAt}`))
}

/** Locks a claimed tick; `false` if another worker took the claim, or the work is done. */
export async function holdsClaim(tx: Queryable, claim: Claim): Promise<boolean> {
  const held = await tx
    .select({ product: dispatchCycle.product })
    .from(dispatchCycle)
    .where(and(isClaimed(claim), isNull(dispatchCycle.doneAt)))
    .for('update')
  return held.length === 1
}

function isClaimed(claim: Claim) {
  return and(
    eq(dispatchCycle.product, claim.product),
    eq(dispatchCycle.reach, claim.reach),
    eq(dispatchCycle.startsAt, claim.startsAt),
    eq(dispatchCycle.token, claim.token),
  )
}

/** Marks a claimed tick as done, in the transaction of its effects and after `holdsClaim`. */
export async function finishCycle(
  tx: Queryable,
  claim: Claim,
  at: Instant,
  outcome: 'issued' | 'missed',
  instructions: number,
): Promise<void> {
  await tx.update(dispatchCycle).set({ doneAt: at, outcome, instructions }).where(isClaimed(claim))
}

/** Number of ticks of a timetable in a span that are recorded as missed. */
export async function countMissed(
  tx: Queryable,
  { product, reach }: Pick<ProductTimetable, 'product' | 'reach'>,
  { from, to }: Span,
): Promise<number> {
  const [row] = await tx.execute<{ n: number }>(sql`
    select count(*)::int as n from ${dispatchCycle}
    where product = ${product} and reach = ${reach} and outcome = 'missed' and starts_at >= ${from.toString()}::timestamptz and starts_at < ${to.toString()}::timestamptz`)
  return row?.n ?? 0
}
