import { z } from 'zod'
import { choicePeriod } from '../dispatch/choices.ts'
import { bid, newTender, offerOutcome, offerRejection } from '../market/tenders.ts'
import { depotPeople, depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { operation } from '../vocabulary/operation.ts'
import { direction, instant, price, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'

const watt = z.number()

/** The lower, middle and upper figure of comparable days, and their mean. */
const spread = z.object({ p10: watt, p50: watt, p90: watt, mean: watt })

/** What a depot is expected to draw and could put off, by quarter-hour. */
export const depotAvailability = z
  .object({
    depotId: z.string(),
    madeAt: instant,
    quarters: z.array(
      z.object({
        from: instant,
        loadW: spread,
        turnDownW: spread,
        /** The chance that the lower figure of what could be put off is there, from 0 to 1. */
        confidence: z.number(),
        /** Comparable days behind it. */
        days: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'DepotAvailability' })

/** What a price is made of, so that a person can redo it. */
export const priceWorking = z.object({
  promisedW: watt,
  /** The share of comparable quarter-hours in which less than that may be there. */
  offerQuantile: z.number(),
  samples: z.number().int(),
  /** What other services hold then, W. */
  heldW: watt,
  /** What the unit delivered of what it was instructed; 1 before anything was settled. */
  reliability: z.number(),
  laterGbpPerMwh: z.number(),
  handlingGbpPerMwh: z.number(),
  /** The share of the offer that is expected to be missing. */
  shortShare: z.number(),
  standbyGbpPerMwH: z.number(),
  marginShare: z.number(),
})
export type PriceWorking = z.infer<typeof priceWorking>

const pricedOffer = z.object({ turnDownW, availabilityGbpPerMwH: price, utilisationGbpPerMwh: price })

/** How a unit was priced for a tender, or why it was left out. */
export const unitReasoning = z.object({
  depotId: z.string(),
  fuId: uuid,
  offer: pricedOffer.nullable(),
  working: priceWorking.nullable(),
  refusal: z.string().nullable(),
})
export type UnitReasoning = z.infer<typeof unitReasoning>

/** What a tender asked for when it was answered. */
export const answeredTenderTerms = z.object({
  title: z.string(),
  product,
  direction,
  zoneNodeId: z.string(),
  validFrom: tradingDay,
  validTo: tradingDay,
  ceilingAvailabilityGbpPerMwH: newTender.shape.ceilingAvailabilityGbpPerMwH,
  ceilingUtilisationGbpPerMwh: newTender.shape.ceilingUtilisationGbpPerMwh,
})
export type AnsweredTenderTerms = z.infer<typeof answeredTenderTerms>

/** What became of an offer at the DNO. */
const offerFate = z.object({
  fuId: uuid,
  outcome: offerOutcome,
  rejection: offerRejection.nullable(),
  /** The same in words. */
  because: z.string().nullable(),
})

export const tenderAnswer = z
  .object({
    tenderId: uuid,
    bid,
    at: instant,
    tender: answeredTenderTerms.nullable(),
    reason: z.string().nullable(),
    units: z.array(unitReasoning),
    /** What the DNO decided, offer by offer; `null`: it could not be asked. */
    fates: z.array(offerFate).nullable(),
  })
  .meta({ id: 'TenderAnswer' })

/** The kinds of schedule that an FSP submits of a unit's day. */
export const submittedKind = z.enum(['baseline', 'cost', 'deviation'])
export type SubmittedKind = z.infer<typeof submittedKind>

/** A schedule of a unit as the DNO last took it. */
export const ownSchedule = z
  .object({
    fuId: uuid,
    day: tradingDay,
    kind: submittedKind,
    direction,
    revision: z.number().int(),
    values: z.array(z.union([z.number(), price])),
    at: instant,
    reason: z.string(),
    refusal: z.string().nullable(),
  })
  .meta({ id: 'OwnSchedule' })

/** What the DNO's optimiser chose of a unit's day for a product, beside what was offered. */
export const ownChoice = z
  .object({
    fuId: uuid,
    day: tradingDay,
    product,
    runId: uuid,
    /** When the DNO's run began, and when it was read. */
    startedAt: instant,
    readAt: instant,
    periods: z.array(
      choicePeriod.extend({
        /** Why less was chosen than offered, in words. */
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'OwnChoice' })

/** What a depot has promised or saved in a span, and who holds the load in it. */
export const marketEvent = z
  .object({
    from: instant,
    to: instant,
    holder: z.enum(['dno', 'others', 'tariff']),
    name: z.string(),
    powerW: watt,
    /** Instructed already, or only promised. */
    isInstructed: z.boolean(),
  })
  .meta({ id: 'MarketEvent' })

const ofDepot = {
  method: 'get',
  access: depotReaders,
  tags: ['Market'],
  params: z.object({ depotId: identifier }),
  problems: ['not-found'],
} as const

/** An FSP's own view of the market: what it could offer, what it answered and why, and what it promised. */
export const fspMarketOperations = {
  readAvailability: operation({
    ...ofDepot,
    path: '/depots/{depotId}/availability',
    summary: 'What the depot is expected to draw and could put off, by quarter-hour of the next two days',
    description:
      'Quantiles of up to 20 comparable days of the last 60, without quarter-hours under an instruction, corrected by the last two hours and by the schedules of the vehicles. What could be put off follows from past charges: those that would still have been full after two hours of waiting.',
    answer: depotAvailability,
  }),
  listOwnSchedules: operation({
    ...ofDepot,
    path: '/depots/{depotId}/market-schedules',
    summary: 'Baseline, cost and deviation as the DNO last took them, of today and later',
    answer: z.array(ownSchedule),
  }),
  listOwnChoices: operation({
    ...ofDepot,
    path: '/depots/{depotId}/market-choices',
    summary: 'What the DNO’s optimiser chose of the depot’s unit, and why no more, of the day before and later',
    description:
      'Of the latest run over each day that the DNO has told. The price of one more kW is shown where the DNO shows it: not where it could be told whose price that is.',
    answer: z.array(ownChoice),
  }),
  listMarketEvents: operation({
    ...ofDepot,
    path: '/depots/{depotId}/market-events',
    summary: 'The events ahead: what is promised to the DNO or to others, and what the tariff moves',
    query: z.object({ days: z.coerce.number().int().min(1).max(31).default(14) }),
    answer: z.array(marketEvent),
  }),
  listTenderAnswers: operation({
    method: 'get',
    path: '/market/tenders',
    access: depotPeople('fleet-admin', 'depot-admin'),
    tags: ['Market'],
    summary: 'Tenders that were answered, the newest first: how each unit was priced, and what the DNO decided',
    description: 'At most the newest 100. Units of depots that the caller may see.',
    answer: z.array(tenderAnswer),
  }),
}
