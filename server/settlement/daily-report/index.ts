import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import { dailyReportOperations } from '../../../schemas/settlement/daily-report.ts'
import { dayEnd } from '../../../schemas/vocabulary/time.ts'
import { bind, report } from '../../kit/index.ts'
import { makeReport } from './make-report.ts'

export { mailReport } from './mail-report.ts'

/** What happened on a day that is over. */
export const dailyReports = bind(dailyReportOperations, {
  readDailyReport: report(async ({ db, at, params }) => {
    const day = LocalDate.parse(params.day)
    if (at.isBefore(dayEnd(day)))
      throw new ProblemError('contract-broken', `${day} is not over: ask for a day before today.`, {
        errors: [{ field: 'day', message: 'must be over' }],
      })
    return makeReport(db, at, day)
  }),
})
