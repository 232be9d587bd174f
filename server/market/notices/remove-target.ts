import { and, eq } from 'drizzle-orm'
import type { fspNoticeOperations } from '../../../schemas/market/notices.ts'
import type { Verb } from '../../kit/index.ts'
import { lockTarget } from './store.ts'
import { fspNotice, fspNoticeTarget } from './tables.ts'

/** Removes a target with its key. What was still to be sent there is given up: the FSP's other targets have been told as well. */
export const removeNoticeTarget: Verb<typeof fspNoticeOperations.removeNoticeTarget> = async (call) => {
  const { db, at, actor, params } = call
  const found = await lockTarget(db, params.id, actor.fspId)
  const removal = { removedAt: at, active: false, sealedKey: null }
  await db.update(fspNoticeTarget).set(removal).where(eq(fspNoticeTarget.targetId, params.id))
  await db
    .update(fspNotice)
    // Due now, so that a server which is sending one has lost its lease on it.
    .set({ state: 'dead', lastError: 'its target was removed', dueAt: at })
    .where(and(eq(fspNotice.targetId, params.id), eq(fspNotice.state, 'owed')))
  const { name, kind, address } = found
  const subject = { type: 'notice-target', id: params.id }
  call.audit({ action: 'notice-target.removed', subject, detail: { name, kind, address } })
  call.announce('market')
}
