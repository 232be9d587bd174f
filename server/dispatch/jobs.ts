import type { Timer } from '../../platform/clock/index.ts'
import type { ServerContext } from '../access/index.ts'
import { endPassed, sendOutstanding } from './instructions/index.ts'
import { productATimetable, tickProductA } from './timetable/index.ts'
import { type ControlDirectory, createControlDirectory } from './transports/index.ts'

/** The timetable's work: ticks, sending, asking again, ending. Every server may run it; rows and claims keep each effect single. */
export function dispatchJobs(
  context: ServerContext,
  directory: ControlDirectory = createControlDirectory(context),
): Timer[] {
  const tickMs = productATimetable.periodMinutes * 60_000
  return [
    context.clock.every('dispatch-tick-a', tickMs, async (at) => {
      await tickProductA(context, at, productATimetable)
      await sendOutstanding(context, directory)
    }),
    context.clock.every('dispatch-outstanding', 60_000, async () => {
      await endPassed(context)
      await sendOutstanding(context, directory)
    }),
  ]
}
