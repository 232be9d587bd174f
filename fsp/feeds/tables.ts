import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import { sealedColumn } from '../../platform/secrets/index.ts'
import type { FeedFault, FeedFile, FeedForm } from '../../schemas/fsp/feeds/feeds.ts'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** The data registry: each feed as it is agreed, and how it is. */
export const feed = pgTable('feed', {
  feedId: text('feed_id').primaryKey(),
  version: integer().notNull(),
  /** As agreed, without its secret. */
  agreed: jsonb().$type<Omit<FeedForm, 'secret'>>().notNull(),
  sealedSecret: text('sealed_secret'),
  registeredAt: instant('registered_at').notNull(),
  /** Nothing is taken from here on; what it brought stays. */
  removedAt: instant('removed_at'),
  /** When a delivery was last taken. */
  lastSuccessAt: instant('last_success_at'),
  lastFailureAt: instant('last_failure_at'),
  lastError: text('last_error'),
  failuresInARow: integer('failures_in_a_row').notNull().default(0),
  /** When the last run that succeeded began: an API is asked for what came since. */
  lastRunAt: instant('last_run_at'),
  /** When it is fetched next; `null`: it is not fetched. */
  nextRunAt: instant('next_run_at'),
  lastRecord: jsonb('last_record'),
  /** Fields that records had and nobody reads. */
  passedOver: jsonb('passed_over').$type<string[]>().notNull().default([]),
})
export type FeedRow = typeof feed.$inferSelect

/** Secrets of transports: passwords, keys, client secrets. */
export const sealedFeedSecret = sealedColumn({
  table: feed,
  key: feed.feedId,
  sealed: feed.sealedSecret,
  purpose: 'feed.secret',
})

/** Every file and batch that arrived, with the digest of its bytes, whatever became of it. */
export const feedFile = pgTable(
  'feed_file',
  {
    fileId: uuid('file_id').primaryKey(),
    feedId: text('feed_id')
      .notNull()
      .references(() => feed.feedId),
    name: text().notNull(),
    sha256: text().notNull(),
    bytes: integer().notNull(),
    /** When its supplier wrote it; `null`: it does not say. */
    modifiedAt: instant('modified_at'),
    receivedAt: instant('received_at').notNull(),
    by: text().$type<FeedFile['by']>().notNull(),
    state: text().$type<FeedFile['state']>().notNull(),
    reason: text(),
    taken: integer().notNull(),
    kept: integer().notNull(),
    replays: integer().notNull().default(0),
    /** As it arrived, but for positions of vehicles; `null`: too long to keep, or kept long enough. */
    content: bytea(),
  },
  (t) => [
    uniqueIndex('feed_file_once').on(t.feedId, t.name, t.sha256),
    index('feed_file_newest').on(t.feedId, t.receivedAt),
  ],
)

/** Records that were not taken, whole but for positions of vehicles. */
export const feedFault = pgTable(
  'feed_fault',
  {
    faultId: bigint('fault_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    feedId: text('feed_id').notNull(),
    fileId: uuid('file_id')
      .notNull()
      .references(() => feedFile.fileId, { onDelete: 'cascade' }),
    at: instant().notNull(),
    kind: text().$type<FeedFault['kind']>().notNull(),
    reason: text().notNull(),
    line: integer().notNull(),
    record: jsonb(),
    resolvedAt: instant('resolved_at'),
  },
  (t) => [index('feed_fault_newest').on(t.feedId, t.at), index('feed_fault_file').on(t.fileId)],
)

/** Journeys of vehicles with engines, for planning: when and how far, not where. */
export const fleetTrip = pgTable(
  'fleet_trip',
  {
    feedId: text('feed_id').notNull(),
    /** As its supplier names it. */
    vehicle: text().notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at').notNull(),
    distanceKm: doublePrecision('distance_km').notNull(),
  },
  (t) => [primaryKey({ columns: [t.feedId, t.vehicle, t.startedAt] })],
)

/** Weather, observed or forecast; an observation replaces what was forecast, and a later forecast an earlier one. */
export const weatherReading = pgTable(
  'weather_reading',
  {
    /** `*`: everywhere. */
    depotId: text('depot_id').notNull(),
    at: instant().notNull(),
    isForecast: boolean('is_forecast').notNull(),
    temperatureC: doublePrecision('temperature_c').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.depotId, t.at] })],
)
