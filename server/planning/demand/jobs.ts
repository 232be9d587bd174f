import type { Timer } from '../../../platform/clock/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { removeOldRows } from './retention.ts'
import { runWaiting } from './run-demand.ts'

/** Runs are looked for this often: a person waits for the answer. */
const everyMs = 10_000

const hourMs = 3_600_000

/** Carries out the runs of EV demand, and removes what was kept long enough. Rows keep each run, and each edition, to one server. */
export function demandJobs(context: ServerContext): Timer[] {
  return [
    context.clock.every('demand-runs', everyMs, () => runWaiting(context)),
    context.clock.every('demand-retention', 24 * hourMs, (at) => removeOldRows(context, at), {
      offsetMs: 3.9 * hourMs,
    }),
  ]
}
