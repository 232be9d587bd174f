import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { dayEnd, dayStart } from '../../../schemas/vocabulary/time.ts'
import {
  carryOut,
  listLive,
  liveRow,
  lockLive,
  type Manner,
  nextQuarterHour,
  reconcile,
} from '../instructions/index.ts'
import { type ProductTimetable, type Span, timetableInForce } from '../timetable/index.ts'
import { wantedIn } from './situation.ts'

/**
 * Brings what is instructed in a span of a day into line with what is wanted there: with the schedules that are live, contracts,
 * service and stops. Returns how many instructions were planned.
 */
export async function align(
  tx: Queryable,
  timetable: ProductTimetable,
  span: Span,
  manner: Pick<Manner, 'at' | 'reason' | 'issues'>,
  fuIds?: readonly string[],
): Promise<number> {
  const live = await lockLive(tx, { ...span, product: timetable.product, fuIds })
  const { intervals, originOf } = await wantedIn(tx, timetable, span, fuIds)
  return carryOut(tx, reconcile(live.map(liveRow), intervals, span), { ...manner, originOf })
}

/** How many instructions a span of a day owes that nobody has issued. */
export async function countOwed(tx: Queryable, timetable: ProductTimetable, span: Span): Promise<number> {
  const live = await listLive(tx, { ...span, product: timetable.product })
  const { intervals } = await wantedIn(tx, timetable, span)
  return reconcile(live.map(liveRow), intervals, span).issue.length
}

/**
 * Brings the instructions of product A that some FUs hold for the rest of a day into line, in the transaction that changed their
 * schedules. Nothing is issued where they hold none: that is for the tick. Instructions of a whole window, as of B and C, stay until
 * they are dispatched again.
 */
export async function alignHeld(tx: Queryable, at: Instant, day: LocalDate, fuIds: readonly string[]): Promise<void> {
  const [next, end] = [nextQuarterHour(at), dayEnd(day)]
  const from = next.isAfter(dayStart(day)) ? next : dayStart(day)
  if (fuIds.length === 0 || !from.isBefore(end)) return
  if ((await listLive(tx, { from, to: end, product: 'A', fuIds })).length === 0) return
  const timetable = await timetableInForce(tx, 'A', at)
  await align(tx, timetable, { from, to: end }, { at, reason: 'the live schedule changed', issues: 'none' }, fuIds)
}
