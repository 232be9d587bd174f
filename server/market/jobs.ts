import type { Timer } from '../../platform/clock/index.ts'
import type { ServerContext } from '../kit/index.ts'
import { forgetApplications } from './parties/index.ts'

const dayMs = 86_400_000

/** The periodic work of the wing. Every server may run it: a second deletion finds nothing. */
export function marketJobs(context: ServerContext): Timer[] {
  return [
    context.clock.every('application-retention', dayMs, (at) => forgetApplications(context, at), {
      offsetMs: (3 * 60 + 30) * 60_000,
    }),
  ]
}
