import { randomUUID } from 'node:crypto'
import type { Instant, LocalDate } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { refuse } from '../../../platform/http/index.ts'
import type { Offer, tenderOperations } from '../../../schemas/market/tenders.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { authorisedDays } from '../authorities/index.ts'
import { listFlexibleUnits } from '../parties/index.ts'
import { givenProduct } from '../products/index.ts'
import { offersRefusal } from './rules/offers.ts'
import { responseRefusal } from './rules/states.ts'
import { lockTender, pageOfResponses } from './store.ts'
import { tenderOffer, tenderResponse } from './tables.ts'

/** FA03, E2EPA004: an FSP offers FUs into a tender, or declines. One response per FSP; it is final. */
export const respondToTender: Verb<typeof tenderOperations.respondToTender> = async (call) => {
  const { db, at, id: responseId, actor, params, body } = call
  const { fspId } = actor
  const found = await lockTender(db, params.id)
  refuse(responseRefusal(found, await hasResponded(db, params.id, fspId), at))
  const offers = body.bid === 'offered' ? body.offers : []
  const product = await givenProduct(db, found.product, at)
  const units = await offerableUnits(db, at, fspId, offers, found.validFrom)
  refuse(offersRefusal(offers, found.direction, product, units))
  const reason = body.bid === 'declined' ? body.reason : null
  await db
    .insert(tenderResponse)
    .values({ responseId, tenderId: params.id, fspId, bid: body.bid, reason, submittedAt: at })
  if (offers.length > 0) await db.insert(tenderOffer).values(offers.map((offer) => rowOf(offer, responseId)))
  call.audit({ action: 'tender.response', subject: { type: 'tender', id: params.id }, detail: { bid: body.bid } })
  call.announce('market')
  const [response] = (await pageOfResponses(db, params.id, fspId, { limit: 1 })).items
  if (!response) throw new Error(`response ${responseId} is gone`)
  return response
}

/** The FSP's units among those offered, and whether it holds authority for each on the first day of service, or today if that is over. */
async function offerableUnits(tx: Queryable, at: Instant, fspId: string, offers: readonly Offer[], first: LocalDate) {
  const units = await listFlexibleUnits(tx, at, { fspId, fuIds: offers.map((o) => o.fuId) })
  const authorised = await authorisedDays(
    tx,
    units.map((unit) => unit.fuId),
  )
  const today = tradingDayOf(at)
  const day = first.isAfter(today) ? first : today
  return units.map((unit) => ({ ...unit, isAuthorised: authorised.on(unit.fuId, day) }))
}

async function hasResponded(tx: Queryable, tenderId: string, fspId: string): Promise<boolean> {
  const own = and(eq(tenderResponse.tenderId, tenderId), eq(tenderResponse.fspId, fspId))
  const [row] = await tx.select({ id: tenderResponse.responseId }).from(tenderResponse).where(own)
  return row !== undefined
}

function rowOf(offer: Offer, responseId: string): typeof tenderOffer.$inferInsert {
  return {
    offerId: randomUUID(),
    responseId,
    fuId: offer.fuId,
    turnDownW: offer.turnDownW,
    availability: offer.availabilityGbpPerMwH,
    utilisation: offer.utilisationGbpPerMwh,
    outcome: 'pending',
    rejection: null,
  }
}
