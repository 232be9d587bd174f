import { randomUUID } from 'node:crypto'
import { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { toInstant } from '../../../platform/db/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Contract, newTender, newTenderResponse, Offer, Tender, TenderResponse } from '../../../schemas/market.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../access/index.ts'
import { isBehind, pathOf } from '../../grid/index.ts'
import { listFlexibleUnits } from '../parties/index.ts'
import { evaluateOffers, type TenderEvent, type TenderState, tenderStates } from './rules.ts'
import { findTender, listContracts, listResponses, offersOf, type TenderRow, viewTender } from './store.ts'
import { contract, tender, tenderOffer, tenderResponse } from './tables.ts'

type Tx = Parameters<Parameters<ServerContext['db']['transaction']>[0]>[0]

/** The state after an event, or a 409 that says why not. */
function next(row: TenderRow, event: TenderEvent): TenderState {
  const state = tenderStates[row.state][event]
  if (!state)
    throw new ProblemError('conflict', `The tender “${row.title}” is ${row.state}: it cannot be changed by “${event}”.`)
  return state
}

/** Locks a tender for the length of the transaction, so that two people cannot move it at once. */
async function lockTender(tx: Tx, tenderId: string): Promise<TenderRow> {
  const [row] = await tx.select().from(tender).where(eq(tender.tenderId, tenderId)).for('update')
  if (!row) throw new ProblemError('not-found', `There is no tender ${tenderId}.`)
  return row
}

async function audit(
  tx: Tx,
  context: ServerContext,
  actor: Actor,
  tenderId: string,
  action: string,
  detail: Record<string, unknown> = {},
) {
  await recordAudit(tx, context.clock.now(), actor, {
    action: `tender.${action}`,
    subject: { type: 'tender', id: tenderId },
    detail,
  })
}

/** Drafts a tender. */
export async function createTender(
  context: ServerContext,
  actor: Actor,
  given: z.infer<typeof newTender>,
): Promise<Tender> {
  if ((await pathOf(context.db, given.zoneNodeId)).length === 0) {
    throw new ProblemError('contract-broken', `zoneNodeId: there is no network node ${given.zoneNodeId}.`, {
      errors: [{ field: 'zoneNodeId', message: 'is not a network node' }],
    })
  }
  const row = {
    tenderId: randomUUID(),
    state: 'draft' as const,
    title: given.title,
    product: given.product,
    zoneNodeId: given.zoneNodeId,
    validFrom: LocalDate.parse(given.validFrom),
    validTo: LocalDate.parse(given.validTo),
    windows: given.windows,
    ceilingAvailability: given.ceilingAvailabilityGbpPerMwH,
    ceilingUtilisation: given.ceilingUtilisationGbpPerMwh,
    gateClosesAt: toInstant(given.gateClosesAt),
    createdBy: nameOf(actor),
    publishedAt: null,
    evaluatedBy: null,
    awardedBy: null,
  }
  await context.db.transaction(async (tx) => {
    await tx.insert(tender).values(row)
    await audit(tx, context, actor, row.tenderId, 'created', { title: row.title })
  })
  context.announce('market')
  return viewTender(row)
}

/** Opens a tender for responses. */
export async function publishTender(context: ServerContext, actor: Actor, tenderId: string): Promise<Tender> {
  const row = await context.db.transaction(async (tx) => {
    const found = await lockTender(tx, tenderId)
    const change = { state: next(found, 'publish'), publishedAt: context.clock.now() }
    await tx.update(tender).set(change).where(eq(tender.tenderId, tenderId))
    await audit(tx, context, actor, tenderId, 'published')
    return { ...found, ...change }
  })
  context.announce('market')
  return viewTender(row)
}

/** FA03, E2EPA004: an FSP offers FUs into a tender, or declines. One response per FSP; it is final. */
export async function respondToTender(
  context: ServerContext,
  actor: Extract<Actor, { kind: 'fsp' }>,
  tenderId: string,
  given: z.infer<typeof newTenderResponse>,
): Promise<TenderResponse> {
  const at = context.clock.now()
  const responseId = randomUUID()
  try {
    await context.db.transaction(async (tx) => {
      const found = await lockTender(tx, tenderId)
      if (found.state === 'draft') throw new ProblemError('not-found', `There is no tender ${tenderId}.`)
      next(found, 'respond')
      if (!at.isBefore(found.gateClosesAt))
        throw new ProblemError('conflict', `The gate of “${found.title}” closed at ${found.gateClosesAt}.`)
      const reason = given.bid === 'declined' ? given.reason : null
      await tx
        .insert(tenderResponse)
        .values({ responseId, tenderId, fspId: actor.fspId, bid: given.bid, reason, submittedAt: at })
      if (given.bid === 'offered') await insertOffers(tx, context, actor.fspId, responseId, given.offers)
      await audit(tx, context, actor, tenderId, 'response', { bid: given.bid })
    })
  } catch (error) {
    if (codeOf(error) === '23505')
      throw new ProblemError('conflict', 'You have already responded to this tender; a response is final.')
    throw error
  }
  context.announce('market')
  const [response] = await listResponses(context.db, tenderId, actor.fspId)
  if (!response) throw new Error(`response ${responseId} is gone`)
  return response
}

async function insertOffers(
  tx: Tx,
  context: ServerContext,
  fspId: string,
  responseId: string,
  offers: Offer[],
): Promise<void> {
  const units = await listFlexibleUnits(tx, context.clock.now(), { fspId, fuIds: offers.map((o) => o.fuId) })
  const rows = offers.map((offer, i) => {
    const unit = units.find((u) => u.fuId === offer.fuId)
    if (!unit) throw new ProblemError('not-found', `offers[${i}].fuId: there is no FU ${offer.fuId} of yours.`)
    if (offer.turnDownW > unit.maxTurnDownW) {
      const message = `is more than the ${unit.maxTurnDownW} W that ${unit.name} is registered for`
      throw new ProblemError('contract-broken', `offers[${i}].turnDownW ${message}.`, {
        errors: [{ field: `offers[${i}].turnDownW`, message }],
      })
    }
    return {
      offerId: randomUUID(),
      responseId,
      fuId: offer.fuId,
      turnDownW: offer.turnDownW,
      availability: offer.availabilityGbpPerMwH,
      utilisation: offer.utilisationGbpPerMwh,
      outcome: 'pending' as const,
      rejection: null,
    }
  })
  await tx.insert(tenderOffer).values(rows)
}

/** Ranks the offers and proposes an award, with a reason for each one rejected (E2EPA005–006). */
export async function evaluateTender(
  context: ServerContext,
  actor: Actor,
  tenderId: string,
): Promise<TenderResponse[]> {
  await context.db.transaction(async (tx) => {
    const found = await lockTender(tx, tenderId)
    const state = next(found, 'evaluate')
    const responses = await tx.select().from(tenderResponse).where(eq(tenderResponse.tenderId, tenderId))
    const offers = await offersOf(
      tx,
      responses.map((r) => r.responseId),
    )
    const ranked = []
    for (const offer of offers)
      ranked.push({ ...offer, insideZone: await isBehind(tx, offer.nodeId, found.zoneNodeId) })
    const requiredW = Math.max(...found.windows.map((w) => w.requiredW))
    const outcomes = evaluateOffers(ranked, requiredW, {
      availability: found.ceilingAvailability,
      utilisation: found.ceilingUtilisation,
    })
    for (const [offerId, outcome] of outcomes)
      await tx.update(tenderOffer).set(outcome).where(eq(tenderOffer.offerId, offerId))
    await tx
      .update(tender)
      .set({ state, evaluatedBy: nameOf(actor) })
      .where(eq(tender.tenderId, tenderId))
    await audit(tx, context, actor, tenderId, 'evaluated', { outcomes: Object.fromEntries(outcomes) })
  })
  context.announce('market')
  return listResponses(context.db, tenderId, null)
}

/** FA03: a second person approves the evaluation, which makes the contracts. */
export async function awardTender(context: ServerContext, actor: Actor, tenderId: string): Promise<Contract[]> {
  const at = context.clock.now()
  const refusal = await context.db.transaction(async (tx) => {
    const found = await lockTender(tx, tenderId)
    const state = next(found, 'award')
    if (found.evaluatedBy === nameOf(actor)) {
      // FM16: the attempt itself is audited, so the transaction commits before the refusal is thrown.
      await audit(tx, context, actor, tenderId, 'award-refused', { reason: 'same person as the evaluation' })
      return `${nameOf(actor)} made this evaluation: another person has to award it.`
    }
    await makeContracts(tx, context, found, nameOf(actor))
    await tx
      .update(tender)
      .set({ state, awardedBy: nameOf(actor) })
      .where(eq(tender.tenderId, tenderId))
    await audit(tx, context, actor, tenderId, 'awarded')
    return null
  })
  if (refusal) throw new ProblemError('second-person-needed', refusal)
  context.announce('market')
  const contracts = await listContracts(context.db, {})
  return contracts.filter((c) => c.tenderId === tenderId && c.awardedAt === at.toString())
}

async function makeContracts(tx: Tx, context: ServerContext, found: TenderRow, awardedBy: string): Promise<void> {
  const responses = await tx.select().from(tenderResponse).where(eq(tenderResponse.tenderId, found.tenderId))
  const offers = await offersOf(
    tx,
    responses.map((r) => r.responseId),
  )
  const rows = offers
    .filter((offer) => offer.outcome === 'selected')
    .map((offer) => ({
      contractId: randomUUID(),
      tenderId: found.tenderId,
      offerId: offer.offerId,
      fspId: offer.fspId,
      fuId: offer.fuId,
      product: found.product,
      turnDownW: offer.turnDownW,
      availability: offer.availability,
      utilisation: offer.utilisation,
      validFrom: found.validFrom,
      validTo: found.validTo,
      windows: found.windows,
      baselineMethod: 'recent-history' as const,
      awardedAt: context.clock.now(),
      awardedBy,
    }))
  if (rows.length > 0) await tx.insert(contract).values(rows)
}

/** A tender as its reader may see it: an FSP does not see drafts. */
export async function readTender(context: ServerContext, tenderId: string, fspId: string | null): Promise<Tender> {
  const row = await findTender(context.db, tenderId)
  if (!row || (fspId !== null && row.state === 'draft'))
    throw new ProblemError('not-found', `There is no tender ${tenderId}.`)
  return viewTender(row)
}
