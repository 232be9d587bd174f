import type { Instant } from '@js-joda/core'
import { cut, earlier, type Interval, joined, later, noFurther } from './intervals.ts'

/** What may still be instructed, and what an FU’s notice forbids. */
export interface Noticed {
  allowed: Interval[]
  /** Turn-downs that begin too soon and of which the FU holds nothing. */
  withheld: Interval[]
}

/**
 * Keeps to an FU’s notice, which counts from the issue (domain section 12): before `earliest` a turn-down neither begins nor grows; nor does a turn-up. What
 * the FU holds already stays, an end needs no notice, and 0 W is an end.
 * @param wanted and `held`: in order of time, each without overlaps.
 */
export function withinNotice(wanted: readonly Interval[], held: readonly Interval[], earliest: Instant): Noticed {
  const result: Noticed = { allowed: [], withheld: [] }
  for (const each of wanted) {
    const border = later(each.from, earlier(each.to, earliest))
    for (const part of cut([each], { from: each.from, to: border })) {
      const { kept, missing } = againstHeld(part, held)
      result.allowed.push(...kept)
      if (part.turnDownW !== 0) result.withheld.push(...missing)
      else result.allowed.push(...missing)
    }
    result.allowed.push(...cut([each], { from: border, to: each.to }))
  }
  return { allowed: joined(result.allowed), withheld: joined(result.withheld) }
}

/** A wanted part, no higher than what is held in it, and the rest of it in which nothing is held. */
function againstHeld(part: Interval, held: readonly Interval[]): { kept: Interval[]; missing: Interval[] } {
  const own = cut(held, part)
  const kept = own.map((each) => ({ ...each, turnDownW: noFurther(part.turnDownW, each.turnDownW) }))
  const missing: Interval[] = []
  let from = part.from
  for (const each of own) {
    if (from.isBefore(each.from)) missing.push({ from, to: each.from, turnDownW: part.turnDownW })
    from = each.to
  }
  if (from.isBefore(part.to)) missing.push({ from, to: part.to, turnDownW: part.turnDownW })
  return { kept, missing }
}

/**
 * Until when an instruction may be sent so that each turn-down that begins or grows in it has its notice; `null` if none does.
 * @param held what the FU holds until the instruction arrives.
 * @param noticeS notice less the tolerance, s.
 */
export function gateOf(intervals: readonly Interval[], held: readonly Interval[], noticeS: number): Instant | null {
  const growing = intervals.flatMap((each) => {
    const { kept, missing } = againstHeld(each, held)
    const grows = kept.flatMap((part) => (part.turnDownW === each.turnDownW ? [] : [part.from]))
    return each.turnDownW !== 0 ? [...grows, ...missing.map((part) => part.from)] : []
  })
  return growing.length === 0 ? null : growing.reduce(earlier).minusSeconds(noticeS)
}
