import type { Timer } from '../../../platform/clock/index.ts'
import { type ServerContext, watchQueue } from '../../kit/index.ts'
import { removeOldRows } from './retention.ts'
import { runWaiting } from './run-demand.ts'

/** Runs begin this soon: a person waits for the answer. */
const everyMs = 10_000

const hourMs = 3_600_000

/** Carries out the runs of EV demand, and removes what was kept long enough. Rows keep each run, and each edition, to one server. */
export function demandJobs(context: ServerContext): Timer[] {
  return [
    watchQueue(context, { name: 'demand-runs', everyMs, topic: 'planning' }, () => runWaiting(context)),
    context.clock.every('demand-retention', 24 * hourMs, (at) => removeOldRows(context, at), {
      offsetMs: 3.9 * hourMs,
    }),
  ]
}
