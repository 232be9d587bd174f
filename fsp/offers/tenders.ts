import { type Instant, LocalDate } from '@js-joda/core'
import { answeredTenderTerms, type UnitReasoning } from '../../schemas/fsp/market.ts'
import { networkOperations } from '../../schemas/grid/network.ts'
import { type NewTenderResponse, type Tender, tenderOperations } from '../../schemas/market/tenders.ts'
import { dayStart, instantOf } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { answeredTender, type DnoApi, type FlexUnits, reasonOf } from '../flexibility/index.ts'
import { type Forecasts, promisedW } from '../forecasts/index.ts'
import { dnoClaims, type Offering, startsOf } from './offering.ts'
import type { Reliabilities } from './reliability.ts'
import { type OfferBasis, offeredW, priceOffer } from './rules/pricing.ts'
import { stack } from './rules/stacking.ts'

/** What answering a tender needs. */
export interface BiddingParts {
  dno: DnoApi
  flexUnits: FlexUnits
  forecasts: Forecasts
  reliabilities: Pick<Reliabilities, 'of'>
  offering: Offering
}

type Unit = FlexUnits['all'][number]

/** Days of before that an offer rests on. */
const sampledDays = 28

/** FA03: answers every open tender once, with offers or with an explicit refusal (E2EPA004), and keeps why (K2). */
export async function answerTenders(context: MarketContext, parts: BiddingParts, now: Instant): Promise<void> {
  const { dno, flexUnits, offering } = parts
  const { db, log } = context
  const listed = await dno.all(tenderOperations.listTenders, {})
  if (!listed.ok) return log.warn({ reason: reasonOf(listed.failure) }, 'tenders could not be read')
  const rows = await db.select({ tenderId: answeredTender.tenderId }).from(answeredTender)
  const answered = new Set(rows.map((row) => row.tenderId))
  const open = listed.value.filter((t) => t.state === 'open' && !answered.has(t.tenderId) && isOpen(t, now))
  if (open.length === 0) return
  const parents = await readParents(dno)
  for (const tender of open) {
    const ours = flexUnits.all.filter(({ depotId }) => offering.isOffered(depotId, tender))
    const inZone = ours.filter((unit) => parents === null || isBehind(parents, unit.nodeId, tender.zoneNodeId))
    const units: UnitReasoning[] = []
    for (const unit of inZone) units.push(await reasonOn(parts, unit, tender, now))
    await respond(context, dno, tender, units, now)
  }
}

/** How a unit is priced for a tender, or why it is left out. */
async function reasonOn(parts: BiddingParts, unit: Unit, tender: Tender, now: Instant): Promise<UnitReasoning> {
  const { depotId, fuId } = unit
  const out = (refusal: string): UnitReasoning => ({ depotId, fuId, offer: null, working: null, refusal })
  const { offering, flexUnits } = parts
  if (tender.direction === 'turn-up' && offering.mostW(depotId) === null) return out('It cannot turn up.')
  const own = flexUnits.contractsOf(fuId)
  const starts = startsOf(tender, firstOf(tender, now))
  const taken = starts.find((at) => dnoClaims(own, at).length > 0)
  if (taken) return out(`It is under contract with the DNO at ${taken}.`)
  const basis = await basisOf(parts, unit, tender, starts, now)
  const priced = priceOffer(basis, offering.policy)
  if (!priced) return out(`It has nothing to ${tender.direction.replace('-', ' ')}: ${wordsOf(basis)}.`)
  const { working, ...offer } = priced
  const dear = (
    [
      ['availability', offer.availabilityGbpPerMwH, tender.ceilingAvailabilityGbpPerMwH],
      ['utilisation', offer.utilisationGbpPerMwh, tender.ceilingUtilisationGbpPerMwh],
    ] as const
  ).find(([, cost, ceiling]) => Number(cost) > Number(ceiling))
  if (!dear) return { depotId, fuId, offer, working, refusal: null }
  const [what, cost, ceiling] = dear
  return { ...out(`Its ${what} costs £${cost}, more than the ceiling of £${ceiling}.`), working }
}

/** The later of the beginning of a tender's term and now. */
function firstOf({ validFrom }: Tender, now: Instant): Instant {
  const first = dayStart(LocalDate.parse(validFrom))
  return first.isAfter(now) ? first : now
}

async function basisOf(
  { forecasts, reliabilities, offering }: BiddingParts,
  { depotId, fuId, maxTurnDownW }: Unit,
  { windows, direction }: Tender,
  starts: readonly Instant[],
  now: Instant,
): Promise<OfferBasis> {
  const past = await forecasts.inWindows(depotId, windows, sampledDays, now)
  const mostW = offering.mostW(depotId)
  // Down it goes from what it draws, up to what it can be made to draw.
  const roomW = (loadW: number) => (direction === 'turn-up' ? Math.max(0, (mostW ?? 0) - loadW) : loadW)
  const samplesW = past.map(({ loadW, share }) => roomW(loadW) * share).sort((a, b) => a - b)
  const potentialW = promisedW(samplesW, offering.policy.offerQuantile)
  const claimsAt = await offering.claims(depotId, now)
  const held = starts.map((at) => potentialW - stack(potentialW, claimsAt(at)).freeW)
  const basis = {
    samplesW,
    promisedW: potentialW,
    heldW: held.reduce((most, each) => Math.max(most, each), 0),
    reliability: await reliabilities.of(fuId, now),
    mostW: direction === 'turn-up' ? (mostW ?? 0) : maxTurnDownW,
    laterGbpPerMwh: 0,
  }
  const asked = { powerW: offeredW(basis, offering.policy), direction, windows }
  return { ...basis, laterGbpPerMwh: (await offering.laterGbpPerMwh(depotId, now))(asked) }
}

function wordsOf({ samplesW, promisedW: promised, heldW, reliability }: OfferBasis): string {
  if (samplesW.length === 0) return 'nothing is known of it in these windows'
  const share = `times ${reliability.toFixed(2)} by reliability`
  return `${Math.round(promised)} W can be promised, of which others hold ${Math.round(heldW)} W, ${share}`
}

async function respond(
  { db, log }: MarketContext,
  dno: DnoApi,
  tender: Tender,
  units: readonly UnitReasoning[],
  now: Instant,
): Promise<void> {
  const { tenderId, direction } = tender
  const offers = units.flatMap(({ fuId, offer }) => (offer ? [{ fuId, direction, ...offer }] : []))
  const reason = offers.length > 0 ? null : refusalOf(units)
  const body: NewTenderResponse = reason === null ? { bid: 'offered', offers } : { bid: 'declined', reason }
  const answer = await dno.call(tenderOperations.respondToTender, { params: { id: tenderId }, body })
  if (answer.ok || answer.failure.status === 409)
    await db
      .insert(answeredTender)
      .values({
        tenderId,
        bid: body.bid,
        at: now,
        tender: answeredTenderTerms.parse(tender),
        reason,
        units: [...units],
      })
      .onConflictDoNothing()
  if (!answer.ok) log.warn({ tenderId, reason: reasonOf(answer.failure) }, 'a response was not taken')
}

/** Why nothing is offered, in words for the DNO: without the costs, which are ours. */
function refusalOf(units: readonly UnitReasoning[]): string {
  if (units.length === 0) return 'none of our units in this zone is for this product'
  return units.some(({ working }) => working !== null)
    ? 'the ceiling prices are below our costs'
    : 'none of our units in this zone is free in the windows'
}

function isOpen(tender: Tender, now: Instant): boolean {
  return now.isBefore(instantOf(tender.gateClosesAt))
}

/** The network as the DNO publishes it, each node's parent; `null` where it does not: then units are offered and the DNO sorts them out. */
async function readParents(dno: DnoApi): Promise<Map<string, string | null> | null> {
  const answer = await dno.all(networkOperations.listNodes, { query: { limit: 5_000 } })
  return answer.ok ? new Map(answer.value.map((node) => [node.nodeId, node.parentId])) : null
}

function isBehind(parents: ReadonlyMap<string, string | null>, nodeId: string, zoneId: string): boolean {
  for (let at: string | null = nodeId; at !== null; at = parents.get(at) ?? null) if (at === zoneId) return true
  return false
}
