import type { Instant } from '@js-joda/core'
import type { Timer } from '../../platform/clock/index.ts'
import type { Product } from '../../schemas/vocabulary/units.ts'
import { onPool, type ServerContext } from '../kit/index.ts'
import { type ProductTimetable, ticksBetween, timetableInForce, timetablesInForce } from '../market/index.ts'
import { watchDelivery } from './delivery/index.ts'
import { watchExperiments } from './experiments/index.ts'
import { createLimitSender, planLimits } from './import-limits/index.ts'
import { endPassed } from './instructions/index.ts'
import { redispatch, tickProduct, unfinished } from './issuing/index.ts'
import { forgetLiveReadings } from './live-readings/index.ts'
import { createSender } from './sending/index.ts'
import { type ControlDirectory, createControlDirectory } from './transports/index.ts'

/** How often to check for due ticks: a tick whose worker died is noticed well within its grace. */
const checkMs = 60_000

const dayMs = 86_400_000

/**
 * The timetables' jobs: ticks, sending, querying, ending. Every server may run them; rows and claims keep each effect single. They have
 * database connections of their own, which no request and no report can take (FM36).
 */
export function dispatchJobs(
  server: ServerContext,
  directory: ControlDirectory = createControlDirectory(onPool(server, 'dispatch')),
): Timer[] {
  const context = onPool(server, 'dispatch')
  const { clock, db } = context
  const sendOutstanding = createSender(context, directory)
  const ticks = clock.every('dispatch-ticks', checkMs, createTicker(context, sendOutstanding), { overlapping: true })
  const outstanding = clock.every('dispatch-outstanding', 60_000, async () => {
    if ((await endPassed(db, clock.now())) > 0) context.announce('dispatch')
    await sendOutstanding()
  })
  const again = clock.every('dispatch-again', checkMs, async (at) => {
    if (await redispatch(context, at)) await sendOutstanding()
  })
  const sendLimits = createLimitSender(context, directory)
  const limits = clock.every('dispatch-limits', 60_000, async () => {
    await planLimits(context)
    await sendLimits()
  })
  const watch = clock.every('delivery-watch', 60_000, (at) => watchDelivery(context, at))
  const experiments = clock.every('experiment-watch', 60_000, (at) => watchExperiments(context, at))
  const retention = clock.every('live-reading-retention', dayMs, (at) => forgetLiveReadings(db, at), {
    offsetMs: (3 * 60 + 50) * 60_000,
  })
  return [ticks, outstanding, again, limits, watch, experiments, retention]
}

/**
 * Checks all products for due ticks at once. Checks of one product never overlap, while those of others go on in the next run, so that a
 * slow one delays no other.
 */
function createTicker(context: ServerContext, sendOutstanding: () => Promise<void>): (at: Instant) => Promise<void> {
  const [checkedAt, underway] = [new Map<Product, Instant>(), new Set<Product>()]
  const check = async (product: Product, inForce: readonly ProductTimetable[], at: Instant) => {
    let isTicking = false
    const last = checkedAt.get(product) ?? null
    for (const { timetable, upTo } of await dueTimetables(context, product, inForce, last, at))
      if (await tickProduct(context, upTo, timetable)) isTicking = true
    // Set only on success: a failed check is repeated a minute later.
    checkedAt.set(product, at)
    if (isTicking) await sendOutstanding()
  }
  return async (at) => {
    const idle = [...(await timetablesInForce(context.db, at))].filter(([product]) => !underway.has(product))
    const done = await Promise.allSettled(
      idle.map(([product, inForce]) => {
        underway.add(product)
        return check(product, inForce, at).finally(() => underway.delete(product))
      }),
    )
    const failed = done.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
  }
}

/**
 * The timetables of a product with work: at the first check, when a tick has fallen due since the last, or while a tick is unfinished,
 * which counts for one that is no longer in force as well: it owes no later ticks.
 */
async function dueTimetables(
  { db }: ServerContext,
  product: Product,
  inForce: readonly ProductTimetable[],
  checkedAt: Instant | null,
  at: Instant,
): Promise<{ timetable: ProductTimetable; upTo: Instant }[]> {
  const open = await unfinished(db, product)
  const isDue = (timetable: ProductTimetable) =>
    checkedAt === null ||
    ticksBetween(timetable, checkedAt, at).length > 0 ||
    open.some((tick) => tick.reach === timetable.reach)
  const due = inForce.filter(isDue).map((timetable) => ({ timetable, upTo: at }))
  const ended = new Map(open.map((tick) => [tick.reach, tick]))
  for (const { reach } of inForce) ended.delete(reach)
  for (const { reach, startsAt } of ended.values())
    due.push({ timetable: await timetableInForce(db, product, startsAt, reach), upTo: startsAt })
  return due
}
