import { eq } from 'drizzle-orm'
import { must, ProblemError } from '../../../platform/http/index.ts'
import type { tenderOperations } from '../../../schemas/market/tenders.ts'
import { addHand, type Verb } from '../../kit/index.ts'
import { oweFspNotices } from '../notices/index.ts'
import { acceptedFsps } from '../parties/index.ts'
import { givenProduct } from '../products/index.ts'
import { unpaidPrice } from './rules/offers.ts'
import { publish } from './rules/states.ts'
import { lockTender } from './store.ts'
import { tender } from './tables.ts'
import { published } from './told.ts'
import { viewTender } from './views.ts'

/** Opens a tender for responses, and tells FSPs. */
export const publishTender: Verb<typeof tenderOperations.publishTender> = async ({
  db,
  at,
  actor,
  params,
  ...call
}) => {
  const found = await lockTender(db, params.id)
  const product = await givenProduct(db, found.product, at)
  const ceilings = { availability: found.ceilingAvailability, utilisation: found.ceilingUtilisation }
  const unpaid = unpaidPrice(ceilings, product)
  if (unpaid)
    throw new ProblemError('conflict', `The ceiling for ${unpaid.price} ${unpaid.message}. Please draft it again.`)
  const change = { state: must(publish(found, at)), publishedAt: at, version: found.version + 1 }
  await db.update(tender).set(change).where(eq(tender.tenderId, params.id))
  await addHand(db, at, { type: 'tender', id: params.id }, actor, 'published')
  await oweFspNotices(db, at, published(found, await acceptedFsps(db)))
  call.audit({ action: 'tender.published', subject: { type: 'tender', id: params.id } })
  call.announce('market')
  return viewTender({ ...found, ...change })
}
