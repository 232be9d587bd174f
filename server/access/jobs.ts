import type { Timer } from '../../platform/clock/index.ts'
import { purgeExpired } from '../../platform/oauth/index.ts'
import { forgetOldKeys, type ServerContext } from '../kit/index.ts'
import { chainHead } from './audit/index.ts'
import { forgetOldBrakes } from './brakes/index.ts'

const [hourMs, dayMs] = [3_600_000, 86_400_000]

/** Codes and marks against replay live for minutes: so do the rows after them. */
const purgeMs = 10 * 60_000

/** The periodic work of the wing. */
export function accessJobs({ clock, db, log }: ServerContext): Timer[] {
  return [
    // Every server may run them: a second deletion finds nothing. At night, when few requests use new keys.
    clock.every('access-retention', dayMs, (at) => forgetOldKeys(db, at), { offsetMs: (3 * 60 + 20) * 60_000 }),
    // Logs are kept elsewhere, so that a chain which is rewritten as a whole no longer agrees with them.
    clock.every(
      'audit-head',
      dayMs,
      async () => log.info({ auditHead: await chainHead(db) }, 'head of the audit trail'),
      {
        offsetMs: (3 * 60 + 25) * 60_000,
      },
    ),
    clock.every('oauth-retention', purgeMs, async () => {
      const purged = await purgeExpired(db)
      if (purged > 0) log.debug({ purged }, 'rows of the authorization server purged')
    }),
    // By the hour, because strangers add these rows.
    clock.every('access-brakes', hourMs, (at) => forgetOldBrakes(db, at), { offsetMs: 7 * 60_000 }),
  ]
}
