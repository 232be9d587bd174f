import { eq } from 'drizzle-orm'
import { refuse } from '../../../platform/http/index.ts'
import type { serviceToOthersOperations } from '../../../schemas/market/services-to-others.ts'
import { instantOf } from '../../../schemas/vocabulary/time.ts'
import { nameOf, tenantOf, type Verb } from '../../kit/index.ts'
import { serviceToOthers } from '../stacking/index.ts'
import { endRefusal } from './rules.ts'
import { lockService, viewsOf } from './store.ts'

/** Ends a service to others before its time; one that has not begun is then never in force. */
export const endServiceToOthers: Verb<typeof serviceToOthersOperations.endServiceToOthers> = async (call) => {
  const { db, at, actor, params, body } = call
  const fspId = tenantOf(actor)
  const found = await lockService(db, params.id, fspId)
  const end = instantOf(body.at)
  refuse(endRefusal(found, end, fspId === null ? null : at))
  const toAt = end.isBefore(found.fromAt) ? found.fromAt : end
  const change = { toAt, endedAt: at, endedBy: nameOf(actor), reason: body.reason }
  await db.update(serviceToOthers).set(change).where(eq(serviceToOthers.serviceId, params.id))
  call.audit({
    action: 'service-to-others.ended',
    subject: { type: 'fu', id: found.fuId },
    detail: { serviceId: params.id, was: found.toAt.toString(), is: toAt.toString(), reason: body.reason },
  })
  call.announce('market')
  const [view] = await viewsOf(db, [{ ...found, ...change }])
  return view as NonNullable<typeof view>
}
