import type { Timer } from '../../platform/clock/index.ts'
import { forgetOldKeys, type ServerContext } from '../kit/index.ts'

const dayMs = 86_400_000

/** The periodic work of the wing. */
export function accessJobs({ clock, db }: ServerContext): Timer[] {
  // Every server may run it: a second deletion finds nothing. At night, when few requests use new keys.
  return [clock.every('access-retention', dayMs, (at) => forgetOldKeys(db, at), { offsetMs: (3 * 60 + 20) * 60_000 })]
}
