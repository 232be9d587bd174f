import type { Timer } from '../../../platform/clock/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { runWaiting } from './run-demand.ts'

/** Runs are looked for this often: a person waits for the answer. */
const everyMs = 10_000

/** Carries out the runs of EV demand. Rows keep each to one server. */
export function demandJobs(context: ServerContext): Timer[] {
  return [context.clock.every('demand-runs', everyMs, () => runWaiting(context))]
}
