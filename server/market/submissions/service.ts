import type { LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ScheduleSubmission, SubmittedSchedule } from '../../../schemas/market/schedules.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { findUnit } from '../parties/index.ts'
import { gatesInForce } from './gates.ts'
import { gateOf, judgeSubmission, type SubmissionOutcome, submissionFlaws } from './rules.ts'
import { currentSubmissions, type SubmittedRow, viewSubmission } from './store.ts'
import { submittedSchedule } from './tables.ts'

/** FB02–04: takes an FU's schedule of one day. A refused one leaves the accepted version untouched. `fspId` is whose FUs may be meant. */
export async function submitSchedule(
  context: ServerContext,
  actor: Actor,
  fspId: string | null,
  key: { fuId: string; day: LocalDate },
  given: ScheduleSubmission,
): Promise<SubmittedSchedule> {
  const at = context.clock.now()
  const unit = await findUnit(context.db, key.fuId, fspId)
  if (!unit) throw new ProblemError('not-found', `There is no FU ${key.fuId}${fspId ? ' of yours' : ''}.`)
  const errors = submissionFlaws(key.day, given, unit)
  if (errors[0]) throw new ProblemError('contract-broken', `${errors[0].field} ${errors[0].message}.`, { errors })
  const row = {
    fuId: key.fuId,
    tradingDay: key.day,
    kind: given.kind,
    revision: given.revision,
    resolution: given.resolution,
    values: given.values,
    submittedAt: at,
    submittedBy: nameOf(actor),
  }
  const stored = await context.db.transaction(async (tx) => {
    await takeTurns(tx, key.fuId)
    const gates = await gatesInForce(tx)
    const [accepted] = await currentSubmissions(tx, key.day, { fuIds: [key.fuId], kinds: [given.kind] })
    const outcome = judgeSubmission(given, accepted, at, gateOf(gates[given.kind].settings, key.day))
    if (outcome.kind === 'unchanged' && accepted) return accepted
    refuseUnless(outcome, row)
    await tx.insert(submittedSchedule).values(row)
    await recordAudit(tx, at, actor, {
      action: 'schedule.submitted',
      subject: { type: 'fu', id: key.fuId },
      detail: { kind: row.kind, tradingDay: key.day.toString(), revision: row.revision },
    })
    return row
  })
  return viewSubmission(stored)
}

/** Submissions for one FU are judged one after the other, so that of two with the same revision the second meets the first. */
async function takeTurns(tx: Queryable, fuId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${fuId}, 4))`)
}

/** Answers 409 with the reason for anything that is not to be stored. */
export function refuseUnless(
  outcome: SubmissionOutcome,
  row: Pick<SubmittedRow, 'kind' | 'tradingDay' | 'revision'>,
): void {
  const what = `the ${row.kind} schedule of ${row.tradingDay}`
  if (outcome.kind === 'late')
    throw new ProblemError('conflict', `The gate for ${what} closed at ${outcome.gate}: the accepted version stands.`)
  if (outcome.kind === 'older')
    throw new ProblemError('conflict', `Revision ${outcome.revision} of ${what} was accepted: send a higher one.`)
  if (outcome.kind === 'revision-used')
    throw new ProblemError(
      'conflict',
      `Revision ${row.revision} of ${what} was accepted with other values: send changes with a higher revision.`,
    )
}
