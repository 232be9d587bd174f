import { eq } from 'drizzle-orm'
import { must } from '../../../platform/http/index.ts'
import type { tenderOperations } from '../../../schemas/market/tenders.ts'
import type { Verb } from '../../kit/index.ts'
import { stateAfter } from './rules/states.ts'
import { lockTender } from './store.ts'
import { tender } from './tables.ts'
import { viewTender } from './views.ts'

/** Withdraws a tender that has not been awarded. */
export const withdrawTender: Verb<typeof tenderOperations.withdrawTender> = async ({ db, params, ...call }) => {
  const found = await lockTender(db, params.id)
  const change = { state: must(stateAfter(found, 'withdraw')), version: found.version + 1 }
  await db.update(tender).set(change).where(eq(tender.tenderId, params.id))
  call.audit({ action: 'tender.withdrawn', subject: { type: 'tender', id: params.id } })
  call.announce('market')
  return viewTender({ ...found, ...change })
}
