import { z } from 'zod'
import { publicJwks } from '../access/keys.ts'
import { proposal } from '../access/proposals.ts'
import { anyone, fsps, people, readers } from '../vocabulary/access.ts'
import { emailAddress, identifier, shortText, webAddress } from '../vocabulary/bounds.ts'
import { dryRunQuery, fileImport } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { direction, instant, mpan, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'

export const controlAuthentication = z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt'])

/** How the DNO reaches an FSP: the FSP's control API and its token endpoint. */
export const controlApi = z
  .object({
    baseUrl: webAddress,
    tokenEndpoint: webAddress,
    /** The issuer of the token endpoint, as the audience of assertions; without one the endpoint is the audience. */
    issuer: webAddress.optional(),
    clientId: identifier.min(1),
    /** How the DNO authenticates there. For private_key_jwt the DNO’s keys are at the receipt's `jwksUri`. */
    authentication: controlAuthentication.default('client_secret_basic'),
    clientSecret: z.string().min(8).max(500).optional(),
    scope: z.string().max(500).optional(),
  })
  .refine((c) => (c.authentication === 'private_key_jwt') === (c.clientSecret === undefined), {
    path: ['clientSecret'],
    message: 'is required, except for private_key_jwt',
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

/** How the FSP will authenticate to the DNO's token endpoint. */
export const clientAuthentication = z.discriminatedUnion('method', [
  z.object({ method: z.literal('client_secret_basic') }),
  z.object({ method: z.literal('private_key_jwt'), jwks: publicJwks }),
])

export const fspApplication = z
  .object({
    companyName: z.string().min(2).max(200),
    contactName: z.string().min(1).max(200),
    contactEmail: emailAddress,
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

/** Answer to an application. The client stays inactive until the DNO accepts; `clientSecret` is shown only this once. */
export const fspApplicationReceipt = z
  .object({
    applicationId: uuid,
    clientId: z.string(),
    clientSecret: z.string().nullable(),
    issuer: z.url(),
    tokenEndpoint: z.url(),
    /** The DNO's public keys, also for its assertions to the FSP’s token endpoint. */
    jwksUri: z.url(),
    resource: z.string(),
    scope: z.string(),
  })
  .meta({ id: 'FspApplicationReceipt' })
export type FspApplicationReceipt = z.infer<typeof fspApplicationReceipt>

export const fspStatus = z.enum(['applied', 'accepted', 'rejected'])

/** State of an application. Its identifier cannot be guessed, so the applicant may read it without a token. */
export const fspApplicationState = z
  .object({ applicationId: uuid, status: fspStatus, reason: z.string().nullable() })
  .meta({ id: 'FspApplicationState' })

export const decision = z
  .discriminatedUnion('decision', [
    z.object({ decision: z.literal('accept') }),
    z.object({ decision: z.literal('reject'), reason: shortText.min(3) }),
  ])
  .meta({ id: 'Decision' })

export const dispatchRouteKind = z.enum(['http', 'email'])

/** How instructions are sent to an FSP: to its control API, or as sheets by e-mail to its contact or another address. */
export const dispatchRoute = z
  .discriminatedUnion('route', [
    z.object({ route: z.literal('http') }),
    z.object({ route: z.literal('email'), email: emailAddress.nullable() }),
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
    dispatchRoute: dispatchRouteKind,
    dispatchEmail: z.string().nullable(),
  })
  .meta({ id: 'Fsp' })
export type Fsp = z.infer<typeof fsp>

export const derKind = z.enum(['ev-charging', 'battery', 'generation', 'load'])

/** The consent of a DER's owner, as of a home: what shows it, and its days. `until` is the first day without it. */
export const derConsent = z
  .object({
    reference: z.string().trim().min(3).max(200),
    from: tradingDay,
    until: tradingDay.nullable().default(null),
  })
  .refine((c) => c.until === null || c.from < c.until, { path: ['until'], message: 'must be after from' })
  .meta({
    id: 'DerConsent',
    example: { reference: 'Sign-up 88213 of 3 January 2026', from: '2026-01-03', until: null },
  })

/** A DER: an asset behind one MPAN. */
export const newDer = z
  .object({
    name: z.string().min(1).max(200),
    kind: derKind,
    mpan,
    ratedW: turnDownW,
    /** On days without it, the DER does not count in its FU; `null` where none is recorded, as for the FSP's own assets. */
    consent: derConsent.nullable().optional(),
  })
  .meta({
    id: 'NewDer',
    example: { name: 'Yard charge points', kind: 'ev-charging', mpan: '1200000112345', ratedW: 150_000 },
  })
export const der = newDer.extend({ derId: uuid, fspId: uuid, consent: derConsent.nullable() }).meta({ id: 'Der' })
export type Der = z.infer<typeof der>

const quarterHours = (least: number, most: number) =>
  z.number().int().min(least).max(most).multipleOf(15, 'must be whole quarter-hours')

/** Constraints on an FU's turn-downs and turn-ups, of both together (domain section 4). An omitted member is no constraint. */
export const unitConstraints = z
  .object({
    /** Minimum turn-down while it is turned down; 0 if not stated: then the DNO's setting `dispatch.least-turn-down` holds. */
    minimumTurnDownW: turnDownW.default(0),
    minimumRunMinutes: quarterHours(15, 1_440).default(15),
    maximumRunMinutes: quarterHours(15, 1_500).default(1_500),
    /** Time between the end of a turn-down and the start of the next. */
    minimumRestMinutes: quarterHours(0, 1_440).default(0),
    /** Time between the issue of an instruction and the start of its turn-down. */
    noticeMinutes: quarterHours(0, 2_880).default(0),
    /** How often a turn-down may start per day, and over the term of a contract. */
    activationsPerDay: z.number().int().min(1).max(100).default(100),
    activationsPerContract: z.number().int().min(1).nullable().default(null),
    /** Deferred energy is charged later: `share` of it, evenly over `overMinutes` that start `delayMinutes` after it was saved. */
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
export type UnitConstraints = z.infer<typeof unitConstraints>

/** Constraints as an FSP states them; `null` removes them all. */
export const statedConstraints = z
  .object({ limits: unitConstraints.nullable() })
  .meta({ id: 'StatedLimits', example: { limits: { minimumRunMinutes: 60, activationsPerDay: 2 } } })

/**
 * A flexible unit: DERs behind one connection, anywhere behind one node of the network, or in one group of connections. DERs can join and
 * leave it later.
 */
export const newFlexibleUnit = z
  .object({
    name: z.string().min(1).max(200),
    derIds: z.array(uuid).max(1_000).default([]).describe('Its first DERs; more can be added in a file.'),
    nodeId: identifier
      .optional()
      .describe('The node that its DERs are behind, for an FU over many connections. Without it they are behind one.'),
    groupId: uuid.optional().describe('The group of connections that its DERs are behind, instead of a node.'),
    maxTurnDownW: turnDownW.describe(
      'The most by which its net import can fall, more export included; 0 for an FU that only turns up. On a day, it is not more than what the DERs of the day are rated for.',
    ),
    maxTurnUpW: turnDownW
      .default(0)
      .describe(
        'The most by which its net import can rise, less export included; 0 for an FU that only turns down. On a day, it is bounded as the turn-down is.',
      ),
    limits: unitConstraints.nullable().optional(),
    isWholeSite: z
      .boolean()
      .optional()
      .describe(
        'The FU accounts for the connection’s whole import, so its hub’s measurements may serve as the FU’s meter.',
      ),
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
    /** Its DERs on the day of the answer. */
    derIds: z.array(uuid),
    /** The connection that all its DERs are behind; `null` for an FU over many connections. */
    connectionId: uuid.nullable(),
    nodeId: z.string(),
    groupId: uuid.nullable(),
    /** As registered, and not more than what the DERs of the day are rated for. */
    maxTurnDownW: turnDownW,
    registeredTurnDownW: turnDownW,
    /** In the other direction, likewise. */
    maxTurnUpW: turnDownW,
    registeredTurnUpW: turnDownW,
    /** The directions that it is registered for. */
    directions: z.array(direction),
    /** Whether a DER of it can export: a battery or generation. */
    canExport: z.boolean(),
    limits: unitConstraints.nullable(),
    isWholeSite: z.boolean(),
    inService: z.boolean(),
  })
  .meta({ id: 'FlexibleUnit' })
export type FlexibleUnit = z.infer<typeof flexibleUnit>

/** A DER's membership in an FU. `until` is the first day without it. */
export const membership = z
  .object({
    derId: uuid,
    derName: z.string(),
    kind: derKind,
    mpan: z.string(),
    ratedW: turnDownW,
    fuId: uuid,
    from: tradingDay,
    until: tradingDay.nullable(),
    consent: derConsent.nullable(),
  })
  .meta({ id: 'Membership' })
export type Membership = z.infer<typeof membership>

/** Where a DER belongs from a day on: in an FU, or in none. */
export const derMove = z
  .object({ fuId: uuid.nullable(), from: tradingDay })
  .meta({ id: 'DerMove', example: { fuId: null, from: '2026-02-01' } })

/** Service status of an FU, as its FSP declares it (domain section 11). */
export const serviceStatus = z
  .object({
    inService: z.boolean(),
    effectiveFrom: instant
      .optional()
      .describe('From when it counts, never before the declaration is received. Without it, from then.'),
    reason: z.string().max(500),
  })
  .meta({
    id: 'ServiceStatus',
    example: { inService: false, effectiveFrom: '2026-01-15T12:00:00Z', reason: 'Charge points under repair' },
  })

const idParams = z.object({ id: uuid })
const tags = ['Parties']

/** FSPs, their DERs and their FUs. */
export const partyOperations = {
  applyAsFsp: operation({
    method: 'post',
    path: '/fsp-applications',
    access: anyone,
    tags,
    summary: 'Apply as an FSP',
    body: fspApplication,
    answer: fspApplicationReceipt,
    problems: ['unavailable'],
  }),
  readApplication: operation({
    method: 'get',
    path: '/fsp-applications/{id}',
    access: anyone,
    tags,
    summary: 'The state of an application',
    params: idParams,
    answer: fspApplicationState,
    problems: ['not-found'],
  }),
  decideOnApplication: operation({
    method: 'post',
    path: '/fsp-applications/{id}/decision',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Reject an application, or propose to accept it, which a second person approves',
    params: idParams,
    body: decision,
    answer: z.union([proposal, fsp]),
    problems: ['not-found', 'conflict'],
  }),
  listFsps: operation({
    method: 'get',
    path: '/fsps',
    access: readers,
    tags,
    summary: 'FSPs',
    query: pageQuery(),
    answer: pageOf(fsp),
  }),
  setDispatchRoute: operation({
    method: 'put',
    path: '/fsps/{id}/dispatch-route',
    access: people('flexibility-engineer'),
    tags,
    summary:
      'Propose to send an FSP’s instructions to its control API, or as sheets by e-mail, which a second person approves',
    params: idParams,
    body: dispatchRoute,
    answer: proposal,
    problems: ['not-found', 'conflict'],
  }),
  registerDer: operation({
    method: 'post',
    path: '/ders',
    access: fsps('market'),
    tags,
    summary: 'Register a DER behind an MPAN that you have authority over',
    body: newDer,
    answer: der,
    problems: ['conflict'],
    idempotent: true,
  }),
  importDers: operation({
    method: 'post',
    path: '/ders/csv',
    access: fsps('market'),
    tags,
    summary: 'Register and change DERs in a file, with their FUs: all of it or, with a single flaw, nothing',
    description:
      'The body is the CSV file itself. A row is one DER, known by its MPAN and its name. A column that is absent and a cell that is empty change nothing. With an FU in `fuId`, the DER belongs to it from the day in `from` to the day before `until`, and leaves another FU on that day. Without `from` that is tomorrow or, for the first DERs of an FU, today. With dryRun=true the file gets the same checks, the answer names every field that would change, and nothing changes. The same file again changes nothing.',
    query: dryRunQuery,
    body: csvFile(
      'name,kind,mpan,ratedW,consentReference,consentFrom,fuId,from',
      'Charger,ev-charging,1200000112345,7400,Sign-up 88213,2026-01-03,,',
    ),
    answer: fileImport,
  }),
  recordConsent: operation({
    method: 'put',
    path: '/ders/{id}/consent',
    access: fsps('market'),
    tags,
    summary: 'Record the consent of a DER’s owner, or its end',
    params: idParams,
    body: derConsent,
    answer: der,
    problems: ['not-found'],
  }),
  moveDer: operation({
    method: 'post',
    path: '/ders/{id}/moves',
    access: fsps('market'),
    tags,
    summary: 'Move a DER into an FU, into another, or out of its FU, from a later day on',
    description:
      'The DER counts in its present FU to the end of the day before. The days that are over stay as they were, because they are settled with the DERs that they had.',
    params: idParams,
    body: derMove,
    answer: z.object({ items: z.array(membership) }),
    problems: ['not-found'],
  }),
  listMembers: operation({
    method: 'get',
    path: '/flexible-units/{id}/members',
    access: readers,
    tags,
    summary: 'DERs of an FU with their days, present, future and past',
    params: idParams,
    query: pageQuery(200).extend({ day: tradingDay.optional().describe('Only the DERs that count on this day.') }),
    answer: pageOf(membership),
    problems: ['not-found', 'malformed'],
  }),
  listDers: operation({
    method: 'get',
    path: '/ders',
    access: readers,
    tags,
    summary: 'DERs',
    query: pageQuery(),
    answer: pageOf(der),
  }),
  registerFlexibleUnit: operation({
    method: 'post',
    path: '/flexible-units',
    access: fsps('market'),
    tags,
    summary: 'Register an FU',
    body: newFlexibleUnit,
    answer: flexibleUnit,
    problems: ['not-found', 'conflict'],
    idempotent: true,
  }),
  listFlexibleUnits: operation({
    method: 'get',
    path: '/flexible-units',
    access: readers,
    tags,
    summary: 'FUs',
    query: pageQuery(),
    answer: pageOf(flexibleUnit),
  }),
  readFlexibleUnit: operation({
    method: 'get',
    path: '/flexible-units/{id}',
    access: readers,
    tags,
    summary: 'One FU',
    params: idParams,
    answer: flexibleUnit,
    problems: ['not-found'],
  }),
  stateConstraints: operation({
    method: 'put',
    path: '/flexible-units/{id}/limits',
    access: fsps('market'),
    tags,
    summary: 'State the constraints on an FU’s turn-downs: run times, activations, notice, minimum turn-down, rebound',
    params: idParams,
    body: statedConstraints,
    answer: flexibleUnit,
    problems: ['not-found'],
  }),
  declareServiceStatus: operation({
    method: 'post',
    path: '/flexible-units/{id}/service-status',
    access: fsps('market'),
    tags,
    summary: 'Declare an FU in or out of service',
    params: idParams,
    body: serviceStatus,
    answer: flexibleUnit,
    problems: ['not-found'],
  }),
}
