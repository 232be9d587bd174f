import { z } from 'zod'
import { instant, price, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'

/** How the DNO reaches an FSP: the control API that the FSP implements and the token endpoint that it names. */
export const controlApi = z
  .object({
    baseUrl: z.url(),
    tokenEndpoint: z.url(),
    /** The issuer behind the token endpoint, for whom assertions are meant; without one they are meant for the endpoint. */
    issuer: z.url().optional(),
    clientId: z.string().min(1),
    /** How the DNO authenticates there. For private_key_jwt the DNO’s keys are at the `jwksUri` of the receipt. */
    authentication: z
      .enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt'])
      .default('client_secret_basic'),
    clientSecret: z.string().min(8).optional(),
    scope: z.string().optional(),
  })
  .refine((c) => (c.authentication === 'private_key_jwt') === (c.clientSecret === undefined), {
    path: ['clientSecret'],
    message: 'must be given, but for private_key_jwt, which needs none',
  })
  .meta({
    id: 'ControlApi',
    example: {
      baseUrl: 'https://flex.example/control',
      tokenEndpoint: 'https://flex.example/oidc/token',
      clientId: 'dno',
      authentication: 'private_key_jwt',
      scope: 'control',
    },
  })

const jwk = z.record(z.string(), z.unknown())

/** How the FSP will authenticate at the DNO's token endpoint. */
export const clientAuthentication = z.discriminatedUnion('method', [
  z.object({ method: z.literal('client_secret_basic') }),
  z.object({ method: z.literal('private_key_jwt'), jwks: z.object({ keys: z.array(jwk).min(1) }) }),
])

export const fspApplication = z
  .object({
    companyName: z.string().min(2).max(200),
    contactName: z.string().min(1).max(200),
    contactEmail: z.email(),
    controlApi,
    clientAuthentication,
  })
  .meta({
    id: 'FspApplication',
    example: {
      companyName: 'Depot Charging Ltd',
      contactName: 'Duty desk',
      contactEmail: 'desk@flex.example',
      controlApi: {
        baseUrl: 'https://flex.example/control',
        tokenEndpoint: 'https://flex.example/oidc/token',
        clientId: 'dno',
        authentication: 'private_key_jwt',
        scope: 'control',
      },
      clientAuthentication: { method: 'client_secret_basic' },
    },
  })
export type FspApplication = z.infer<typeof fspApplication>

/** Answer to an application. The client stays inactive until the DNO accepts; `clientSecret` is shown this once. */
export const fspApplicationReceipt = z
  .object({
    applicationId: uuid,
    clientId: z.string(),
    clientSecret: z.string().nullable(),
    issuer: z.url(),
    tokenEndpoint: z.url(),
    /** The keys by which the DNO signs, also where it authenticates at the FSP’s token endpoint. */
    jwksUri: z.url(),
    resource: z.string(),
    scope: z.string(),
  })
  .meta({ id: 'FspApplicationReceipt' })
export type FspApplicationReceipt = z.infer<typeof fspApplicationReceipt>

export const fspStatus = z.enum(['applied', 'accepted', 'rejected'])

/** State of an application; the identifier is unguessable, so that the applicant may ask without a token. */
export const fspApplicationState = z
  .object({ applicationId: uuid, status: fspStatus, reason: z.string().nullable() })
  .meta({ id: 'FspApplicationState' })

export const decision = z
  .discriminatedUnion('decision', [
    z.object({ decision: z.literal('accept') }),
    z.object({ decision: z.literal('reject'), reason: z.string().min(3) }),
  ])
  .meta({ id: 'Decision' })

/** By which way instructions go to an FSP: its control API, or sheets by e-mail, to its contact or another address. */
export const dispatchRoute = z
  .discriminatedUnion('route', [
    z.object({ route: z.literal('http') }),
    z.object({ route: z.literal('email'), email: z.email().nullable() }),
  ])
  .meta({ id: 'DispatchRoute' })

export const fsp = z
  .object({
    fspId: uuid,
    companyName: z.string(),
    contactName: z.string(),
    contactEmail: z.string(),
    status: fspStatus,
    reason: z.string().nullable(),
    appliedAt: instant,
    decidedAt: instant.nullable(),
    decidedBy: z.string().nullable(),
    controlApiUrl: z.string(),
    dispatchRoute: z.enum(['http', 'email']),
    dispatchEmail: z.string().nullable(),
  })
  .meta({ id: 'Fsp' })
export type Fsp = z.infer<typeof fsp>

/** A DER: an asset behind one MPAN. */
export const newDer = z
  .object({
    name: z.string().min(1).max(200),
    kind: z.enum(['ev-charging', 'battery', 'generation', 'load']),
    mpan: z.string(),
    ratedW: turnDownW,
  })
  .meta({
    id: 'NewDer',
    example: { name: 'Yard charge points', kind: 'ev-charging', mpan: '1200000112345', ratedW: 150_000 },
  })
export const der = newDer.extend({ derId: uuid, fspId: uuid }).meta({ id: 'Der' })
export type Der = z.infer<typeof der>

const quarterHours = (least: number, most: number) =>
  z.number().int().min(least).max(most).multipleOf(15, 'must be whole quarter-hours')

/** What an FU's turn-downs must keep to (domain section 4). Whatever is left out binds nothing. */
export const dispatchLimits = z
  .object({
    /** Least turn-down while it is turned down at all. */
    minimumTurnDownW: turnDownW.default(0),
    minimumRunMinutes: quarterHours(15, 1_440).default(15),
    maximumRunMinutes: quarterHours(15, 1_500).default(1_500),
    /** Between the instruction and the beginning of a turn-down. */
    noticeMinutes: quarterHours(0, 2_880).default(0),
    /** Times a day, and times in the life of a contract, that a turn-down may begin. */
    activationsPerDay: z.number().int().min(1).max(100).default(100),
    activationsPerContract: z.number().int().min(1).nullable().default(null),
    /** Energy not charged comes back: `share` of it, evenly over `overMinutes` that begin `delayMinutes` after it was saved. */
    rebound: z
      .object({
        share: z.number().min(0).max(1),
        delayMinutes: quarterHours(15, 1_440),
        overMinutes: quarterHours(15, 1_440),
      })
      .nullable()
      .default(null),
  })
  .refine((l) => l.minimumRunMinutes <= l.maximumRunMinutes, {
    path: ['maximumRunMinutes'],
    message: 'must not be less than minimumRunMinutes',
  })
  .meta({ id: 'DispatchLimits' })
export type DispatchLimits = z.infer<typeof dispatchLimits>

/** Limits as an FSP states them; `null` takes them all away. */
export const statedLimits = z
  .object({ limits: dispatchLimits.nullable() })
  .meta({ id: 'StatedLimits', example: { limits: { minimumRunMinutes: 60, activationsPerDay: 2 } } })

/** A flexible unit: one or more DERs behind one node of the network, known by its UUID. */
export const newFlexibleUnit = z
  .object({
    name: z.string().min(1).max(200),
    derIds: z.array(uuid).min(1),
    maxTurnDownW: turnDownW,
    limits: dispatchLimits.nullable().optional(),
    isWholeSite: z
      .boolean()
      .optional()
      .describe('All that the connection imports is the FU’s: what its hub measures may serve as the FU’s meter.'),
  })
  .meta({
    id: 'NewFlexibleUnit',
    example: {
      name: 'Yard',
      derIds: ['5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10'],
      maxTurnDownW: 100_000,
      limits: { minimumRunMinutes: 60, activationsPerDay: 2 },
    },
  })
export const flexibleUnit = z
  .object({
    fuId: uuid,
    fspId: uuid,
    name: z.string(),
    derIds: z.array(uuid),
    connectionId: uuid,
    nodeId: z.string(),
    maxTurnDownW: turnDownW,
    limits: dispatchLimits.nullable(),
    isWholeSite: z.boolean(),
    inService: z.boolean(),
  })
  .meta({ id: 'FlexibleUnit' })
export type FlexibleUnit = z.infer<typeof flexibleUnit>

/** Service status of an FU, as its FSP declares it (domain section 11). */
export const serviceStatus = z
  .object({ inService: z.boolean(), effectiveFrom: instant, reason: z.string().max(500) })
  .meta({
    id: 'ServiceStatus',
    example: { inService: false, effectiveFrom: '2026-01-15T12:00:00Z', reason: 'Charge points under repair' },
  })

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
