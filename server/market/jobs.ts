import type { Timer } from '../../platform/clock/index.ts'
import { claimSlot } from '../../platform/jobs/index.ts'
import { type Mailer, mailerFromEnvironment } from '../../platform/mail/index.ts'
import type { ServerContext } from '../kit/index.ts'
import { tellCustomers } from './customers/index.ts'
import { forgetApplications } from './parties/index.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** The periodic work of the wing. Every server may run the retention: a second deletion finds nothing. */
export function marketJobs(context: ServerContext, mailer: Mailer | null = mailerFromEnvironment()): Timer[] {
  return [
    context.clock.every('application-retention', dayMs, (at) => forgetApplications(context, at), {
      offsetMs: (3 * 60 + 30) * 60_000,
    }),
    ...(mailer ? [customerMails(context, mailer)] : []),
  ]
}

/** One server does each pass: a mail must not be sent twice. */
function customerMails(context: ServerContext, mailer: Mailer): Timer {
  return context.clock.every('tell-customers', minuteMs, async (at) => {
    if (await claimSlot(context.db, 'tell-customers', at)) await tellCustomers(context, mailer, at)
  })
}
