import { z } from 'zod'
import { proposal } from '../access/proposals.ts'
import { complianceDay } from '../grid/compliance.ts'
import {
  breach,
  complianceState,
  connectionDay,
  connectionSummary,
  limitSource,
  measuredImport,
  profileState,
} from '../grid/connections.ts'
import { profileApplication, profileLimits } from '../grid/profiles.ts'
import { customers, customersAndFsps, people } from '../vocabulary/access.ts'
import { country } from '../vocabulary/country.ts'
import { connectionParams, dayQuery, daySpanQuery } from '../vocabulary/examples.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull, powerW, tradingDay, uuid } from '../vocabulary/units.ts'

/** The sites of a customer: what its people and programs see. `etag` is the version. */
export const customerSites = z
  .object({ customerId: uuid, connectionIds: z.array(uuid), etag: z.string() })
  .meta({ id: 'CustomerSites' })
export type CustomerSites = z.infer<typeof customerSites>

/** A consent of a customer that an FSP reads the profile of a site. It holds from `givenAt` until `until`, or until it is revoked. */
export const siteConsent = z
  .object({
    consentId: uuid,
    connectionId: uuid,
    connectionName: z.string(),
    mpans: z.array(z.string()),
    fspId: uuid,
    fspName: z.string(),
    givenAt: instant,
    givenBy: z.string(),
    /** The last day on which it holds; `null`: until it is revoked. */
    until: tradingDay.nullable(),
    revokedAt: instantOrNull,
    /** Whether it holds now. */
    holds: z.boolean(),
  })
  .meta({ id: 'SiteConsent' })
export type SiteConsent = z.infer<typeof siteConsent>

/** A site as its customer sees it: its supply, the limit in force with its source, and how it keeps to it. */
export const ownSite = connectionSummary
  .pick({
    connectionId: true,
    name: true,
    mpans: true,
    ascKva: true,
    exportKva: true,
    exportLimitW: true,
    exportState: true,
    limitsApplying: true,
    stateSince: true,
    turnDownW: true,
  })
  .extend({
    address: z.string(),
    import: measuredImport.nullable(),
    limitW: powerW,
    limitSource,
    state: complianceState,
  })
  .meta({ id: 'OwnSite' })
export type OwnSite = z.infer<typeof ownSite>

/** A version of a profile as its customer sees it: what was applied for, and what became of it. */
export const ownVersion = z
  .object({
    profileId: uuid,
    version: z.number().int(),
    state: profileState,
    validFrom: tradingDay,
    validTo: tradingDay,
    fallbackLimitW: powerW.nullable(),
    limits: profileLimits,
    note: z.string(),
    appliedAt: instantOrNull,
    decidedAt: instantOrNull,
    /** Why it was rejected, or a remark of who approved it. */
    reason: z.string().nullable(),
  })
  .meta({ id: 'OwnProfileVersion' })
export type OwnVersion = z.infer<typeof ownVersion>

/** A breach as its customer sees it. */
const ownBreach = breach.omit({ fuId: true, connectionName: true })

/** A version with the site that it is of, for a list over several. */
const ownApplication = ownVersion
  .extend({ connectionId: uuid, connectionName: z.string() })
  .meta({ id: 'OwnApplication' })
export type OwnApplication = z.infer<typeof ownApplication>

/** Everything that a customer sees of one of its sites. */
export const ownSitePage = ownSite
  .extend({
    versions: z.array(ownVersion).meta({ description: 'The newest first.' }),
    breaches: z.array(ownBreach).meta({ description: 'The last fifty, the newest first.' }),
    consents: z.array(siteConsent),
    /** FSPs with assets at the site, who may be given a consent. */
    fsps: z.array(z.object({ fspId: uuid, name: z.string() })),
  })
  .meta({ id: 'OwnSitePage' })
export type OwnSitePage = z.infer<typeof ownSitePage>

/** A day of an own site: its load, its limit, and where the one went over the other. */
export const ownSiteDay = connectionDay.extend({ breaches: z.array(ownBreach) }).meta({ id: 'OwnSiteDay' })
export type OwnSiteDay = z.infer<typeof ownSiteDay>

/** The approved profile of a site. `etag` changes with every new version, and with every change of one. */
export const siteSchedule = z
  .object({
    connectionId: uuid,
    name: z.string(),
    mpans: z.array(z.string()),
    version: z.number().int(),
    state: profileState,
    validFrom: tradingDay,
    validTo: tradingDay,
    fallbackLimitW: powerW.nullable(),
    limits: profileLimits,
    /** Whose bank holidays count as weekends. */
    country: country.optional(),
    etag: z.string(),
  })
  .meta({ id: 'SiteSchedule' })
export type SiteSchedule = z.infer<typeof siteSchedule>

const tags = ['Customers']
const customerParams = z.object({ customerId: uuid.meta({ example: '5e3f2a10-7b1c-4c46-9f6e-2f8f0d2b7a11' }) })
const consentParams = z.object({ id: uuid.meta({ description: 'As GET /site-consents lists it.' }) })

/** Customers' sites, applications and consents, and what FSPs read of them by consent. */
export const customerSiteOperations = {
  readCustomerSites: operation({
    method: 'get',
    path: '/customers/{customerId}/sites',
    access: people(),
    tags,
    summary: 'The sites of a customer',
    params: customerParams,
    answer: customerSites,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  saveCustomerSites: operation({
    method: 'put',
    path: '/customers/{customerId}/sites',
    access: people('planner'),
    tags,
    summary: 'State which connections are a customer’s',
    description:
      'A connection that is added shows its load and its limits to the customer, so that a second person approves it: the answer is then a proposal.',
    params: customerParams,
    body: z
      .object({ connectionIds: z.array(uuid).max(1_000) })
      .meta({ id: 'CustomerSitesForm', example: { connectionIds: [] } }),
    answer: z.union([proposal, customerSites]),
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
  }),
  listOwnSites: operation({
    method: 'get',
    path: '/my/sites',
    access: customers,
    tags,
    summary: 'Own sites with the limit in force and compliance',
    answer: z.array(ownSite),
  }),
  readOwnSite: operation({
    method: 'get',
    path: '/my/sites/{id}',
    access: customers,
    tags,
    summary: 'An own site with its applications, breaches and consents',
    params: connectionParams,
    answer: ownSitePage,
    problems: ['not-found'],
  }),
  listOwnApplications: operation({
    method: 'get',
    path: '/my/applications',
    access: customers,
    tags,
    summary:
      'Profiles and applications of all own sites with what became of them, the newest first; at most five hundred',
    answer: z.array(ownApplication),
  }),
  readOwnSiteDay: operation({
    method: 'get',
    path: '/my/sites/{id}/day',
    access: customers,
    tags,
    summary: 'A day of an own site: its load against the limit in force; by default today',
    params: connectionParams,
    query: dayQuery,
    answer: ownSiteDay,
    problems: ['not-found'],
  }),
  readOwnSiteCompliance: operation({
    method: 'get',
    path: '/my/sites/{id}/compliance',
    access: customers,
    tags,
    summary: 'How long an own site kept its limit, day by day',
    params: connectionParams,
    query: daySpanQuery,
    answer: z.array(complianceDay),
    problems: ['not-found'],
  }),
  applyForOwnProfile: operation({
    method: 'post',
    path: '/my/sites/{id}/profiles',
    access: customers,
    tags,
    summary: 'Apply for a profiled connection at an own site',
    description: 'Its state and the decision with its reason are among the versions of GET /my/sites/{id}.',
    params: connectionParams,
    body: profileApplication,
    maxBytes: 8 * 1024 * 1024,
    answer: ownVersion,
    problems: ['not-found'],
    idempotent: true,
  }),
  applyByPlan: operation({
    method: 'post',
    path: '/my/sites/{id}/profiles/from-plan',
    access: customers,
    tags,
    summary:
      'Apply for a profiled connection at an own site, with the load of a finished run of site planning as its limits',
    description:
      'For each half-hour of the day the limit is the most that the plan has on Monday to Friday, or on Saturday and Sunday, with the margin, in whole kW upwards. Bank holidays count as weekends. Its state is among the versions of GET /my/sites/{id}.',
    params: connectionParams,
    body: z
      .object({
        runId: uuid,
        validFrom: tradingDay,
        /** The last day. */
        validTo: tradingDay,
        fallbackLimitW: powerW.min(0).nullable().default(null),
        /** Room above the plan, %. */
        marginPercent: z.number().min(0).max(50).default(5),
        note: z.string().max(1_500).default(''),
      })
      .refine((a) => a.validFrom <= a.validTo, { path: ['validTo'], message: 'must not be before validFrom' })
      .meta({
        id: 'PlanApplication',
        example: { runId: 'a7c0a2de-3b53-4ee4-9a5c-1b1f34d1a001', validFrom: '2026-04-01', validTo: '2027-03-31' },
      }),
    answer: ownVersion,
    problems: ['not-found', 'conflict'],
    idempotent: true,
  }),
  giveSiteConsent: operation({
    method: 'post',
    path: '/my/sites/{id}/consents',
    access: customers,
    tags,
    summary: 'Let an FSP read the profile of an own site',
    params: connectionParams,
    body: z
      .object({ fspId: uuid, until: tradingDay.nullable().default(null) })
      .meta({ id: 'SiteConsentForm', example: { fspId: '0a4f4f0e-0000-4000-8000-000000000001', until: null } }),
    answer: siteConsent,
    problems: ['not-found', 'conflict'],
    idempotent: true,
  }),
  revokeSiteConsent: operation({
    method: 'post',
    path: '/my/consents/{id}/revocation',
    access: customers,
    tags,
    summary: 'Revoke a consent: from now on the FSP does not read the profile',
    params: consentParams,
    answer: siteConsent,
    problems: ['not-found'],
  }),
  listSiteConsents: operation({
    method: 'get',
    path: '/site-consents',
    access: { people: 'any', fsp: 'market', customer: true },
    tags,
    summary: 'Consents: a customer’s own, those to an FSP, or all for people of the DNO; the newest first',
    answer: z.array(siteConsent),
  }),
  readSiteSchedule: operation({
    method: 'get',
    path: '/sites/{id}/demand-schedule',
    access: customersAndFsps,
    tags,
    summary: 'The approved profile of a site: of a customer’s own, or, for an FSP, of one to which it has a consent',
    description:
      'Ask again with If-None-Match: the answer is 304 until there is another version, so that a program learns of one by asking.',
    params: connectionParams,
    query: dayQuery,
    answer: siteSchedule,
    problems: ['not-found'],
    versionedBy: 'etag',
    conditional: true,
  }),
  exportSiteSchedule: operation({
    method: 'get',
    path: '/sites/{id}/demand-schedule.csv',
    access: customersAndFsps,
    tags,
    summary: 'The approved profile of a site as CSV',
    params: connectionParams,
    query: dayQuery,
    answer: csvFile(),
    problems: ['not-found'],
  }),
}
