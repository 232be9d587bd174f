import type { profileOperations } from '../../../schemas/grid/profiles.ts'
import { addHand, nameOf, type Verb } from '../../kit/index.ts'
import { contentOf } from './apply-for-profile.ts'
import { requireRevision, requireState } from './preconditions.ts'
import { lockVersion, saveVersion } from './store.ts'
import { viewApplication, viewVersion } from './views.ts'

/** Amends an undecided application. A second editor is told who changed it meanwhile, and what differs (FM15). */
export const amendProfile: Verb<typeof profileOperations.amendProfile> = async (call) => {
  const { db, at, actor, params, body, version } = call
  const content = contentOf(body)
  const { row, name } = await lockVersion(db, params.id)
  requireState(row, 'amend')
  requireRevision(row, version, body)
  const saved = await saveVersion(db, row, { ...content, editedBy: nameOf(actor) })
  await addHand(db, at, { type: 'profile', id: params.id }, actor, 'edited')
  call.audit({
    action: 'profile.amended',
    subject: { type: 'profile', id: params.id },
    detail: { revision: saved.revision, before: viewApplication(row), after: viewApplication(saved) },
  })
  return viewVersion(saved, name)
}
