import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { toInstant } from '../../../platform/db/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type {
  Contract,
  newTender,
  newTenderResponse,
  Offer,
  Tender,
  TenderResponse,
} from '../../../schemas/market/tenders.ts'
import { isBehind, pathOf } from '../../grid/index.ts'
import { type Actor, nameOf, newIdFor, recordAudit, refuseReusedKey, type ServerContext } from '../../kit/index.ts'
import { listFlexibleUnits, listFsps } from '../parties/index.ts'
import {
  doTermsMeet,
  evaluateOffers,
  type RankedOffer,
  type TenderEvent,
  type TenderState,
  tenderStates,
} from './rules.ts'
import {
  findTender,
  forFsp,
  listContracts,
  listResponses,
  offersOf,
  type TenderRow,
  termOf,
  viewTender,
} from './store.ts'
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
  key: string | undefined,
  given: z.infer<typeof newTender>,
): Promise<Tender> {
  if ((await pathOf(context.db, given.zoneNodeId)).length === 0) {
    throw new ProblemError('contract-broken', `zoneNodeId: there is no network node ${given.zoneNodeId}.`, {
      errors: [{ field: 'zoneNodeId', message: 'is not a network node' }],
    })
  }
  const row = {
    tenderId: newIdFor(actor, 'POST /tenders', key),
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
    evaluation: null,
    awardedBy: null,
  }
  const made = await context.db.transaction(async (tx) => {
    const inserted = await tx.insert(tender).values(row).onConflictDoNothing().returning()
    if (inserted.length > 0) await audit(tx, context, actor, row.tenderId, 'created', { title: row.title })
    return inserted[0]
  })
  if (!made) return repeatedDraft(context, row.tenderId, given)
  context.announce('market')
  return viewTender(made)
}

/** The same request again under its Idempotency-Key is answered as before; another one under the same key is refused. */
async function repeatedDraft(
  context: ServerContext,
  tenderId: string,
  given: z.infer<typeof newTender>,
): Promise<Tender> {
  const before = await readTender(context, tenderId, null)
  const isSame = before.title === given.title && isDeepStrictEqual(before.windows, given.windows)
  return isSame && before.zoneNodeId === given.zoneNodeId ? before : refuseReusedKey()
}

/** Opens a tender for responses. */
export async function publishTender(context: ServerContext, actor: Actor, tenderId: string): Promise<Tender> {
  const row = await context.db.transaction(async (tx) => {
    const found = await lockTender(tx, tenderId)
    const change = { state: next(found, 'publish'), publishedAt: context.clock.now() }
    if (!change.publishedAt.isBefore(found.gateClosesAt))
      throw new ProblemError(
        'conflict',
        `The gate of “${found.title}” closed at ${found.gateClosesAt}: draft another tender.`,
      )
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
    if (offers.findIndex((o) => o.fuId === offer.fuId) < i)
      throw offerProblem(i, 'fuId', 'is offered twice in this response')
    const unit = units.find((u) => u.fuId === offer.fuId)
    if (!unit) throw new ProblemError('not-found', `offers[${i}].fuId: there is no FU ${offer.fuId} of yours.`)
    if (offer.turnDownW > unit.maxTurnDownW)
      throw offerProblem(i, 'turnDownW', `is more than the ${unit.maxTurnDownW} W that ${unit.name} is registered for`)
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

function offerProblem(index: number, key: string, message: string): ProblemError {
  const field = `offers[${index}].${key}`
  return new ProblemError('contract-broken', `${field} ${message}.`, { errors: [{ field, message }] })
}

/** Withdraws a tender that has not been awarded. */
export async function withdrawTender(context: ServerContext, actor: Actor, tenderId: string): Promise<Tender> {
  const row = await context.db.transaction(async (tx) => {
    const found = await lockTender(tx, tenderId)
    const change = { state: next(found, 'withdraw') }
    await tx.update(tender).set(change).where(eq(tender.tenderId, tenderId))
    await audit(tx, context, actor, tenderId, 'withdrawn')
    return { ...found, ...change }
  })
  context.announce('market')
  return viewTender(row)
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
    await requireAllHeard(tx, context, found)
    const ceilings = { availability: found.ceilingAvailability, utilisation: found.ceilingUtilisation }
    const { outcomes, ...evaluation } = evaluateOffers(await rankedOffers(tx, found), found.windows, ceilings)
    for (const [offerId, outcome] of outcomes)
      await tx.update(tenderOffer).set(outcome).where(eq(tenderOffer.offerId, offerId))
    await tx
      .update(tender)
      .set({ state, evaluatedBy: nameOf(actor), evaluation })
      .where(eq(tender.tenderId, tenderId))
    await audit(tx, context, actor, tenderId, 'evaluated', { outcomes: Object.fromEntries(outcomes), ...evaluation })
  })
  context.announce('market')
  return listResponses(context.db, tenderId, null)
}

/** An evaluation ends the taking of responses, so it waits for the gate, unless every FSP has given its answer already. */
async function requireAllHeard(tx: Tx, context: ServerContext, found: TenderRow): Promise<void> {
  if (!context.clock.now().isBefore(found.gateClosesAt)) return
  const responses = await tx
    .select({ fspId: tenderResponse.fspId })
    .from(tenderResponse)
    .where(eq(tenderResponse.tenderId, found.tenderId))
  const heard = new Set(responses.map((r) => r.fspId))
  const waiting = (await listFsps(tx, null)).filter((f) => f.status === 'accepted' && !heard.has(f.fspId))
  if (waiting.length === 0) return
  const names = waiting
    .slice(0, 3)
    .map((f) => f.companyName)
    .join(', ')
  throw new ProblemError(
    'conflict',
    `The gate of “${found.title}” is open until ${found.gateClosesAt}, and ${waiting.length} FSP${waiting.length === 1 ? ' has' : 's have'} not answered (${names}).`,
  )
}

async function rankedOffers(tx: Tx, found: TenderRow): Promise<RankedOffer[]> {
  const responses = await tx.select().from(tenderResponse).where(eq(tenderResponse.tenderId, found.tenderId))
  const offers = await offersOf(
    tx,
    responses.map((r) => r.responseId),
  )
  const nodeIds = [...new Set(offers.map((o) => o.nodeId))]
  const inside = new Map<string, boolean>()
  for (const nodeId of nodeIds) inside.set(nodeId, await isBehind(tx, nodeId, found.zoneNodeId))
  const held = await listContracts(tx, { from: found.validFrom, to: found.validTo, fuIds: offers.map((o) => o.fuId) })
  return offers.map((offer) => ({
    ...offer,
    insideZone: inside.get(offer.nodeId) ?? false,
    isContracted: held.some((c) => c.fuId === offer.fuId && doTermsMeet(termOf(c), found)),
  }))
}

/** FA03: a second person approves the evaluation, which makes the contracts. */
export async function awardTender(context: ServerContext, actor: Actor, tenderId: string): Promise<Contract[]> {
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
  return listContracts(context.db, { tenderId })
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
      windows: found.windows.filter((_, index) => offer.selectedWindows.includes(index)),
      baselineMethod: 'recent-history' as const,
      awardedAt: context.clock.now(),
      awardedBy,
    }))
  if (rows.length > 0) await tx.insert(contract).values(rows)
}

/** A tender as its reader may see it: an FSP sees no drafts, and not what the evaluation found about all bidders together. */
export async function readTender(context: ServerContext, tenderId: string, fspId: string | null): Promise<Tender> {
  const row = await findTender(context.db, tenderId)
  if (!row || (fspId !== null && row.state === 'draft'))
    throw new ProblemError('not-found', `There is no tender ${tenderId}.`)
  return fspId === null ? viewTender(row) : forFsp(viewTender(row))
}
