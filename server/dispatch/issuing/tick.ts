import { Duration, type Instant } from '@js-joda/core'
import { messageOf } from '../../../platform/errors/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { optimiseDay, usualEffort } from '../optimisation/runs/index.ts'
import { align, countOwed } from '../schedules/index.ts'
import { type ProductTimetable, timetableInForce, windowOf } from '../timetable/index.ts'
import { type Claim, claimCycle, fillCycles, finishCycle, holdsClaim } from './cycles.ts'

/**
 * FA05, FB05, FB06: runs the due ticks of a product. Each plans the instructions of its window; ticks that did not run in time are recorded
 * as missed. Any number of workers may call it at once (FM08). Returns whether there was any.
 */
export async function tickProduct(context: ServerContext, at: Instant, timetable: ProductTimetable): Promise<boolean> {
  await fillCycles(context.db, timetable, at)
  for (let isAny = false; ; isAny = true) {
    const claim = await claimCycle(context.db, timetable.product, context.clock.now(), timetable.leaseSeconds)
    if (!claim) return isAny
    const own = await timetableOf(context, claim, timetable)
    const lateS = Duration.between(claim.startsAt, context.clock.now()).seconds()
    if (lateS > own.graceSeconds) await recordMissed(context, claim, own)
    else await issueWindow(context, claim, own)
  }
}

/** A tick follows the timetable in force when it fell due, even if that changed before a worker ran it. */
async function timetableOf(context: ServerContext, claim: Claim, present: ProductTimetable): Promise<ProductTimetable> {
  const isOlder = present.changedAt?.isAfter(claim.startsAt) ?? false
  return isOlder ? timetableInForce(context.db, claim.product, claim.startsAt) : present
}

async function issueWindow(context: ServerContext, claim: Claim, timetable: ProductTimetable): Promise<void> {
  const at = context.clock.now()
  const window = windowOf(timetable, claim.startsAt)
  if (timetable.isOptimised) await optimise(context, timetable, window.from)
  await context.db.transaction(async (tx) => {
    // The claim comes first: it locks the tick's row, so that a worker that lost it plans nothing.
    if (!(await holdsClaim(tx, claim))) return
    const planned = await align(tx, timetable, window, { at, reason: 'replaced at the tick', issues: 'first' })
    await finishCycle(tx, claim, at, 'issued', planned)
    await clearAlarm(tx, at, { kind: 'dispatch-missed', sourceId: sourceOf(timetable).id })
  })
}

/** A failing optimiser delays nothing: what is live, a manual schedule or yesterday's result, is issued. */
async function optimise(
  context: ServerContext,
  { product, optimiserSeconds }: ProductTimetable,
  from: Instant,
): Promise<void> {
  const effort = { ...usualEffort, seconds: optimiserSeconds }
  try {
    const actor = { kind: 'system' as const, name: `timetable-${product}` }
    // What an earlier window of the day has issued stays.
    await optimiseDay(context, actor, tradingDayOf(from), product, effort, { from })
  } catch (error) {
    context.log.error({ err: error, product }, `the optimisation before the tick failed: ${messageOf(error)}`)
  }
}

async function recordMissed(context: ServerContext, claim: Claim, timetable: ProductTimetable): Promise<void> {
  const at = context.clock.now()
  const { product } = timetable
  await context.db.transaction(async (tx) => {
    if (!(await holdsClaim(tx, claim))) return
    await finishCycle(tx, claim, at, 'missed', 0)
    const owed = await countOwed(tx, timetable, windowOf(timetable, claim.startsAt))
    // A tick that owed nothing is recorded, but wakes nobody at night.
    if (owed === 0) return
    await raiseAlarm(tx, at, {
      kind: 'dispatch-missed',
      source: sourceOf(timetable),
      message: `The ${claim.startsAt} tick of product ${product} was missed: ${owed} instructions were not sent.`,
    })
  })
}

function sourceOf({ product }: ProductTimetable) {
  return { type: 'timetable' as const, id: `product-${product}`, name: `Product ${product} timetable` }
}
