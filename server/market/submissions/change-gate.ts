import { ProblemError } from '../../../platform/http/index.ts'
import type { gateOperations, ScheduleGate } from '../../../schemas/market/gates.ts'
import { isCurrent, nameOf, type Verb } from '../../kit/index.ts'
import { gatesInForce } from './gates.ts'
import { submissionGate } from './tables.ts'

/** Changes the gate of a kind of schedule, for every submission from now on. */
export const changeScheduleGate: Verb<typeof gateOperations.changeScheduleGate> = async (call) => {
  const { db, at, actor, params, body: settings, version } = call
  const { kind } = params
  const before = (await gatesInForce(db))[kind]
  if (!isCurrent(version, before.version)) throw changedMeanwhile(before)
  const row = { kind, version: before.version + 1, settings, changedAt: at, changedBy: nameOf(actor) }
  // Two editors at once create the same version; the primary key admits one.
  const stored = await db.insert(submissionGate).values(row).onConflictDoNothing().returning()
  if (stored.length === 0) throw changedMeanwhile((await gatesInForce(db))[kind])
  call.audit({
    action: 'schedule-gate.changed',
    subject: { type: 'schedule-gate', id: kind },
    detail: { before: before.settings, after: settings },
  })
  call.announce('market')
  return { ...row, changedAt: at.toString() }
}

function changedMeanwhile({ kind, version, changedBy }: ScheduleGate): ProblemError {
  const detail = `The gate of ${kind} schedules is now at version ${version}, changed by ${changedBy ?? 'nobody'}: read it again.`
  return new ProblemError('changed-meanwhile', detail, { headers: { etag: `"${version}"` } })
}
