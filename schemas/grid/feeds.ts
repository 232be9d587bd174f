import { z } from 'zod'
import { instant, instantOrNull } from '../vocabulary/units.ts'

const fieldType = z.enum(['string', 'number', 'boolean', 'object', 'array', 'null'])

/** A feed as its owner registers it. */
export const feedForm = z
  .object({
    name: z.string().min(1).max(100),
    owner: z.string().min(1).max(100),
    /** Seconds between deliveries, as its owner promises. */
    cadenceS: z.number().int().min(1),
    format: z.string().min(1).max(200),
    /** Silence that counts as late and as failed, s. */
    amberS: z.number().int().min(1).nullable(),
    redS: z.number().int().min(1),
    /** Fields that a record must have, with their JSON types: anything else is schema drift. */
    fields: z.record(z.string(), z.union([fieldType, z.array(fieldType).min(1)])),
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
  })
  .meta({ id: 'Feed' })
export type Feed = z.infer<typeof feed>

/** What came of a feed: records, or the news that a delivery could not be read. */
export const feedDelivery = z
  .union([
    z.object({ records: z.array(z.unknown()).min(1).max(10_000) }),
    z.object({ failure: z.string().min(1).max(2_000), content: z.unknown().optional() }),
  ])
  .meta({ id: 'FeedDelivery', example: { records: [{ at: '2026-01-15T12:00:00Z', temperatureC: 6.5 }] } })
export type FeedDelivery = z.infer<typeof feedDelivery>

export const feedReceipt = z.object({ taken: z.number().int(), kept: z.number().int() }).meta({ id: 'FeedReceipt' })

/** A delivery or record that could not be taken, whole: nothing is lost. */
export const feedFailure = z
  .object({ at: instant, kind: z.enum(['failed', 'drift']), reason: z.string(), record: z.unknown() })
  .meta({ id: 'FeedFailure' })
export type FeedFailure = z.infer<typeof feedFailure>
