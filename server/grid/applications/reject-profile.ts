import type { profileOperations } from '../../../schemas/grid/profiles.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { requireRevision, requireState } from './preconditions.ts'
import { lockVersion, saveVersion } from './store.ts'
import { viewVersion } from './views.ts'

/** Rejects an application, with the reason for the applicant. */
export const rejectProfile: Verb<typeof profileOperations.rejectProfile> = async (call) => {
  const { db, at, actor, params, body, version } = call
  const { row, name } = await lockVersion(db, params.id)
  const state = requireState(row, 'reject')
  requireRevision(row, version)
  const saved = await saveVersion(db, row, { state, decidedBy: nameOf(actor), decidedAt: at, reason: body.reason })
  call.audit({
    action: 'profile.rejected',
    subject: { type: 'profile', id: params.id },
    detail: { connectionId: row.connectionId, version: row.version, reason: body.reason },
  })
  return viewVersion(saved, name)
}
