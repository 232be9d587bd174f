import { z } from 'zod'
import { providerId } from '../access/data-providers.ts'
import { customers, people, plannersAndProviders } from '../vocabulary/access.ts'
import { boundedRecord } from '../vocabulary/bounds.ts'
import { importFlaw, zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, nothing, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'
import { editionKind } from './demand-editions.ts'
import { demandExample } from './demand-examples.ts'

/** What a data provider delivers: a file of EV demand, or what the meters of a customer's sites recorded by half-hour. */
export const dataFeedKind = z.enum([...editionKind.options, 'site-history'])
export type DataFeedKind = z.infer<typeof dataFeedKind>

const days = z.number().int().min(1).max(3_660)

/** When a feed is due. */
const feedRhythm = z.object({
  /** Days from one delivery to the next, as agreed; `null` for a file that comes once. */
  everyDays: days.nullable(),
  /** Days without a delivery after which it is late, and after which it has failed; each raises an alarm. */
  lateAfterDays: days,
  failedAfterDays: days,
})

/** A feed as it is agreed with a data provider. */
export const dataFeedForm = z
  .object({
    name: z.string().trim().min(1).max(100),
    /** Who may deliver it: the clients of this data provider. */
    providerId,
    kind: dataFeedKind,
    /** Of a history of sites the customer whose sites they are, who opens each of them to the feed; otherwise `null`. */
    customerId: uuid.nullable().default(null),
    /** The heading of each column, where it is neither its own name nor that of a known layout. */
    columns: boundedRecord(z.string().min(1).max(200), 50).default({}),
    /** Headings that a file of trips may have beside the columns that are read. A file with any other is not read: it may say where people were. */
    passedOver: z.array(z.string().min(1).max(200)).max(100).default([]),
    /** The zone of times without offset; without it such a time is a flaw. */
    zone: zoneOfFile,
    coordinates: z.enum(['EPSG:27700', 'EPSG:4326']).default('EPSG:27700'),
    rhythm: feedRhythm,
    /** The share of rows that may be rejected without the whole delivery being put in quarantine, %. */
    mostRejectedPercent: z.number().min(0).max(50).default(1),
    /** Days for which a delivered file is kept as it came; trips never longer than their own setting says. */
    keepDays: days.default(400),
    isActive: z.boolean().default(true),
  })
  .refine(({ kind, customerId }) => (kind === 'site-history') === (customerId !== null), {
    path: ['customerId'],
    message: 'must name the customer of a site-history, and be absent for any other kind',
  })
  .refine(({ rhythm }) => rhythm.lateAfterDays < rhythm.failedAfterDays, {
    path: ['rhythm', 'lateAfterDays'],
    message: 'must be below failedAfterDays',
  })
  .refine(({ rhythm }) => rhythm.everyDays === null || rhythm.everyDays <= rhythm.lateAfterDays, {
    path: ['rhythm', 'lateAfterDays'],
    message: 'must be at least everyDays',
  })
  .meta({
    id: 'DataFeedForm',
    example: {
      name: 'Electric trips of City Rides',
      providerId: 'city-rides',
      kind: 'trips',
      columns: { startedAt: 'pickup_time', endedAt: 'dropoff_time' },
      rhythm: { everyDays: 31, lateAfterDays: 35, failedAfterDays: 45 },
    },
  })
export type DataFeedForm = z.infer<typeof dataFeedForm>

export const dataFeed = z
  .object({
    feedId: z.string(),
    ...dataFeedForm.shape,
    provider: z.string(),
    /** Within its rhythm, late, failed, or not yet due for the first time. */
    freshness: z.enum(['green', 'amber', 'red', 'never']),
    lastTakenAt: instantOrNull,
    agreedAt: instant,
    agreedBy: z.string(),
    /** Deliveries that are kept and were not read. */
    quarantined: z.number().int(),
    /** The version of what is agreed; what has been delivered does not change it. */
    etag: z.string(),
  })
  .meta({ id: 'DataFeed' })
export type DataFeed = z.infer<typeof dataFeed>

/** Kept and about to be read; read whole; read but for some rows; kept, and not read for a stated reason. */
const deliveryState = z.enum(['received', 'taken', 'partly', 'quarantined'])

/** A file that was delivered, and what became of it. */
export const dataDelivery = z
  .object({
    deliveryId: uuid,
    feedId: z.string(),
    name: z.string(),
    /** SHA-256 of its bytes. */
    sha256: z.string(),
    bytes: z.number().int(),
    receivedAt: instant,
    deliveredBy: z.string(),
    state: deliveryState,
    /** Why it was not read, and what to do. */
    reason: z.string().nullable(),
    rows: z.number().int(),
    taken: z.number().int(),
    rejected: z.number().int(),
    /** Why rows were rejected: the first 200 reasons. */
    rejections: z.array(importFlaw),
    /** The edition that planners work with. */
    editionId: uuid.nullable(),
    summary: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
    /** What a person should look at, such as a trip that is there twice; the edition names them. */
    anomalyCount: z.number().int(),
    /** Vehicles that no earlier file had. */
    newVehicleCount: z.number().int(),
    /** Whether the file itself is still kept: only then it can be downloaded, and read again. */
    hasContent: z.boolean(),
    replays: z.number().int(),
    lastReadAt: instantOrNull,
  })
  .meta({ id: 'DataDelivery' })
export type DataDelivery = z.infer<typeof dataDelivery>

/** A delivery; `isRepeat`: the same bytes came before, and nothing was done. */
export const dataReceipt = z.object({ isRepeat: z.boolean(), delivery: dataDelivery }).meta({ id: 'DataReceipt' })

/** A feed of a customer's own meters, and the sites that the customer has opened to it. */
export const historyFeed = z
  .object({
    feedId: z.string(),
    name: z.string(),
    provider: z.string(),
    sites: z.array(
      z.object({
        assetId: uuid,
        siteReference: z.string(),
        openedAt: instant,
        openedBy: z.string(),
        lastTakenAt: instantOrNull,
      }),
    ),
  })
  .meta({ id: 'HistoryFeed' })
export type HistoryFeed = z.infer<typeof historyFeed>

/** Opens a site to a feed, under the name that the provider's files have for it. */
export const siteOpening = z
  .object({ feedId: z.string().min(1).max(100), siteReference: z.string().trim().min(1).max(100) })
  .meta({ id: 'SiteOpening', example: { feedId: 'depot-energy', siteReference: 'Mount Pleasant' } })

const feedId = z
  .string()
  .max(100)
  .regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens')
  .meta({ example: 'city-rides-trips' })
const feedParams = z.object({ feedId })
const deliveryParams = feedParams.extend({ deliveryId: uuid.meta({ example: demandExample.trips }) })
const assetParams = z.object({ assetId: uuid })
const tags = ['Data feeds']
const historyTags = ['Site planning']

/** Feeds of data providers, and what they delivered. A data provider sees its own. */
export const dataFeedOperations = {
  listDataFeeds: operation({
    method: 'get',
    path: '/data-feeds',
    access: plannersAndProviders,
    tags,
    summary: 'Feeds of data providers as they are agreed, with how fresh they are',
    answer: z.array(dataFeed),
  }),
  saveDataFeed: operation({
    method: 'put',
    path: '/data-feeds/{feedId}',
    access: people('administrator'),
    tags,
    summary: 'Agree a feed with a data provider, or change what is agreed',
    description:
      'Provider, kind and customer stay. The feed is in the registry of feeds too: silence beyond its rhythm raises an alarm, and so does a delivery that was not read.',
    params: feedParams,
    body: dataFeedForm,
    answer: dataFeed,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
  deliverDataFile: operation({
    method: 'post',
    path: '/data-feeds/{feedId}/deliveries',
    access: plannersAndProviders,
    tags,
    summary: 'Deliver a file to a feed',
    description:
      'The file is kept with the digest of its bytes before it is read. Rows that do not fit are rejected with line, column and reason, and the others are taken; too many of them, or headings that are not as agreed, put the whole file in `quarantined`: look at `state`. The same bytes again do nothing.',
    params: feedParams,
    query: z.object({ name: z.string().min(1).max(200).default('Unnamed').describe('The name of the file.') }),
    body: csvFile(
      'vehicle,model,startedAt,endedAt,fromArea,toArea,km',
      '7f0c,Kia e-Niro,2026-01-05T08:00:00Z,2026-01-05T08:25:00Z,E01000001,E01000002,6.4',
    ),
    answer: dataReceipt,
    idempotent: true,
    problems: ['not-found', 'conflict'],
  }),
  listDeliveries: operation({
    method: 'get',
    path: '/data-feeds/{feedId}/deliveries',
    access: plannersAndProviders,
    tags,
    summary: 'What was delivered to a feed, the latest first',
    params: feedParams,
    query: pageQuery(50),
    answer: pageOf(dataDelivery),
    problems: ['not-found', 'malformed'],
  }),
  readDelivery: operation({
    method: 'get',
    path: '/data-feeds/{feedId}/deliveries/{deliveryId}',
    access: plannersAndProviders,
    tags,
    summary: 'A delivery with why rows of it were rejected',
    params: deliveryParams,
    answer: dataDelivery,
    problems: ['not-found'],
  }),
  downloadDelivery: operation({
    method: 'get',
    path: '/data-feeds/{feedId}/deliveries/{deliveryId}/content',
    access: plannersAndProviders,
    tags,
    summary: 'A delivered file as it came',
    params: deliveryParams,
    answer: csvFile(),
    problems: ['not-found', 'conflict'],
  }),
  replayDelivery: operation({
    method: 'post',
    path: '/data-feeds/{feedId}/deliveries/{deliveryId}/replay',
    access: people('planner'),
    tags,
    summary: 'Read a kept file again, as its feed is agreed now',
    description: 'It makes another edition: the ones before stay, and so do the runs that used them.',
    params: deliveryParams,
    answer: dataDelivery,
    idempotent: true,
    problems: ['not-found', 'conflict'],
  }),
}

/** A customer's say in which of its sites a data provider may deliver for. */
export const historyFeedOperations = {
  listHistoryFeeds: operation({
    method: 'get',
    path: '/my/plan/history-feeds',
    access: customers,
    tags: historyTags,
    summary: 'Feeds that bring half-hourly meter histories of own sites, with the sites that are opened to them',
    answer: z.array(historyFeed),
  }),
  openSiteToFeed: operation({
    method: 'put',
    path: '/my/plan/assets/{assetId}/history-feed',
    access: customers,
    tags: historyTags,
    summary: 'Let a feed deliver the meter history of an own site, under the name that its files have for it',
    description: 'A site is opened to one feed at a time. What it delivers is merged into the history that plans use.',
    params: assetParams,
    body: siteOpening,
    answer: historyFeed,
    problems: ['not-found', 'conflict'],
  }),
  closeSiteToFeed: operation({
    method: 'delete',
    path: '/my/plan/assets/{assetId}/history-feed',
    access: customers,
    tags: historyTags,
    summary: 'Let a feed deliver the history of a site no longer',
    description:
      'What it delivered stays in the history, which is the customer’s; the files that the feed delivered are forgotten.',
    params: assetParams,
    answer: nothing,
    problems: ['not-found'],
  }),
}
