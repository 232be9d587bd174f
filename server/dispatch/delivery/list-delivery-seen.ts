import type { DeliverySeen, deliveryOperations } from '../../../schemas/dispatch/delivery.ts'
import { deliveryWatchSettings } from '../../../schemas/settings/dispatch.ts'
import { quarterMs, quarterOf } from '../../../schemas/vocabulary/time.ts'
import { figuresAt, type Verb } from '../../kit/index.ts'
import { completeOf, followedIn } from './following.ts'
import { askedAt } from './rules.ts'
import { knownDelivery } from './watching.ts'

/** Delivery seen so far of what was instructed in the last hours (D11), by FU. FUs that nothing was asked of are left out. */
export const listDeliverySeen: Verb<typeof deliveryOperations.listDeliverySeen> = async ({ db, at, query }) => {
  const nowMs = at.toEpochMilli()
  const figures = await figuresAt(db, deliveryWatchSettings, at)
  const fromMs = quarterOf(nowMs - query.hours * 3_600_000)
  const followed = await followedIn(db, at, Math.min(fromMs, quarterOf(nowMs) - figures.periods * quarterMs))
  const units = followed.flatMap((each): DeliverySeen[] => {
    const { fuId, name, fspId, connectionId } = each.unit
    const periods = each.periods.filter(({ from }) => Date.parse(from) >= fromMs)
    if (periods.length === 0) return []
    const instructedNowW = askedAt(each.asked, nowMs)
    const known = instructedNowW === 0 ? null : knownDelivery(completeOf(each), instructedNowW, figures)
    const now = { instructedNowW, state: known?.state ?? null, deliveredNowW: known?.deliveredW ?? null }
    return [{ fuId, fuName: name, fspId, connectionId, ...now, periods }]
  })
  return { at: at.toString(), units }
}
