import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { noticeSettings } from '../../../schemas/settings/dispatch.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { figuresAt } from '../../kit/index.ts'
import { noticesOf } from '../../market/index.ts'
import { type Interval, withinNotice } from '../instructions/index.ts'
import type { Overfull } from './rules/room.ts'
import type { WantedOfProduct } from './situation.ts'

/** A turn-down that is not instructed, because less than its notice is left. */
interface Withheld {
  fuId: string
  interval: Interval
  noticeMinutes: number
}

/** What is recorded of a turn-down that is not instructed for want of notice. */
export function withheldPlan(originOf: WantedOfProduct['originOf'], at: Instant) {
  return ({ fuId, interval, noticeMinutes }: Withheld) => {
    const origin = originOf(fuId)
    const reason = `not sent: less than its notice of ${noticeMinutes} min was left`
    return origin ? [{ ...origin, fuId, intervals: [interval], plannedAt: at, expiresAt: at, reason }] : []
  }
}

/** What is recorded of a turn-up that is not instructed, because the site could not import it. */
export function overfullPlan(originOf: WantedOfProduct['originOf'], at: Instant) {
  return ({ fuId, interval, limitW }: Overfull) => {
    const origin = originOf(fuId)
    const reason = `not sent: the import limit of ${limitW / 1_000} kW of its site leaves no room to turn up`
    return origin ? [{ ...origin, fuId, intervals: [interval], plannedAt: at, expiresAt: at, reason }] : []
  }
}

/** What the notice of FUs and of the product leaves of what is wanted (domain section 12: it counts from the issue). */
export async function noticed(
  tx: Queryable,
  at: Instant,
  product: Product,
  wanted: WantedOfProduct['intervals'],
  live: readonly { fuId: string; intervals: readonly Interval[] }[],
): Promise<{ allowed: Map<string, Interval[]>; withheld: Withheld[]; noticeS(fuId: string): number }> {
  const noticeOf = await noticesOf(tx, product, [...wanted.keys()], at)
  const { toleranceS } = await figuresAt(tx, noticeSettings, at)
  const noticeS = (fuId: string) => Math.max(0, noticeOf(fuId) * 60 - toleranceS)
  const held = Map.groupBy(live, (row) => row.fuId)
  const withheld: Withheld[] = []
  const allowed = new Map(
    [...wanted].map(([fuId, intervals]): [string, Interval[]] => {
      const noticeMinutes = noticeOf(fuId)
      if (noticeMinutes === 0) return [fuId, [...intervals]]
      const own = (held.get(fuId) ?? []).flatMap((row) => row.intervals).toSorted((a, b) => a.from.compareTo(b.from))
      const found = withinNotice(intervals, own, at.plusSeconds(noticeS(fuId)))
      withheld.push(...found.withheld.map((interval) => ({ fuId, interval, noticeMinutes })))
      return [fuId, found.allowed]
    }),
  )
  return { allowed, withheld, noticeS }
}
