import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { importLimitOperations } from '../../../schemas/dispatch/import-limits.ts'
import type { Verb } from '../../kit/index.ts'
import { moveLimit, recordLimitAttempt, supersedeBefore } from './store.ts'
import { connectionLimit } from './tables.ts'
import { requireLimit } from './views.ts'

/** A person records that an FSP accepted a limit sent by e-mail. From then on it is like any other. */
export const confirmImportLimit: Verb<typeof importLimitOperations.confirmImportLimit> = async (call) => {
  const { db, at, params, body } = call
  const limitId = params.id
  const [row] = await db.select().from(connectionLimit).where(eq(connectionLimit.limitId, limitId))
  if (!row) throw new ProblemError('not-found', `There is no limit ${limitId}.`)
  const moved = await moveLimit(db, row, 'accept', { acknowledgedAt: at, nextAttemptAt: null, reason: null })
  if (!moved) throw new ProblemError('conflict', `The limit is ${row.state}: only one that was sent can be confirmed.`)
  await supersedeBefore(db, moved)
  await recordLimitAttempt(db, limitId, at, `confirmed: ${body.note}`)
  call.audit({ action: 'limit.confirmed', subject: { type: 'limit', id: limitId }, detail: { note: body.note } })
  return requireLimit(db, limitId)
}
