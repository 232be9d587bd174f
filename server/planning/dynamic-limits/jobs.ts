import type { Instant } from '@js-joda/core'
import type { Timer } from '../../../platform/clock/index.ts'
import { dynamicLimitSettings } from '../../../schemas/settings/dynamic-limits.ts'
import { localTimeOf, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { dynamicTermsOn, latestIssues } from '../../grid/index.ts'
import { figuresAt, recordAudit, type ServerContext } from '../../kit/index.ts'
import { issueFor } from './issue.ts'

const hourMs = 3_600_000
const planner = { kind: 'system', name: 'dynamic-limits' } as const

/** Issues the limits of the next day each evening; and once more in the same evening where terms have changed since. */
export function dynamicLimitJobs(context: ServerContext): Timer[] {
  return [context.clock.every('dynamic-limits', hourMs, (at) => issueTomorrow(context, at), { offsetMs: 20 * 60_000 })]
}

/** Issues the limits of the next day if it is time, and a connection lacks them. */
export async function issueTomorrow({ db, announce }: ServerContext, at: Instant): Promise<void> {
  const { issueHour } = await figuresAt(db, dynamicLimitSettings, at)
  if (localTimeOf(at).hour() < issueHour) return
  const tomorrow = tradingDayOf(at).plusDays(1)
  const issued = await db.transaction(async (tx) => {
    const terms = await dynamicTermsOn(tx, { lock: true })
    const issues = await latestIssues(tx, tomorrow)
    const lacks = terms.some(({ connectionId }) => !issues.get(connectionId)?.periods.length)
    if (!lacks) return false
    const detail = await issueFor(tx, tomorrow, at, planner.name)
    const subject = { type: 'trading-day', id: tomorrow.toString() }
    await recordAudit(tx, at, planner, { action: 'dynamic-limits.issued', subject, detail })
    return true
  })
  if (issued) announce('network')
}
