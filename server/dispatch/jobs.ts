import type { Timer } from '../../platform/clock/index.ts'
import type { Product } from '../../schemas/units.ts'
import type { ServerContext } from '../access/index.ts'
import { createSender, endPassed } from './instructions/index.ts'
import { createLimitSender, planLimits } from './limits/index.ts'
import { type ProductTimetable, tickProduct, timetables } from './timetable/index.ts'
import { type ControlDirectory, createControlDirectory } from './transports/index.ts'

/** The timetables' work: ticks, sending, asking again, ending. Every server may run it; rows and claims keep each effect single. */
export function dispatchJobs(
  context: ServerContext,
  directory: ControlDirectory = createControlDirectory(context),
  given: Record<Product, ProductTimetable> = timetables,
): Timer[] {
  const { clock, db } = context
  const sendOutstanding = createSender(context, directory)
  // Each product has a timer of its own, so that one that takes its time holds up no other.
  const ticks = Object.values(given).map((timetable) =>
    clock.every(`dispatch-tick-${timetable.product}`, tickPeriodMs(timetable), async (at) => {
      await tickProduct(context, at, timetable)
      await sendOutstanding()
    }),
  )
  const outstanding = clock.every('dispatch-outstanding', 60_000, async () => {
    if ((await endPassed(db, clock.now())) > 0) context.announce('dispatch')
    await sendOutstanding()
  })
  const sendLimits = createLimitSender(context, directory)
  const limits = clock.every('dispatch-limits', 60_000, async () => {
    await planLimits(context)
    await sendLimits()
  })
  return [...ticks, outstanding, limits]
}

/** A daily tick falls at a local time, which moves against UTC twice a year: it is looked for every quarter of an hour. */
function tickPeriodMs({ rhythm }: ProductTimetable): number {
  return rhythm.kind === 'single-window' ? rhythm.periodMinutes * 60_000 : 900_000
}
