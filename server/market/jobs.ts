import type { Timer } from '../../platform/clock/index.ts'
import { claimSlot } from '../../platform/jobs/index.ts'
import { type Mailer, mailerFromEnvironment } from '../../platform/mail/index.ts'
import type { ServerContext } from '../kit/index.ts'
import { tellCustomers } from './customers/index.ts'
import { sendFspNotices } from './notices/index.ts'
import { forgetApplications } from './parties/index.ts'
import { tellMissingSchedules } from './submissions/index.ts'
import { tellContractsEnded } from './tenders/index.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** The periodic work of the wing. Every server may run it: a second deletion finds nothing, and notices are owed and claimed once. */
export function marketJobs(context: ServerContext, mailer: Mailer | null = mailerFromEnvironment()): Timer[] {
  const { clock } = context
  return [
    clock.every('application-retention', dayMs, (at) => forgetApplications(context, at), {
      offsetMs: (3 * 60 + 30) * minuteMs,
    }),
    // After the day has ended by local time, in winter and in summer.
    clock.every('contracts-ended', dayMs, (at) => tellContractsEnded(context, at), { offsetMs: 20 * minuteMs }),
    // As often as the setting can tell apart, and before the notices are sent.
    clock.every('schedules-missing', 5 * minuteMs, (at) => tellMissingSchedules(context, at)),
    clock.every('fsp-notices', minuteMs, () => sendFspNotices(context, mailer)),
    ...(mailer ? [customerMails(context, mailer)] : []),
  ]
}

/** One server does each pass: a mail must not be sent twice. */
function customerMails(context: ServerContext, mailer: Mailer): Timer {
  return context.clock.every('tell-customers', minuteMs, async (at) => {
    if (await claimSlot(context.db, 'tell-customers', at)) await tellCustomers(context, mailer, at)
  })
}
