import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { must } from '../../../platform/http/index.ts'
import type { tenderOperations } from '../../../schemas/market/tenders.ts'
import { tenderSettings } from '../../../schemas/settings/market.ts'
import { isBehind } from '../../grid/index.ts'
import { addHand, figuresAt, nameOf, type Verb } from '../../kit/index.ts'
import { unitReliabilities } from '../../planning/index.ts'
import { listFsps } from '../parties/index.ts'
import { givenProduct } from '../products/index.ts'
import { evaluateOffers, type RankedOffer } from './rules/evaluation.ts'
import { paidOf } from './rules/offers.ts'
import { evaluate } from './rules/states.ts'
import { firstSharedDay, termOf } from './rules/terms.ts'
import { type Stacking, stackingOf } from './stacked.ts'
import { listContracts, lockTender, offersInto, responsesTo, type TenderRow } from './store.ts'
import { tender, tenderOffer, tenderResponse } from './tables.ts'
import type { OfferRow } from './views.ts'

/** E2EPA005, E2EPA006: ranks the offers and proposes an award, with a reason for each one rejected. */
export const evaluateTender: Verb<typeof tenderOperations.evaluateTender> = async (call) => {
  const { db, at, actor, params } = call
  const found = await lockTender(db, params.id)
  const state = must(evaluate(found, await fspsWaitedFor(db, params.id), at))
  const stated = { availability: found.ceilingAvailability, utilisation: found.ceilingUtilisation }
  const ceilings = paidOf(stated, await givenProduct(db, found.product, at))
  const stacking = await stackingOf(
    db,
    at,
    (await offersInto(db, params.id)).map(({ fuId }) => ({ ...found, fuId })),
  )
  const offers = await rankedOffers(db, at, found, stacking)
  const { outcomes, ...result } = evaluateOffers(offers, found.windows, ceilings, found.expectedUtilisationShare)
  const derated = offers
    .filter((offer) => offer.reliability < 1)
    .map(({ fuId, fuName, reliability }) => ({ fuId, fuName, reliability }))
  const evaluation = { ...result, derated, stacked: stacking.isRefused ? [] : stacking.met }
  for (const [offerId, outcome] of outcomes)
    await db.update(tenderOffer).set(outcome).where(eq(tenderOffer.offerId, offerId))
  await db
    .update(tender)
    .set({ state, evaluatedBy: nameOf(actor), evaluation, version: found.version + 1 })
    .where(eq(tender.tenderId, params.id))
  await addHand(db, at, { type: 'tender', id: params.id }, actor, 'evaluated')
  call.audit({
    action: 'tender.evaluated',
    subject: { type: 'tender', id: params.id },
    detail: { outcomes: Object.fromEntries(outcomes), ...evaluation },
  })
  call.announce('market')
  return { items: await responsesTo(db, params.id), nextCursor: null }
}

/** Names of the FSPs that may respond and have not. */
async function fspsWaitedFor(tx: Queryable, tenderId: string): Promise<string[]> {
  const responses = await tx
    .select({ fspId: tenderResponse.fspId })
    .from(tenderResponse)
    .where(eq(tenderResponse.tenderId, tenderId))
  const heard = new Set(responses.map((r) => r.fspId))
  const fsps = await listFsps(tx, null)
  return fsps.filter((f) => f.status === 'accepted' && !heard.has(f.fspId)).map((f) => f.companyName)
}

type OfferOfUnit = RankedOffer & Pick<OfferRow, 'fuId'>

async function rankedOffers(tx: Queryable, at: Instant, found: TenderRow, stacking: Stacking): Promise<OfferOfUnit[]> {
  const offers = await offersInto(tx, found.tenderId)
  const inside = new Map<string, boolean>()
  for (const nodeId of new Set(offers.map((o) => o.nodeId)))
    inside.set(nodeId, await isBehind(tx, nodeId, found.zoneNodeId))
  const held = await listContracts(tx, { from: found.validFrom, to: found.validTo, fuIds: offers.map((o) => o.fuId) })
  const reliabilities = await reliabilitiesThatCount(tx, at, offers)
  return offers.map((offer) => ({
    ...offer,
    reliability: reliabilities.get(offer.fuId)?.ratio ?? 1,
    insideZone: inside.get(offer.nodeId) ?? false,
    servesOthers: stacking.isRefused && stacking.met.some((one) => one.fuId === offer.fuId),
    isContracted: held.some((c) => c.fuId === offer.fuId && firstSharedDay(termOf(c), found) !== null),
  }))
}

/** What the offered FUs have delivered of what they were instructed, where the DNO derates offers by it. */
async function reliabilitiesThatCount(tx: Queryable, at: Instant, offers: readonly OfferRow[]) {
  const { deratesOffers } = await figuresAt(tx, tenderSettings, at)
  const fuIds = deratesOffers ? offers.map((offer) => offer.fuId) : []
  return unitReliabilities(tx, fuIds)
}
