import { eq } from 'drizzle-orm'
import { problemOf } from '../../../platform/http/index.ts'
import type { fspNoticeOperations } from '../../../schemas/market/notices.ts'
import { requireOutside, type Verb } from '../../kit/index.ts'
import { keyMissing } from './add-target.ts'
import { auditedOf, columnsOf } from './columns.ts'
import { lockTarget, viewTarget } from './store.ts'
import { fspNoticeTarget } from './tables.ts'

/** Changes a target. Without a key in the form, the present key stays. */
export const changeNoticeTarget: Verb<typeof fspNoticeOperations.changeNoticeTarget> = async (call) => {
  const { context, db, actor, params, body } = call
  requireOutside(context, body)
  const found = await lockTarget(db, params.id, actor.fspId)
  const changed = { ...found, ...columnsOf(context, params.id, body) }
  if (changed.kind === 'webhook' && changed.sealedKey === null) throw problemOf(keyMissing)
  await db.update(fspNoticeTarget).set(changed).where(eq(fspNoticeTarget.targetId, params.id))
  const subject = { type: 'notice-target', id: params.id }
  call.audit({ action: 'notice-target.changed', subject, detail: auditedOf(body) })
  call.announce('market')
  return viewTarget(changed)
}
