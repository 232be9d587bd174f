import { LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf, refuse } from '../../../platform/http/index.ts'
import { directionOf, type submissionOperations } from '../../../schemas/market/submissions.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { nameOf, tenantOf, type Verb } from '../../kit/index.ts'
import { findUnit } from '../parties/index.ts'
import { closingsOf } from './gates.ts'
import { assessSubmission, submissionFlaws, submissionRefusal } from './rules.ts'
import { currentSubmissions } from './store.ts'
import { submittedSchedule } from './tables.ts'
import { schedulableUnits } from './units.ts'
import { viewSubmission } from './views.ts'

/** FB02–04: accepts an FU's schedule for one day. A refused one leaves the accepted version unchanged. */
export const submitSchedule: Verb<typeof submissionOperations.submitSchedule> = async (call) => {
  const { db, at, actor, params, body } = call
  const [{ fuId, kind }, day, fspId] = [params, LocalDate.parse(params.day), tenantOf(actor)]
  if (body.kind !== kind) throw problemOf(brokenField('kind', `is ${body.kind}, but the address says ${kind}`))
  const unit = await findUnit(db, fuId, fspId)
  if (!unit) throw new ProblemError('not-found', fspId ? `You have no FU ${fuId}.` : `FU ${fuId} not found.`)
  const bounded = (await schedulableUnits(db, [unit], { first: day, last: day })).get(fuId)
  const errors = bounded ? submissionFlaws(day, body, bounded) : []
  if (errors[0]) throw new ProblemError('contract-broken', `${errors[0].field} ${errors[0].message}.`, { errors })
  await takeTurns(db, fuId)
  const direction = directionOf(body)
  const closings = (await closingsOf(db, at, [fuId], { first: day, last: day }))(fuId, day, kind)
  const [accepted] = await currentSubmissions(db, day, { fuIds: [fuId], kinds: [kind], direction })
  const outcome = assessSubmission(body, accepted, { day, now: at, closings })
  if (outcome.kind === 'unchanged' && accepted) return viewSubmission(accepted)
  const { revision, resolution, values } = body
  const stored = { fuId, tradingDay: day, kind, direction, revision, resolution, values }
  const row = { ...stored, submittedAt: at, submittedBy: nameOf(actor) }
  refuse(submissionRefusal(outcome, row))
  await db.insert(submittedSchedule).values(row)
  call.audit({
    action: 'schedule.submitted',
    subject: { type: 'fu', id: fuId },
    detail: { kind, direction, tradingDay: params.day, revision },
  })
  return viewSubmission(row)
}

/** Submissions for one FU are checked one after the other, so that the second of two with the same revision sees the first. */
async function takeTurns(tx: Queryable, fuId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${fuId}, 4))`)
}
