import { LocalDate } from '@js-joda/core'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import { dynamicLimitOperations } from '../../../schemas/planning/dynamic-limits.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { findConnection, latestIssues } from '../../grid/index.ts'
import { bind, nameOf, proposed } from '../../kit/index.ts'
import { issueFor } from './issue.ts'
import { readTerms, saveDynamicTermsAct } from './save-terms.ts'

export { dynamicLimitJobs } from './jobs.ts'

/** How many days ahead limits may be issued. */
const mostDaysAhead = 7

/** Import limits that follow the forecast headroom of the network, where a contract allows it. */
export const dynamicLimits = bind(dynamicLimitOperations, {
  async readDynamicTerms({ db, params }) {
    const { name: _, ...terms } = await readTerms(db, params.id)
    return terms
  },
  saveDynamicTerms: proposed(saveDynamicTermsAct),

  async readDynamicLimits({ db, params: { id, day } }) {
    if (!(await findConnection(db, id))) throw new ProblemError('not-found', `There is no connection ${id}.`)
    const row = (await latestIssues(db, LocalDate.parse(day), [id])).get(id)
    return {
      connectionId: id,
      tradingDay: day,
      version: row?.version ?? 0,
      issuedAt: row?.issuedAt.toString() ?? null,
      issuedBy: row?.issuedBy ?? null,
      floorW: row?.floorW ?? null,
      share: row?.share ?? null,
      periods: row?.periods ?? [],
    }
  },

  async issueDynamicLimits({ db, at, actor, params, audit, announce }) {
    const [day, today] = [LocalDate.parse(params.day), tradingDayOf(at)]
    // What holds on a day that has begun has been told and is kept.
    if (!day.isAfter(today) || day.isAfter(today.plusDays(mostDaysAhead)))
      throw problemOf(brokenField('day', `must be one of the ${mostDaysAhead} days after ${today}`))
    const issue = await issueFor(db, day, at, nameOf(actor))
    audit({ action: 'dynamic-limits.issued', subject: { type: 'trading-day', id: params.day }, detail: issue })
    announce('network')
    return issue
  },
})
