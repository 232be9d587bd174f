import { eq } from 'drizzle-orm'
import { must } from '../../../platform/http/index.ts'
import type { tenderOperations } from '../../../schemas/market/tenders.ts'
import type { Verb } from '../../kit/index.ts'
import { oweFspNotices } from '../notices/index.ts'
import { acceptedFsps } from '../parties/index.ts'
import { stateAfter } from './rules/states.ts'
import { lockTender } from './store.ts'
import { tender } from './tables.ts'
import { withdrawn } from './told.ts'
import { viewTender } from './views.ts'

/** Withdraws a tender that has not been awarded; FSPs that were told of it are told. */
export const withdrawTender: Verb<typeof tenderOperations.withdrawTender> = async ({ db, at, params, ...call }) => {
  const found = await lockTender(db, params.id)
  const change = { state: must(stateAfter(found, 'withdraw')), version: found.version + 1 }
  await db.update(tender).set(change).where(eq(tender.tenderId, params.id))
  if (found.publishedAt) await oweFspNotices(db, at, withdrawn(found, await acceptedFsps(db)))
  call.audit({ action: 'tender.withdrawn', subject: { type: 'tender', id: params.id } })
  call.announce('market')
  return viewTender({ ...found, ...change })
}
