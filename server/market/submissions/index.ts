import { type Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { submissionOperations } from '../../../schemas/market/submissions.ts'
import { bind, tenantOf } from '../../kit/index.ts'
import { findUnit, listFlexibleUnits } from '../parties/index.ts'
import { writeSchedules } from './csv.ts'
import { currentSubmissions, findRevision, pageOfSubmissions } from './store.ts'
import { submitSchedule } from './submit-schedule.ts'
import { uploadSchedules } from './upload-schedules.ts'
import { viewSubmission } from './views.ts'

export { currentSubmissions, submissionRevisions, submissionsBetween } from './store.ts'
export type { SubmittedRow } from './tables.ts'
export { tellMissingSchedules } from './tell-missing.ts'

/** Schedules that FSPs submit: baseline, cost, deviation, availability. */
export const submissions = bind(submissionOperations, {
  submitSchedule,
  uploadSchedules,

  async readSubmittedSchedule({ db, actor, params: { fuId, day, kind }, query: { revision, direction } }) {
    const key = { fuId, day: LocalDate.parse(day), kind, direction }
    const unit = await findUnit(db, fuId, tenantOf(actor))
    const found = unit && (await findRevision(db, key, revision))
    if (!found) throw new ProblemError('not-found', `FU ${fuId} has no such ${kind} schedule for ${day}.`)
    return viewSubmission(found)
  },

  async listSubmittedSchedules({ db, at, actor, query }) {
    const fuIds = await visibleUnits(db, at, tenantOf(actor))
    return pageOfSubmissions(db, LocalDate.parse(query.day), fuIds, query)
  },

  async downloadSchedules({ db, at, actor, query: { day } }) {
    const fuIds = await visibleUnits(db, at, tenantOf(actor))
    const rows = await currentSubmissions(db, LocalDate.parse(day), fuIds ? { fuIds } : {})
    return { content: writeSchedules(rows), name: `schedules-${day}.csv` }
  },
})

/** The FUs whose schedules a reader sees; `null` for all. */
async function visibleUnits(tx: Queryable, at: Instant, fspId: string | null): Promise<string[] | null> {
  return fspId === null ? null : (await listFlexibleUnits(tx, at, { fspId })).map((unit) => unit.fuId)
}
