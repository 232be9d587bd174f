import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { DeliverySeen, deliveryOperations } from '../../../schemas/dispatch/delivery.ts'
import { instantOf, quarterOf } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { askedIn, expectedIn, seenIn } from './inputs.ts'
import { askedAt, deliveryIn, quartersOf } from './rules.ts'

/** Delivery seen so far of the turn-downs of the last hours (D11). */
export const listDeliverySeen: Verb<typeof deliveryOperations.listDeliverySeen> = async ({ db, at, query }) => ({
  at: at.toString(),
  units: await deliverySeen(db, at, query.hours),
})

/** How FUs have followed what was asked of them in the last hours, by name. FUs that nothing was asked of are left out. */
async function deliverySeen(tx: Queryable, at: Instant, hours: number): Promise<DeliverySeen[]> {
  const nowMs = at.toEpochMilli()
  const fromMs = quarterOf(nowMs - hours * 3_600_000)
  // A millisecond more: what begins now is in force now.
  const span = { from: instantOf(new Date(fromMs).toISOString()), to: at.plusMillis(1) }
  const asked = await askedIn(tx, span)
  const units = await listFlexibleUnits(tx, at, { fuIds: [...asked.keys()] })
  const expectedW = await expectedIn(
    tx,
    units.map((unit) => unit.fuId),
    span,
  )
  const seenOf = await seenIn(tx, units, span)
  return units.flatMap(({ fuId, name, fspId, connectionId }) => {
    const [own, seen] = [asked.get(fuId) ?? [], seenOf(fuId)]
    const periods = quartersOf(fromMs, nowMs).flatMap(
      (quarter) => deliveryIn(quarter, own, expectedW(fuId, quarter.fromMs), seen) ?? [],
    )
    if (periods.length === 0) return []
    return [{ fuId, fuName: name, fspId, connectionId, instructedNowW: askedAt(own, nowMs), periods }]
  })
}
