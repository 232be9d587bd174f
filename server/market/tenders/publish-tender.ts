import { eq } from 'drizzle-orm'
import { must } from '../../../platform/http/index.ts'
import type { tenderOperations } from '../../../schemas/market/tenders.ts'
import type { Verb } from '../../kit/index.ts'
import { publish } from './rules/states.ts'
import { lockTender } from './store.ts'
import { tender } from './tables.ts'
import { viewTender } from './views.ts'

/** Opens a tender for responses. */
export const publishTender: Verb<typeof tenderOperations.publishTender> = async ({ db, at, params, ...call }) => {
  const found = await lockTender(db, params.id)
  const change = { state: must(publish(found, at)), publishedAt: at }
  await db.update(tender).set(change).where(eq(tender.tenderId, params.id))
  call.audit({ action: 'tender.published', subject: { type: 'tender', id: params.id } })
  call.announce('market')
  return viewTender({ ...found, ...change })
}
