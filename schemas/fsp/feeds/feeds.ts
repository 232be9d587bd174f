import { z } from 'zod'
import { depotPeople, depotReaders } from '../../vocabulary/access.ts'
import { boundedJson } from '../../vocabulary/bounds.ts'
import { csvFile, nothing, operation } from '../../vocabulary/operation.ts'
import { instant, instantOrNull, uuid } from '../../vocabulary/units.ts'
import { label, registerKey } from '../registers/fields.ts'
import { feedFormat } from './formats.ts'
import { feedTransport } from './transports.ts'

const seconds = z
  .number()
  .int()
  .min(1)
  .max(40 * 86_400)

/** A feed as its owner agrees it with its supplier (report, section 5.2). */
const agreedFeed = z.object({
  name: label,
  /** Who answers for it at the FSP. */
  owner: label,
  provider: label,
  /** The depot that it is for; `null`: several, or all of them. */
  depotId: registerKey.nullable(),
  isActive: z.boolean().default(true),
  /** Seconds between deliveries; what we fetch is fetched as often. */
  cadenceS: seconds,
  /** Silence that counts as late (amber) and as failed (red), s; `null`: it has no amber. */
  amberS: seconds.nullable(),
  redS: seconds,
  /** Longest file that is read, bytes. */
  maxBytes: z
    .number()
    .int()
    .min(1_024)
    .max(64 * 1024 * 1024)
    .default(16 * 1024 * 1024),
  /** Raw files are kept for so long; their names and digests stay. */
  keepDays: z.number().int().min(1).max(4_000).default(400),
  transport: feedTransport,
  format: feedFormat,
})

/** A feed as it is registered. */
export const feedForm = agreedFeed
  .extend({
    /** A password, key or client secret of the transport; absent: the present one stays. */
    secret: z.string().min(1).max(10_000).optional(),
  })
  .refine(({ amberS, redS }) => amberS === null || amberS < redS, {
    path: ['amberS'],
    message: 'must be less than redS',
  })
export type FeedForm = z.infer<typeof feedForm>

export const feedFreshness = z.enum(['green', 'amber', 'red', 'never'])

/** A feed in the registry, and how it is. */
export const feedState = agreedFeed
  .extend({
    feedId: z.string(),
    version: z.number().int(),
    hasSecret: z.boolean(),
    registeredAt: instant,
    freshness: feedFreshness,
    /** When a delivery was last taken. */
    lastSuccessAt: instantOrNull,
    lastFailureAt: instantOrNull,
    /** Why the last attempt failed; `null`: it did not. */
    lastError: z.string().nullable(),
    failuresInARow: z.number().int(),
    /** When it is fetched next; `null`: it is not fetched. */
    nextRunAt: instantOrNull,
    /** The last record that was taken, to compare another one with; of telematics without its position. */
    lastRecord: z.unknown(),
    /** Fields that records have and nobody reads. */
    passedOver: z.array(z.string()),
    /** Files whose content waits in quarantine, and records that do. */
    quarantinedFiles: z.number().int(),
    quarantinedRecords: z.number().int(),
  })
  .meta({ id: 'DepotFeedState' })
export type FeedState = z.infer<typeof feedState>

/** What became of a file or a batch of messages. */
export const feedFile = z
  .object({
    fileId: uuid,
    feedId: z.string(),
    name: z.string(),
    /** Of its bytes as they arrived, hexadecimal. */
    sha256: z.string(),
    bytes: z.number().int(),
    receivedAt: instant,
    /** How it came: fetched, pushed, uploaded by a person, or streamed. */
    by: z.enum(['run', 'push', 'upload', 'stream']),
    /** `taken`: every record; `partly`: some wait in quarantine; `quarantined`: nothing was read. */
    state: z.enum(['taken', 'partly', 'quarantined']),
    /** Why it was not read; `null` otherwise. */
    reason: z.string().nullable(),
    taken: z.number().int(),
    kept: z.number().int(),
    /** How often it has been read again. */
    replays: z.number().int(),
    /** Whether its content is still here. */
    hasContent: z.boolean(),
  })
  .meta({ id: 'FeedFile' })
export type FeedFile = z.infer<typeof feedFile>

/** A record that was not taken, kept whole. */
export const feedFault = z
  .object({
    faultId: z.number().int(),
    fileId: uuid,
    at: instant,
    /** `drift`: it has not the agreed form; `unknown`: it is about nothing that is registered; `refused`: its figures cannot be. */
    kind: z.enum(['drift', 'unknown', 'refused']),
    reason: z.string(),
    /** Line of the file; of a batch, its place from 1. */
    line: z.number().int(),
    record: z.unknown(),
    /** Since when it has been taken by a replay. */
    resolvedAt: instantOrNull,
  })
  .meta({ id: 'FeedFault' })
export type FeedFault = z.infer<typeof feedFault>

/** What a run, a push or a replay brought. */
export const feedOutcome = z
  .object({
    files: z.array(feedFile),
    taken: z.number().int(),
    kept: z.number().int(),
  })
  .meta({ id: 'FeedOutcome' })
export type FeedOutcome = z.infer<typeof feedOutcome>

const params = z.object({ feedId: registerKey })
const oneFile = params.extend({ fileId: uuid })
const tags = ['Feeds']
const manage = depotPeople('fleet-admin')
const handle = depotPeople('fleet-admin', 'depot-admin')
/** People by hand, and programs of suppliers with a key for deliveries. */
const deliver = { depot: { people: ['fleet-admin', 'depot-admin'], feed: 'deliveries' } } as const
const fileName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^/\\]+$/, 'must be a file name without a path')

/** The data registry of an FSP: feeds, what they brought, and what was not taken. */
export const fspFeedOperations = {
  listDepotFeeds: operation({
    method: 'get',
    path: '/feeds',
    access: depotReaders,
    tags,
    summary: 'Feeds, how fresh each is, and what waits in quarantine',
    answer: z.array(feedState),
  }),
  readDepotFeed: operation({
    method: 'get',
    path: '/feeds/{feedId}',
    access: depotReaders,
    tags,
    summary: 'One feed',
    params,
    answer: feedState,
    versionedBy: 'version',
    problems: ['not-found'],
  }),
  saveDepotFeed: operation({
    method: 'put',
    path: '/feeds/{feedId}',
    access: manage,
    tags,
    summary: 'Register a feed, or change how it is agreed',
    description:
      'Its channels and places must be of depots and feeders that are registered. The secret is sealed, and shown to nobody. A feed that is fetched is run at once.',
    params,
    body: feedForm,
    answer: feedState,
    versionedBy: 'version',
    mayCreate: true,
    problems: ['not-found'],
  }),
  runFeed: operation({
    method: 'post',
    path: '/feeds/{feedId}/runs',
    access: handle,
    tags,
    summary: 'Fetch a feed now',
    params,
    answer: feedOutcome,
    problems: ['not-found', 'conflict', 'unavailable'],
  }),
  pushFeedRecords: operation({
    method: 'post',
    path: '/feeds/{feedId}/records',
    access: deliver,
    tags,
    summary: 'Deliver records of a feed',
    description:
      'What does not fit is kept in quarantine with its reason; the answer counts it. A repeat changes nothing.',
    params,
    body: z.object({ records: z.array(boundedJson(20_000)).min(1).max(5_000) }),
    answer: feedOutcome,
    maxBytes: 8 * 1024 * 1024,
    problems: ['not-found'],
  }),
  uploadFeedFile: operation({
    method: 'post',
    path: '/feeds/{feedId}/files',
    access: deliver,
    tags,
    summary: 'Deliver a file of a feed',
    params,
    query: z.object({ name: fileName }),
    body: csvFile('timestamp,device,current_a', '2026-01-15T12:00:00Z,clamp-1,41.5'),
    maxBytes: 64 * 1024 * 1024,
    answer: feedOutcome,
    problems: ['not-found'],
  }),
  listFeedFiles: operation({
    method: 'get',
    path: '/feeds/{feedId}/files',
    access: depotReaders,
    tags,
    summary: 'Files of a feed with their digests, the newest first',
    params,
    query: z.object({ state: feedFile.shape.state.optional() }),
    answer: z.array(feedFile),
    problems: ['not-found'],
  }),
  readFeedFile: operation({
    method: 'get',
    path: '/feeds/{feedId}/files/{fileId}',
    access: handle,
    tags,
    summary: 'A file as it arrived, in base64',
    params: oneFile,
    answer: feedFile.extend({ content: z.string() }),
    problems: ['not-found'],
  }),
  replayFeedFile: operation({
    method: 'post',
    path: '/feeds/{feedId}/files/{fileId}/replay',
    access: handle,
    tags,
    summary: 'Read a kept file again, as the feed is agreed now',
    description: 'What was taken before stays as it is; records that fit now leave the quarantine.',
    params: oneFile,
    answer: feedFile,
    problems: ['not-found', 'conflict'],
  }),
  listFeedFaults: operation({
    method: 'get',
    path: '/feeds/{feedId}/faults',
    access: depotReaders,
    tags,
    summary: 'Records of a feed that were not taken, the newest first',
    params,
    query: z.object({ resolved: z.enum(['no', 'yes']).default('no') }),
    answer: z.array(feedFault),
    problems: ['not-found'],
  }),
  removeDepotFeed: operation({
    method: 'delete',
    path: '/feeds/{feedId}',
    access: manage,
    tags,
    summary: 'End a feed: nothing more is taken. What it brought stays',
    params,
    answer: nothing,
    versionedBy: 'version',
    problems: ['not-found'],
  }),
  exportTrips: operation({
    method: 'get',
    path: '/trips',
    access: depotReaders,
    tags,
    summary: 'Journeys of vehicles with engines, for planning',
    query: z.object({ feedId: registerKey.optional(), from: instant.optional(), to: instant.optional() }),
    answer: csvFile(
      'feed,vehicle,started_at,ended_at,distance_km',
      'trimble,VO18 ABC,2026-01-15T07:00:00Z,2026-01-15T07:20:00Z,8.1',
    ),
  }),
}
