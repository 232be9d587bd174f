import { Duration, type Instant } from '@js-joda/core'
import { messageOf } from '../../../platform/errors/index.ts'
import { inSpan } from '../../../platform/tracing/index.ts'
import { momentInWords, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { type ProductTimetable, timetableInForce, wholeProduct, windowOf } from '../../market/index.ts'
import { optimiseDay, usualEffort } from '../optimisation/runs/index.ts'
import { align, countOwed } from '../schedules/index.ts'
import { type Claim, claimCycle, fillCycles, finishCycle, holdsClaim } from './cycles.ts'
import { sentElsewhere } from './elsewhere.ts'

/**
 * FA05, FB05, FB06: runs the due ticks of a timetable. Each plans the instructions of its window; ticks that did not run in time are recorded
 * as missed. Any number of workers may call it at once (FM08). Returns whether there was any.
 */
export async function tickProduct(context: ServerContext, at: Instant, timetable: ProductTimetable): Promise<boolean> {
  await fillCycles(context.db, timetable, at)
  for (let isAny = false; ; isAny = true) {
    const claim = await claimCycle(context.db, timetable, context.clock.now())
    if (!claim) return isAny
    await inSpan(spanOf(claim), () => runTick(context, claim, timetable))
  }
}

async function runTick(context: ServerContext, claim: Claim, timetable: ProductTimetable): Promise<void> {
  const own = await timetableOf(context, claim, timetable)
  const lateS = Duration.between(claim.startsAt, context.clock.now()).seconds()
  if (lateS > own.graceSeconds) await recordMissed(context, claim, own)
  else await issueWindow(context, claim, own)
}

/** A tick by what identifies it: product, part of the product, and start. */
function spanOf({ product, reach, startsAt }: Claim) {
  const attributes = {
    'ringmain.product': product,
    'ringmain.tick.reach': reach,
    'ringmain.tick.starts_at': startsAt.toString(),
  }
  return { name: 'dispatch tick', attributes }
}

/** A tick follows the timetable in force when it fell due, even if that changed before a worker ran it. */
async function timetableOf(context: ServerContext, claim: Claim, present: ProductTimetable): Promise<ProductTimetable> {
  const isOlder = present.inForceFrom?.isAfter(claim.startsAt) ?? false
  return isOlder ? timetableInForce(context.db, claim.product, claim.startsAt, claim.reach) : present
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
async function optimise(context: ServerContext, timetable: ProductTimetable, from: Instant): Promise<void> {
  const { product, optimiserSeconds } = timetable
  const effort = { ...usualEffort, seconds: optimiserSeconds }
  try {
    const actor = { kind: 'system' as const, name: `timetable-${product}` }
    const day = tradingDayOf(from)
    // What an earlier window of the day has issued stays, and what another timetable of the product has.
    const hasGoneOut = await sentElsewhere(context.db, timetable, day, context.clock.now())
    await optimiseDay(context, actor, day, product, effort, { from, hasGoneOut })
  } catch (error) {
    context.log.error({ err: error, product }, `the optimisation before the tick failed: ${messageOf(error)}`)
  }
}

async function recordMissed(context: ServerContext, claim: Claim, timetable: ProductTimetable): Promise<void> {
  const at = context.clock.now()
  await context.db.transaction(async (tx) => {
    if (!(await holdsClaim(tx, claim))) return
    await finishCycle(tx, claim, at, 'missed', 0)
    const owed = await countOwed(tx, timetable, windowOf(timetable, claim.startsAt))
    // A tick that owed nothing is recorded, but wakes nobody at night.
    if (owed === 0) return
    await raiseAlarm(tx, at, {
      kind: 'dispatch-missed',
      source: sourceOf(timetable),
      message: `The tick of ${nameOf(timetable)} at ${momentInWords(claim.startsAt)} was missed: ${owed} instructions were not sent.`,
    })
  })
}

/** A product, or the part of one that has a timetable of its own. */
function nameOf({ product, reach }: ProductTimetable): string {
  return reach === wholeProduct ? `product ${product}` : `product ${product} (${reach.replace(':', ' ')})`
}

function sourceOf(timetable: ProductTimetable) {
  const { product, reach } = timetable
  const id = reach === wholeProduct ? `product-${product}` : `product-${product}-${reach}`
  return { type: 'timetable' as const, id, name: `${nameOf(timetable).replace(/^p/, 'P')} timetable` }
}
