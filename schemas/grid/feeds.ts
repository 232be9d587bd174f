import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { boundedJson, boundedRecord } from '../vocabulary/bounds.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull } from '../vocabulary/units.ts'

const fieldType = z.enum(['string', 'number', 'boolean', 'object', 'array', 'null'])

/** A feed as its owner registers it. */
export const feedForm = z
  .object({
    name: z.string().min(1).max(100),
    owner: z.string().min(1).max(100),
    /** Seconds between deliveries, as promised by its owner. */
    cadenceS: z.number().int().min(1),
    format: z.string().min(1).max(200),
    /** Silence that counts as late and as failed, s. */
    amberS: z.number().int().min(1).nullable(),
    redS: z.number().int().min(1),
    /** Fields that a record must have, with their JSON types: anything else is schema drift. */
    fields: boundedRecord(z.union([fieldType, z.array(fieldType).min(1).max(fieldType.options.length)]), 200),
  })
  .refine((f) => f.amberS === null || f.amberS < f.redS, { path: ['amberS'], message: 'must be below redS' })
  .meta({
    id: 'FeedForm',
    example: {
      name: 'Weather forecast',
      owner: 'Met Office',
      cadenceS: 3_600,
      format: 'JSON over HTTPS',
      amberS: 7_200,
      redS: 14_400,
      fields: { at: 'string', temperatureC: ['number', 'null'] },
    },
  })
export type FeedForm = z.infer<typeof feedForm>

export const feed = z
  .object({
    feedId: z.string(),
    ...feedForm.shape,
    freshness: z.enum(['green', 'amber', 'red', 'never']),
    registeredAt: instant,
    lastSuccessAt: instantOrNull,
    /** The last good record, to compare a bad one with. */
    lastRecord: z.unknown(),
    lastFailureAt: instantOrNull,
    /** The version of its terms; what has been delivered does not change it. */
    etag: z.string(),
  })
  .meta({ id: 'Feed' })
export type Feed = z.infer<typeof feed>

/** A delivery of a feed: records, or a report that the delivery could not be read. */
export const feedDelivery = z
  .union([
    z.object({ records: z.array(boundedJson(64_000)).min(1).max(10_000) }),
    z.object({ failure: z.string().min(1).max(2_000), content: boundedJson(256_000).optional() }),
  ])
  .meta({ id: 'FeedDelivery', example: { records: [{ at: '2026-01-15T12:00:00Z', temperatureC: 6.5 }] } })
export type FeedDelivery = z.infer<typeof feedDelivery>

export const feedReceipt = z.object({ taken: z.number().int(), kept: z.number().int() }).meta({ id: 'FeedReceipt' })

/** A delivery that could not be read, or a record that does not have the agreed form. */
const feedFailureKind = z.enum(['failed', 'drift'])

/** A refused delivery or record, kept whole so that nothing is lost. */
export const feedFailure = z
  .object({ at: instant, kind: feedFailureKind, reason: z.string(), record: z.unknown() })
  .meta({ id: 'FeedFailure' })
export type FeedFailure = z.infer<typeof feedFailure>

const params = z.object({
  id: z
    .string()
    .max(100)
    .regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens')
    .meta({ example: 'weather-forecast' }),
})
const tags = ['Feeds']

/** The data registry. */
export const feedOperations = {
  listFeeds: operation({
    method: 'get',
    path: '/feeds',
    access: people(),
    tags,
    summary: 'Feeds with their owners, thresholds and freshness',
    answer: z.array(feed),
  }),
  registerFeed: operation({
    method: 'put',
    path: '/feeds/{id}',
    access: people('administrator'),
    tags,
    summary: 'Register a feed, or change its agreed terms',
    params,
    body: feedForm,
    answer: feed,
    versionedBy: 'etag',
    mayCreate: true,
    problems: ['not-found'],
  }),
  deliverToFeed: operation({
    method: 'post',
    path: '/feeds/{id}/deliveries',
    access: people('administrator'),
    tags,
    summary: 'Deliver records of a feed, or report that a delivery could not be read',
    params,
    body: feedDelivery,
    maxBytes: 32 * 1024 * 1024,
    answer: feedReceipt,
    problems: ['not-found'],
  }),
  listFeedFailures: operation({
    method: 'get',
    path: '/feeds/{id}/failures',
    access: people(),
    tags,
    summary: 'Refused deliveries and records, whole',
    params,
    answer: z.array(feedFailure),
  }),
}
