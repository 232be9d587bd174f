import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { dayEnd, dayStart } from '../../../schemas/vocabulary/time.ts'
import { type ProductTimetable, type Span, timetablesInForce } from '../../market/index.ts'
import {
  carryOut,
  type Interval,
  inQuarterHours,
  joined,
  listLive,
  liveRow,
  lockLive,
  type Manner,
  nextQuarterHour,
  reconcile,
  recordWithheld,
} from '../instructions/index.ts'
import { cutReason, noticed, overfullPlan, withheldPlan } from './noticed.ts'
import { type WantedOfProduct, wantedIn } from './situation.ts'

/**
 * Aligns the instructions in a span of a day with what is wanted there of the contracts that follow a timetable, by the live schedules,
 * service and stops. What other contracts of the product have in force stays. Returns how many instructions were planned.
 */
export async function align(
  tx: Queryable,
  timetable: ProductTimetable,
  span: Span,
  manner: Pick<Manner, 'at' | 'reason' | 'issues'>,
  fuIds?: readonly string[],
): Promise<number> {
  const live = (await lockLive(tx, { ...span, product: timetable.product, fuIds })).map(liveRow)
  const wanted = await wantedIn(tx, timetable, span, manner.at, fuIds)
  const { originOf } = wanted
  const { allowed, withheld, noticeS } = await noticed(tx, manner.at, timetable.product, withOthers(wanted, live), live)
  if (manner.issues !== 'none') {
    await recordWithheld(tx, withheld.flatMap(withheldPlan(originOf, manner.at)))
    await recordWithheld(tx, wanted.overfull.flatMap(overfullPlan(originOf, manner.at)))
  }
  return carryOut(tx, reconcile(live, allowed, span), {
    ...manner,
    originOf,
    noticeS,
    cutBecause: cutReason(wanted.cut),
  })
}

/** What is wanted, with what is in force of contracts that follow another timetable. */
function withOthers(
  { intervals, isElsewhere }: WantedOfProduct,
  live: readonly { fuId: string; intervals: readonly Interval[] }[],
): WantedOfProduct['intervals'] {
  const wanted = new Map([...intervals].map(([fuId, own]) => [fuId, [...own]]))
  for (const row of live) {
    const others = inQuarterHours(row.intervals).filter(({ from }) => isElsewhere(row.fuId, from))
    if (others.length > 0) wanted.set(row.fuId, joined([...(wanted.get(row.fuId) ?? []), ...others]))
  }
  return wanted
}

/** Number of instructions that a span of a day owes and that were not issued. */
export async function countOwed(tx: Queryable, timetable: ProductTimetable, span: Span): Promise<number> {
  const live = await listLive(tx, { ...span, product: timetable.product })
  const rows = live.map(liveRow)
  return reconcile(rows, withOthers(await wantedIn(tx, timetable, span, span.from), rows), span).issue.length
}

/**
 * Aligns the live instructions of products that are issued window by window, as A is, for the rest of a day, for some FUs, in the
 * transaction that changed their schedules. Issues nothing without a live instruction: that is for the tick. Instructions of a whole day's
 * window, as for B and C, stay until re-dispatch.
 */
export async function alignHeld(tx: Queryable, at: Instant, day: LocalDate, fuIds: readonly string[]): Promise<void> {
  const [next, end] = [nextQuarterHour(at), dayEnd(day)]
  const from = next.isAfter(dayStart(day)) ? next : dayStart(day)
  if (fuIds.length === 0 || !from.isBefore(end)) return
  const live = await listLive(tx, { from, to: end, fuIds })
  const timetables = await timetablesInForce(tx, at, [...new Set(live.map((row) => row.product))])
  for (const timetable of [...timetables.values()].flat()) {
    if (timetable.rhythm.kind !== 'single-window') continue
    await align(tx, timetable, { from, to: end }, { at, reason: 'the live schedule changed', issues: 'none' }, fuIds)
  }
}
