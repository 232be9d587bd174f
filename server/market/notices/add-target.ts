import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import { type fspNoticeOperations, mostNoticeTargets } from '../../../schemas/market/notices.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { requireOutside, type Verb } from '../../kit/index.ts'
import { auditedOf, columnsOf } from './columns.ts'
import { countTargets, lockTargets, viewTarget } from './store.ts'
import { fspNoticeTarget } from './tables.ts'

/** Adds a target: the FSP's notices are sent there from now on. */
export const addNoticeTarget: Verb<typeof fspNoticeOperations.addNoticeTarget> = async (call) => {
  const { context, db, id, actor, body } = call
  requireOutside(context, body)
  if (body.kind === 'webhook' && body.key === undefined) throw problemOf(keyMissing)
  await lockTargets(db, actor.fspId)
  if ((await countTargets(db, actor.fspId)) >= mostNoticeTargets)
    throw new ProblemError('conflict', `You have ${mostNoticeTargets} targets already, which is the most: remove one.`)
  const row = { targetId: id, fspId: actor.fspId, removedAt: null, sealedKey: null, ...columnsOf(context, id, body) }
  await db.insert(fspNoticeTarget).values(row)
  call.audit({ action: 'notice-target.created', subject: { type: 'notice-target', id }, detail: auditedOf(body) })
  call.announce('market')
  return viewTarget(row)
}

/** Without a signature, whoever learns the address of a webhook could send it notices. */
export const keyMissing = brokenField('key', 'is required for a webhook')
