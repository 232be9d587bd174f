import type { SubmittedSchedule } from '../../../schemas/market/submissions.ts'
import { dayStart } from '../../../schemas/vocabulary/time.ts'
import type { SubmittedRow } from './tables.ts'

/** A submitted schedule as the API shows it. */
export function viewSubmission(row: SubmittedRow): SubmittedSchedule {
  const { tradingDay, submittedAt, ...rest } = row
  return {
    ...rest,
    tradingDay: tradingDay.toString(),
    start: dayStart(tradingDay).toString(),
    submittedAt: submittedAt.toString(),
  }
}
