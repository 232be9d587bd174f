import { z } from 'zod'
import { demandExample } from '../planning/demand-examples.ts'
import { reinforcementTerms } from '../planning/demand-runs.ts'
import { fsps, people, readers } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { directionOrTurnDown, instant, price, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'
import { contract } from './contracts.ts'
import { tenderDemand } from './tender-demand.ts'
import { apart, tenderWindow } from './windows.ts'

/** For how much of its windows a tender's turn-down is expected to be used, from 0 to 1. */
const expectedShare = z.number().min(0).max(1).multipleOf(0.01, 'must be whole percents')

/** What a tender says besides where and when it requires how much. */
const offered = {
  title: z.string().min(3).max(200),
  product,
  validFrom: tradingDay,
  /** Last trading day of service, inclusive. */
  validTo: tradingDay,
  ceilingAvailabilityGbpPerMwH: price,
  ceilingUtilisationGbpPerMwh: price,
  /** The share of the windows in which the turn-down is expected to be used: offers are compared at it. The setting’s where left out. */
  expectedUtilisationShare: expectedShare.optional(),
  /** Responses are accepted until this instant. */
  gateClosesAt: instant,
}

const isSpan = (t: { validFrom: string; validTo: string }) => t.validFrom <= t.validTo
const spanFault = { path: ['validTo'], message: 'must not be before validFrom' }

export const newTender = z
  .object({
    ...offered,
    /** One tender is for one direction: its windows, offers and contracts have the same. */
    direction: directionOrTurnDown,
    /** The zone: a network node; FUs behind it may respond. */
    zoneNodeId: identifier,
    windows: z.array(tenderWindow).min(1).max(200).superRefine(apart),
  })
  .refine(isSpan, spanFault)
  .meta({ id: 'NewTender' })
export type NewTender = z.infer<typeof newTender>

/** A tender whose zone and windows follow from a run of EV demand over the network. */
export const newDemandTender = z
  .object({
    runId: uuid,
    nodeId: identifier,
    /** The year of the run whose demand is asked for: that of the first or of the last day of service. */
    year: z.number().int().min(2010).max(2100),
    /** Ratings, and so windows, differ by season: a tender is for one of them. */
    season: tenderDemand.shape.season,
    /** Demand from data that were made up is refused unless this says that the tender is for a trial or a demonstration. */
    allowSynthetic: z.boolean().default(false),
    /** What flexibility, at the ceilings of the tender, is held against. */
    reinforcement: reinforcementTerms,
    ...offered,
  })
  .refine(isSpan, spanFault)
  .meta({
    id: 'NewDemandTender',
    example: {
      runId: demandExample.networkRun,
      nodeId: 'lpn-barnsbury-lv',
      year: 2035,
      season: 'winter',
      reinforcement: { reinforcementGbp: 150_000, lifeYears: 40, discountRate: 0.035 },
      title: 'Barnsbury, winter evenings of 2035',
      product: 'A',
      validFrom: '2035-01-01',
      validTo: '2035-01-31',
      ceilingAvailabilityGbpPerMwH: '10.00',
      ceilingUtilisationGbpPerMwh: '200.00',
      gateClosesAt: '2034-06-30T12:00:00Z',
    },
  })
export type NewDemandTender = z.infer<typeof newDemandTender>

export const tenderState = z.enum(['draft', 'open', 'evaluated', 'awarded', 'withdrawn'])
export type TenderState = z.infer<typeof tenderState>

/** An FU that serves somebody else in the windows of a contract, with the first quarter-hour that both cover. */
export const stackedUnit = z
  .object({ fuId: uuid, fuName: z.string(), buyer: z.string(), service: z.string(), from: instant })
  .meta({ id: 'StackedUnit' })
export type StackedUnit = z.infer<typeof stackedUnit>

/** What an evaluation found, in addition to the outcome of each offer. */
export const tenderEvaluation = z
  .object({
    evaluatedBy: z.string(),
    /** Unmet requirement of each window, W, in the order of the tender's windows. */
    shortfallW: z.array(turnDownW),
    /** Whether all eligible offers come from one FSP: a price without competition. */
    isSingleProvider: z.boolean(),
    /** Whether this is proved to be the cheapest set of offers. */
    isLeastCost: z.boolean(),
    /** Offered FUs that serve others in the windows, where such conflicts are flagged. */
    stacked: z.array(stackedUnit),
    /** Offered FUs that counted with less than their offer, because they delivered that share of what they were instructed. */
    derated: z.array(z.object({ fuId: uuid, fuName: z.string(), reliability: z.number() })),
  })
  .meta({ id: 'TenderEvaluation' })
export type TenderEvaluation = z.infer<typeof tenderEvaluation>

export const tender = z
  .object({
    tenderId: uuid,
    state: tenderState,
    createdBy: z.string(),
    publishedAt: instant.nullable(),
    evaluation: tenderEvaluation.nullable(),
    /** Where it was drafted from EV demand, and for the DNO only: what was worked out, as it was then. */
    demand: tenderDemand.nullable(),
    version: z.number().int(),
  })
  .extend(newTender.shape)
  .extend({ expectedUtilisationShare: expectedShare, windows: z.array(tenderWindow) })
  .meta({ id: 'Tender' })
export type Tender = z.infer<typeof tender>

/** An FSP's offer of one FU into a tender. */
export const offer = z
  .object({
    fuId: uuid,
    /** That of the tender. */
    direction: directionOrTurnDown,
    turnDownW: turnDownW.refine((w) => w > 0, 'must be more than 0 W'),
    availabilityGbpPerMwH: price,
    utilisationGbpPerMwh: price,
  })
  .meta({ id: 'Offer' })
export type Offer = z.infer<typeof offer>

export const bid = z.enum(['offered', 'declined'])

/** A response: offers, or an explicit refusal to bid (E2EPA004). */
export const newTenderResponse = z
  .discriminatedUnion('bid', [
    z.object({ bid: z.literal('offered'), offers: z.array(offer).min(1).max(1_000) }),
    z.object({ bid: z.literal('declined'), reason: z.string().max(500) }),
  ])
  .meta({
    id: 'NewTenderResponse',
    example: {
      bid: 'offered',
      offers: [
        {
          fuId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
          turnDownW: 40_000,
          availabilityGbpPerMwH: '10.00',
          utilisationGbpPerMwh: '95.50',
        },
      ],
    },
  })

export type NewTenderResponse = z.infer<typeof newTenderResponse>

export const offerOutcome = z.enum(['pending', 'selected', 'rejected'])

export const offerRejection = z.enum([
  'outside-zone',
  'price-not-attractive',
  'not-needed',
  'already-contracted',
  'not-reliable',
  'serves-others',
])
export type OfferRejection = z.infer<typeof offerRejection>

export const offerResult = offer
  .extend({
    offerId: uuid,
    fuName: z.string(),
    outcome: offerOutcome,
    rejection: offerRejection.nullable(),
    /** Indices of the tender's windows that it is selected for. */
    selectedWindows: z.array(z.number().int()),
    /** £/h at full utilisation: the most that it can cost. */
    costGbpPerHour: z.string(),
    /** £/h at the tender’s expected utilisation; offers are ranked by it. */
    expectedCostGbpPerHour: z.string(),
  })
  .meta({ id: 'OfferResult' })

export const tenderResponse = z
  .object({
    responseId: uuid,
    tenderId: uuid,
    fspId: uuid,
    fspName: z.string(),
    bid,
    reason: z.string().nullable(),
    submittedAt: instant,
    offers: z.array(offerResult),
  })
  .meta({ id: 'TenderResponse' })
export type TenderResponse = z.infer<typeof tenderResponse>

const idParams = z.object({ id: uuid })
const engineers = people('flexibility-engineer')
const tags = ['Tenders']

/** Tenders, from the draft to the award, and the responses to them. */
export const tenderOperations = {
  listTenders: operation({
    method: 'get',
    path: '/tenders',
    access: readers,
    tags,
    summary: 'Tenders',
    query: pageQuery().extend({
      demandRunId: uuid.optional().describe('Those that were drafted from this run of EV demand; the DNO only.'),
    }),
    answer: pageOf(tender),
  }),
  draftTender: operation({
    method: 'post',
    path: '/tenders',
    access: engineers,
    tags,
    summary: 'Draft a tender',
    body: newTender,
    answer: tender,
    problems: ['conflict'],
    idempotent: true,
  }),
  draftDemandTender: operation({
    method: 'post',
    path: '/tenders/from-demand',
    access: engineers,
    tags,
    summary: 'Draft a tender from a run of EV demand: zone, windows and W are what the node needs in a season',
    description:
      'The tender keeps the requirement, its costs at the tender’s ceilings beside reinforcement, and the run. Refused where the run is not done, knows no headroom of the node or no need in that season, rests on made-up data, or where service would lie in another season or year.',
    body: newDemandTender,
    answer: tender,
    problems: ['not-found', 'conflict'],
    idempotent: true,
  }),
  readTender: operation({
    method: 'get',
    path: '/tenders/{id}',
    access: readers,
    tags,
    summary: 'One tender',
    params: idParams,
    answer: tender,
    problems: ['not-found'],
    versionedBy: 'version',
  }),
  publishTender: operation({
    method: 'post',
    path: '/tenders/{id}/publish',
    access: engineers,
    tags,
    summary: 'Open a tender for responses',
    params: idParams,
    answer: tender,
    problems: ['not-found', 'conflict'],
  }),
  withdrawTender: operation({
    method: 'post',
    path: '/tenders/{id}/withdrawal',
    access: engineers,
    tags,
    summary: 'Withdraw a tender that has not been awarded',
    params: idParams,
    answer: tender,
    problems: ['not-found', 'conflict'],
  }),
  respondToTender: operation({
    method: 'post',
    path: '/tenders/{id}/responses',
    access: fsps('market'),
    tags,
    summary: 'Respond to a tender',
    params: idParams,
    body: newTenderResponse,
    answer: tenderResponse,
    problems: ['not-found', 'conflict'],
  }),
  listTenderResponses: operation({
    method: 'get',
    path: '/tenders/{id}/responses',
    access: readers,
    tags,
    summary: 'Responses to a tender',
    params: idParams,
    query: pageQuery(),
    answer: pageOf(tenderResponse),
    problems: ['not-found'],
  }),
  evaluateTender: operation({
    method: 'post',
    path: '/tenders/{id}/evaluation',
    access: engineers,
    tags,
    summary: 'Evaluate the responses and propose an award',
    description: 'Answers with all responses in one page.',
    params: idParams,
    answer: pageOf(tenderResponse),
    problems: ['not-found', 'conflict'],
  }),
  awardTender: operation({
    method: 'post',
    path: '/tenders/{id}/award',
    access: engineers,
    tags,
    summary: 'Award a tender as a second person, who neither drafted nor evaluated it',
    description:
      'If-Match names the version of the tender that you have read. Answers with all the contracts that it creates in one page.',
    params: idParams,
    answer: pageOf(contract),
    problems: ['not-found', 'conflict', 'second-person-needed'],
    versionedBy: 'version',
    recent: true,
  }),
}
