import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { FeedFailure, FeedForm } from '../../../schemas/grid/feeds.ts'

/** The data registry: each feed with its owner, cadence, format, thresholds and state (domain section 10). */
export const feed = pgTable('feed', {
  feedId: text('feed_id').primaryKey(),
  name: text().notNull(),
  owner: text().notNull(),
  /** Seconds between deliveries, as promised by its owner. */
  cadenceS: integer('cadence_s').notNull(),
  format: text().notNull(),
  /** Silence that counts as late and as failed, s; `null` if the feed does not have that level. */
  amberS: integer('amber_s'),
  redS: integer('red_s').notNull(),
  /** Fields that a record must have, with their JSON types; anything else is schema drift. */
  fields: jsonb().$type<FeedForm['fields']>().notNull(),
  registeredAt: instant('registered_at').notNull(),
  lastSuccessAt: instant('last_success_at'),
  /** The last good record, to compare a bad one with. */
  lastRecord: jsonb('last_record'),
  lastFailureAt: instant('last_failure_at'),
})

/** A refused delivery of a feed, kept whole so that nothing is lost. */
export const feedFailure = pgTable(
  'feed_failure',
  {
    failureId: bigint('failure_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    feedId: text('feed_id')
      .notNull()
      .references(() => feed.feedId),
    at: instant().notNull(),
    kind: text().$type<FeedFailure['kind']>().notNull(),
    reason: text().notNull(),
    record: jsonb(),
  },
  (t) => [index('feed_failure_feed').on(t.feedId, t.at)],
)
