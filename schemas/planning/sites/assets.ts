import { z } from 'zod'
import { customers } from '../../vocabulary/access.ts'
import { zoneOfFile } from '../../vocabulary/file-import.ts'
import { csvFile, nothing, operation } from '../../vocabulary/operation.ts'
import { instant, uuid } from '../../vocabulary/units.ts'
import { chargePointType, evType, groupSchedule, planCosts, planOptions, siteTariff, weekProfile } from './plan.ts'

const name = z.string().trim().min(1).max(100)
const reference = uuid.meta({ example: 'a7c0a2de-3b53-4ee4-9a5c-1b1f34d1a001' })

/** A site that is planned. What is not known stays `null`: the answer then says where it is found, and what stands in for it. */
const plannedSite = z.object({
  ascKva: z
    .number()
    .positive()
    .max(1e6)
    .nullable()
    .default(null)
    .describe(
      'Agreed (authorised) supply capacity, kVA: on the electricity bill or in the connection agreement. null: not known.',
    ),
  powerFactor: z.number().min(0.5).max(1).default(0.95).describe('kW by kVA; 0.95 is usual.'),
  spaceM2: z.number().min(0).max(1e6).nullable().default(null).describe('Floor for charge points, m².'),
  assumedPeakKw: z
    .number()
    .min(0)
    .max(1e6)
    .nullable()
    .default(null)
    .describe('The most that the site draws today, kW, where there is no meter history: it then counts at all times.'),
  kwhPerYear: z
    .number()
    .min(0)
    .max(1e9)
    .nullable()
    .default(null)
    .describe('What the site uses in a year, kWh, where neither is known: twice its mean then counts at all times.'),
})

/** Vehicles that do the same, of one type, at one type of charge point. */
const vehicleGroup = groupSchedule.extend({
  count: z.number().int().min(1).max(5_000),
  evTypeId: reference,
  chargePointTypeId: reference,
})

/** A combination of assets that is planned together. */
const combination = z.object({
  siteId: reference,
  groupIds: z.array(uuid).max(200),
  chargePoints: z.array(z.object({ chargePointTypeId: uuid, count: z.number().int().min(0).max(5_000) })).max(20),
  tariffId: uuid.nullable().default(null),
  costsId: uuid.nullable().default(null),
  profile: weekProfile.nullable().default(null).describe('What the scenario `profile` keeps within.'),
  options: planOptions.prefault({}),
})

/** An asset of a customer, by its kind. Whoever acts for the customer sees and changes all of them. */
export const planAssetForm = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('ev-type'), name, content: evType.omit({ name: true }) }),
    z.object({ kind: z.literal('charge-point-type'), name, content: chargePointType.omit({ name: true }) }),
    z.object({ kind: z.literal('group'), name, content: vehicleGroup }),
    z.object({ kind: z.literal('site'), name, content: plannedSite }),
    z.object({ kind: z.literal('tariff'), name, content: siteTariff }),
    z.object({ kind: z.literal('costs'), name, content: planCosts }),
    z.object({ kind: z.literal('scenario'), name, content: combination }),
  ])
  .meta({
    id: 'PlanAssetForm',
    example: { kind: 'ev-type', name: 'Large van', content: { usableKwh: 75, kwhPerMile: 0.5, acKw: 11 } },
  })
export type PlanAssetForm = z.infer<typeof planAssetForm>

export const planAssetKind = z.enum(['ev-type', 'charge-point-type', 'group', 'site', 'tariff', 'costs', 'scenario'])
export type PlanAssetKind = z.infer<typeof planAssetKind>

const stored = { assetId: uuid, etag: z.string(), changedAt: instant, changedBy: z.string() }

/** An asset as it is kept; `etag` is its version. */
export const planAsset = z.intersection(planAssetForm, z.object(stored)).meta({ id: 'PlanAsset' })
export type PlanAsset = z.infer<typeof planAsset>

const historyGap = z.object({ from: instant, to: instant, halfHours: z.number().int() })

/** The load of a site without vehicles, as plans take it. */
export const siteBackground = z
  .object({
    source: z.enum(['history', 'assumed', 'yearly']),
    explanation: z.string(),
    weekKw: z.array(z.number()).length(336).describe('From Monday 00:00, kW.'),
    peakKw: z.number(),
    knownHalfHours: z.number().int(),
    gaps: z.array(historyGap).describe('The first hundred spans of which the history has nothing.'),
    gapCount: z.number().int(),
    filledHalfHours: z.number().int().describe('Half-hours of the week for which others stand in.'),
  })
  .meta({ id: 'SiteBackground' })
export type SiteBackground = z.infer<typeof siteBackground>

const tags = ['Site planning']
const params = z.object({
  assetId: uuid.meta({ description: 'As GET /my/plan/assets lists it, or one of your own making.' }),
})

/** What a customer's plans are made of, reused across scenarios and shared between its people. */
export const planAssetOperations = {
  listPlanAssets: operation({
    method: 'get',
    path: '/my/plan/assets',
    access: customers,
    tags,
    summary: 'Own assets of site planning, by kind and name',
    query: z.object({ kind: planAssetKind.optional() }),
    answer: z.array(planAsset),
  }),
  readPlanAsset: operation({
    method: 'get',
    path: '/my/plan/assets/{assetId}',
    access: customers,
    tags,
    summary: 'An own asset with its version',
    params,
    answer: planAsset,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  savePlanAsset: operation({
    method: 'put',
    path: '/my/plan/assets/{assetId}',
    access: customers,
    tags,
    summary: 'Add an asset under an identifier of your own making, or change it',
    description:
      'The kind of an asset stays. Where two people change one at the same time, the second is told (412) and loses nothing. Results of runs keep the inputs that they were made from.',
    params,
    body: planAssetForm,
    answer: planAsset,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
  removePlanAsset: operation({
    method: 'delete',
    path: '/my/plan/assets/{assetId}',
    access: customers,
    tags,
    summary: 'Remove an asset that no other one uses',
    params,
    answer: nothing,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
  }),
  uploadMeterHistory: operation({
    method: 'post',
    path: '/my/plan/assets/{assetId}/meter-history',
    access: customers,
    tags,
    summary: 'Upload the half-hourly meter history of a site; it replaces the one before, as a whole or not at all',
    description:
      'Your supplier sends it on request. `period_start` is the start of a half-hour, `kwh` what the site used in it; an empty cell, or a row that is missing, is a gap, which is named and not counted as nothing. At most three years.',
    params,
    query: z.object({ zone: zoneOfFile }),
    body: csvFile('period_start,kwh', '2026-01-05T00:00:00Z,2.5', '2026-01-05T00:30:00Z,2.4'),
    maxBytes: 8 * 1024 * 1024,
    answer: siteBackground,
    problems: ['not-found', 'conflict'],
  }),
  readSiteBackground: operation({
    method: 'get',
    path: '/my/plan/assets/{assetId}/background',
    access: customers,
    tags,
    summary: 'The background load of a site that its plans take, and where it comes from',
    params,
    answer: siteBackground,
    problems: ['not-found', 'conflict'],
  }),
}
