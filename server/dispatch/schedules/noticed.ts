import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { noticeSettings } from '../../../schemas/settings/dispatch.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { figuresAt } from '../../kit/index.ts'
import { noticesOf } from '../../market/index.ts'
import { type Interval, withinNotice } from '../instructions/index.ts'
import type { Held } from './rules/room.ts'
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

/** What is recorded of what is not instructed, because the limit of the site leaves no room for it. */
export function overfullPlan(originOf: WantedOfProduct['originOf'], at: Instant) {
  return ({ fuId, way, interval, limitW }: Held) => {
    const origin = originOf(fuId)
    const reason = `not sent: ${limitText(way, limitW)} leaves no room to ${way.replace('-', ' ')}`
    return origin ? [{ ...origin, fuId, intervals: [interval], plannedAt: at, expiresAt: at, reason }] : []
  }
}

/** The limit of a site that a direction is held to, in words. */
function limitText(way: Held['way'], limitW: number): string {
  return `the ${way === 'turn-up' ? 'import' : 'export'} limit of ${limitW / 1_000} kW of its site`
}

/** Why an instruction asks for less than its schedule, from what was cut of it; `null` where nothing was. */
export function cutReason(cut: readonly Held[]) {
  const byUnit = Map.groupBy(cut, (held) => held.fuId)
  return (fuId: string, intervals: readonly Interval[]): string | null => {
    const held = byUnit.get(fuId)?.find(({ interval }) => intervals.some((own) => isWithin(interval, own)))
    if (!held) return null
    const { way, interval, limitW } = held
    const most = Math.abs(interval.turnDownW) / 1_000
    return `cut: the schedule asks for ${most} kW at ${momentInWords(interval.from)}, and ${limitText(way, limitW)} leaves less room to ${way.replace('-', ' ')}`
  }
}

function isWithin(inner: Interval, outer: Interval): boolean {
  return !inner.from.isBefore(outer.from) && inner.from.isBefore(outer.to)
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
