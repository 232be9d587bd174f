import type { Timer } from '../../platform/clock/index.ts'
import type { ServerContext } from '../access/index.ts'
import { createSender, endPassed } from './instructions/index.ts'
import { productATimetable, tickProductA } from './timetable/index.ts'
import { type ControlDirectory, createControlDirectory } from './transports/index.ts'

/** The timetable's work: ticks, sending, asking again, ending. Every server may run it; rows and claims keep each effect single. */
export function dispatchJobs(
  context: ServerContext,
  directory: ControlDirectory = createControlDirectory(context),
): Timer[] {
  const { clock, db } = context
  const sendOutstanding = createSender(context, directory)
  return [
    clock.every('dispatch-tick-a', productATimetable.periodMinutes * 60_000, async (at) => {
      await tickProductA(context, at, productATimetable)
      await sendOutstanding()
    }),
    clock.every('dispatch-outstanding', 60_000, async () => {
      if ((await endPassed(db, clock.now())) > 0) context.announce('dispatch')
      await sendOutstanding()
    }),
  ]
}
