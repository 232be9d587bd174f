import { z } from 'zod'
import { instant, price, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'

export const weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])

const localTime = z.string().regex(/^([01]\d|2[0-3]):(00|15|30|45)$|^24:00$/, 'must be a quarter-hour such as 17:30')

/** A window of a tender: on these days of the week, from `from` to `to` in local time, `requiredW` is wanted. */
export const tenderWindow = z
  .object({ weekdays: z.array(weekday).min(1), from: localTime, to: localTime, requiredW: turnDownW })
  .refine((w) => w.from < w.to, { path: ['to'], message: 'must be later than from' })
  .meta({ id: 'TenderWindow' })
export type TenderWindow = z.infer<typeof tenderWindow>

export const newTender = z
  .object({
    title: z.string().min(3).max(200),
    product,
    /** The zone: a network node; FUs behind it may respond. */
    zoneNodeId: z.string(),
    validFrom: tradingDay,
    /** Last trading day of service, inclusive. */
    validTo: tradingDay,
    windows: z.array(tenderWindow).min(1),
    ceilingAvailabilityGbpPerMwH: price,
    ceilingUtilisationGbpPerMwh: price,
    /** Responses are taken until this instant. */
    gateClosesAt: instant,
  })
  .refine((t) => t.validFrom <= t.validTo, { path: ['validTo'], message: 'must not be before validFrom' })
  .meta({ id: 'NewTender' })

export const tenderState = z.enum(['draft', 'open', 'evaluated', 'awarded', 'withdrawn'])

/** What an evaluation found, beside the outcome of each offer. */
export const tenderEvaluation = z
  .object({
    evaluatedBy: z.string(),
    /** Unmet requirement of each window, W, in the order of the tender's windows. */
    shortfallW: z.array(turnDownW),
    /** Whether all that could be selected comes from one FSP: a price without competition. */
    isSingleProvider: z.boolean(),
    /** Whether it is proved that no other set of offers would be cheaper. */
    isLeastCost: z.boolean(),
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
  })
  .extend(newTender.shape)
  .meta({ id: 'Tender' })
export type Tender = z.infer<typeof tender>

/** An FSP's offer of one FU into a tender. */
export const offer = z
  .object({
    fuId: uuid,
    turnDownW: turnDownW.refine((w) => w > 0, 'must be more than 0 W'),
    availabilityGbpPerMwH: price,
    utilisationGbpPerMwh: price,
  })
  .meta({ id: 'Offer' })
export type Offer = z.infer<typeof offer>

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

export const offerRejection = z.enum(['outside-zone', 'price-not-attractive', 'not-needed', 'already-contracted'])

export const offerResult = offer
  .extend({
    offerId: uuid,
    fuName: z.string(),
    outcome: z.enum(['pending', 'selected', 'rejected']),
    rejection: offerRejection.nullable(),
    /** Indices of the tender's windows that it is selected for. */
    selectedWindows: z.array(z.number().int()),
    /** £ an hour at full utilisation, by which offers are ranked. */
    costGbpPerHour: z.string(),
  })
  .meta({ id: 'OfferResult' })

export const tenderResponse = z
  .object({
    responseId: uuid,
    tenderId: uuid,
    fspId: uuid,
    fspName: z.string(),
    bid: z.enum(['offered', 'declined']),
    reason: z.string().nullable(),
    submittedAt: instant,
    offers: z.array(offerResult),
  })
  .meta({ id: 'TenderResponse' })
export type TenderResponse = z.infer<typeof tenderResponse>

/** A contract for one FU, made from a selected offer by a second person's award. */
export const contract = z
  .object({
    contractId: uuid,
    tenderId: uuid,
    fspId: uuid,
    fspName: z.string(),
    fuId: uuid,
    fuName: z.string(),
    product,
    turnDownW,
    availabilityGbpPerMwH: price,
    utilisationGbpPerMwh: price,
    validFrom: tradingDay,
    validTo: tradingDay,
    windows: z.array(tenderWindow),
    baselineMethod: z.enum(['recent-history']),
    /** Days on which the DNO does not need the reserve: nothing is instructed or paid on them, and the FSP is free. */
    releasedDays: z.array(tradingDay),
    awardedAt: instant,
    awardedBy: z.string(),
  })
  .meta({ id: 'Contract' })
export type Contract = z.infer<typeof contract>

/** Days of a contract for product A that the DNO gives back to the FSP. */
export const reserveRelease = z
  .object({ days: z.array(tradingDay).min(1).max(366), reason: z.string().min(3).max(500) })
  .meta({
    id: 'ReserveRelease',
    example: { days: ['2026-01-19', '2026-01-20'], reason: 'The forecast leaves the primary under its target' },
  })
