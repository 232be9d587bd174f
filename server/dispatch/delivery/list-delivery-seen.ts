import type { DeliverySeen, deliveryOperations } from '../../../schemas/dispatch/delivery.ts'
import { quarterOf } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { followedIn } from './following.ts'
import { askedAt } from './rules.ts'

/** Delivery seen so far of what was instructed in the last hours (D11), by FU. FUs that nothing was asked of are left out. */
export const listDeliverySeen: Verb<typeof deliveryOperations.listDeliverySeen> = async ({ db, at, query }) => {
  const nowMs = at.toEpochMilli()
  const followed = await followedIn(db, at, quarterOf(nowMs - query.hours * 3_600_000))
  const units = followed.flatMap(({ unit, asked, periods }): DeliverySeen[] => {
    if (periods.length === 0) return []
    const { fuId, name, fspId, connectionId } = unit
    return [{ fuId, fuName: name, fspId, connectionId, instructedNowW: askedAt(asked, nowMs), periods }]
  })
  return { at: at.toString(), units }
}
