import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { DeliveryPeriod } from '../../../schemas/dispatch/delivery.ts'
import type { FlexibleUnit } from '../../../schemas/market/parties.ts'
import { deliveryWatchSettings } from '../../../schemas/settings/dispatch.ts'
import { instantOf, quarterMs, quarterOf } from '../../../schemas/vocabulary/time.ts'
import { figuresAt } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { askedIn, expectedIn, seenIn } from './inputs.ts'
import { type Asked, askedAt, deliveryIn, quartersOf } from './rules.ts'
import { knownDelivery } from './watching.ts'

/** How an FU follows what was asked of it. */
export interface Followed {
  unit: FlexibleUnit
  /** What was asked of it in the span, and what is asked of it afterwards as far as that was read. */
  asked: readonly Asked[]
  /** The quarter-hours in which something was asked of it, in order, the last one cut at the present. */
  periods: DeliveryPeriod[]
}

/**
 * How FUs have followed what was asked of them since a quarter-hour, by name.
 * @param until also reads what is asked up to then; by default only what is in force.
 */
export async function followedIn(
  tx: Queryable,
  at: Instant,
  fromMs: number,
  { fuIds, until }: { fuIds?: readonly string[]; until?: Instant } = {},
): Promise<Followed[]> {
  const nowMs = at.toEpochMilli()
  // A millisecond more: what begins now is in force now.
  const span = { from: instantOf(new Date(fromMs).toISOString()), to: at.plusMillis(1) }
  const asked = await askedIn(tx, { ...span, to: until ?? span.to }, fuIds)
  const units = await listFlexibleUnits(tx, at, { fuIds: [...asked.keys()] })
  const known = units.map((unit) => unit.fuId)
  const [expectedW, seenOf] = [await expectedIn(tx, known, span), await seenIn(tx, units, span)]
  return units.map((unit) => {
    const [own, seen] = [asked.get(unit.fuId) ?? [], seenOf(unit.fuId)]
    const periods = quartersOf(fromMs, nowMs).flatMap(
      (quarter) => deliveryIn(quarter, own, expectedW(unit.fuId, quarter.fromMs), seen) ?? [],
    )
    return { unit, asked: own, periods }
  })
}

/** What is instructed of an FU now, W, negative for a turn-up, and what is known of its delivery. */
export async function deliveryNow(tx: Queryable, at: Instant, fuId: string) {
  const figures = await figuresAt(tx, deliveryWatchSettings, at)
  const [nowMs, fuIds] = [at.toEpochMilli(), [fuId]]
  const [followed] = await followedIn(tx, at, quarterOf(nowMs) - figures.periods * quarterMs, { fuIds })
  if (!followed) return { instructedNowW: 0, state: 'not-judged' as const, deliveredW: null }
  const instructedNowW = askedAt(followed.asked, nowMs)
  return { instructedNowW, ...knownDelivery(completeOf(followed), instructedNowW, figures) }
}

/** The quarter-hours that are complete. */
export function completeOf({ periods }: Followed): DeliveryPeriod[] {
  return periods.filter(({ to }) => Date.parse(to) % quarterMs === 0)
}
