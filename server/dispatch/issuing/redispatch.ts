import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { messageOf } from '../../../platform/errors/index.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { removeImpliedLimits } from '../../grid/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { daysAheadOf, issueOf, type ProductTimetable, type Span, timetablesInForce } from '../../market/index.ts'
import { listInstructions, nextQuarterHour } from '../instructions/index.ts'
import { latestChoice, optimiseDay, usualEffort } from '../optimisation/runs/index.ts'
import { align } from '../schedules/index.ts'
import { findSuspects, lostQuarters, type Suspects } from './lost.ts'

const quarterMs = 900_000

/**
 * When FUs that the latest run chose have dropped out, because they are out of service or their FSP is unreachable, optimises the rest of
 * the day without them and aligns what was issued. After that nothing chosen is lost, so nothing happens until the next FU drops out.
 * Returns whether anything changed.
 */
export async function redispatch(context: ServerContext, at: Instant): Promise<boolean> {
  const suspects = await findSuspects(context, at)
  if (suspects.all.length === 0) return false
  let isChanged = false
  for (const timetables of (await timetablesInForce(context.db, at)).values())
    if (await redispatchProduct(context, at, timetables, suspects)) isChanged = true
  return isChanged
}

async function redispatchProduct(
  context: ServerContext,
  at: Instant,
  timetables: readonly ProductTimetable[],
  suspects: Suspects,
): Promise<boolean> {
  const from = nextQuarterHour(at)
  let isChanged = false
  const [today, daysAhead] = [tradingDayOf(from), Math.max(...timetables.map((one) => daysAheadOf(one.rhythm)))]
  for (let ahead = 0; ahead <= daysAhead; ahead++) {
    const day = today.plusDays(ahead)
    const issued = timetables.flatMap((timetable) =>
      issuedWindows(timetable, day, at, from).map((window) => ({ timetable, window })),
    )
    if (await redispatchDay(context, at, { day, issued }, suspects)) isChanged = true
  }
  return isChanged
}

/** A part of a day that a timetable has issued and that is still ahead. */
interface Issued {
  timetable: ProductTimetable
  window: Span
}

async function redispatchDay(
  context: ServerContext,
  at: Instant,
  { day, issued }: { day: LocalDate; issued: readonly Issued[] },
  suspects: Suspects,
): Promise<boolean> {
  const [first] = issued.toSorted((a, b) => a.window.from.compareTo(b.window.from))
  if (!first) return false
  const { product, optimiserSeconds } = first.timetable
  const chosen = await latestChoice(context.db, day, product, suspects.all)
  if (chosen.size === 0) return false
  const found = await Promise.all(issued.map(({ window }) => lostQuarters(context, product, window, chosen, suspects)))
  const lost = new Set(found.flatMap((each) => [...each]))
  if (lost.size === 0) return false
  const actor = { kind: 'system' as const, name: 'redispatch' }
  try {
    await optimiseDay(
      context,
      actor,
      day,
      product,
      { ...usualEffort, seconds: optimiserSeconds },
      {
        from: first.window.from,
        isLost: (fuId, start) => lost.has(`${fuId} ${start}`),
        // In the run's own transaction: after the run nothing chosen is lost, so nobody would try again.
        alsoDo: async (tx) => {
          for (const { timetable, window } of issued) await realign(tx, at, timetable, window, lost)
        },
      },
    )
  } catch (error) {
    context.log.error({ err: error, product }, `re-dispatch failed: ${messageOf(error)}`)
    return false
  }
  return true
}

async function realign(
  tx: Queryable,
  at: Instant,
  timetable: ProductTimetable,
  window: Span,
  lost: ReadonlySet<string>,
): Promise<void> {
  await align(tx, timetable, window, { at, reason: 'dispatched again', issues: 'again' })
  // What a lost FU had accepted no longer limits it, whether or not its FSP can be informed.
  const fuIds = [...new Set([...lost].map((key) => key.split(' ')[0] ?? ''))]
  const withdrawn = await listInstructions(tx, { ...window, fuIds, product: timetable.product, states: ['superseded'] })
  await removeImpliedLimits(
    tx,
    withdrawn.map((row) => row.instructionId),
  )
}

/** The parts of a day that are issued and still ahead, in order. */
function issuedWindows(timetable: ProductTimetable, day: LocalDate, at: Instant, next: Instant): Span[] {
  const begin = next.isBefore(dayStart(day)) ? dayStart(day) : next
  const isIssued = (from: Instant) => !(issueOf(timetable, day, from)?.isAfter(at) ?? true)
  const issued: Span[] = []
  for (let from = begin; from.isBefore(dayEnd(day)); from = from.plusMillis(quarterMs)) {
    if (!isIssued(from)) continue
    const [last, to] = [issued.at(-1), from.plusMillis(quarterMs)]
    if (last?.to.equals(from)) last.to = to
    else issued.push({ from, to })
  }
  return issued
}
