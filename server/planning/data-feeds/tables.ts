import { customType, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { DataDelivery, DataFeedForm } from '../../../schemas/planning/data-feeds.ts'
import { planAsset } from '../sites/tables.ts'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Feeds as they are agreed with data providers. Their rhythm and freshness are in `feed`, of the grid wing, under the same identifier. */
export const dataFeed = pgTable('data_feed', {
  feedId: text('feed_id').primaryKey(),
  /** A row of `data_provider` (access wing). */
  providerId: text('provider_id').notNull(),
  /** A row of `customer` (access wing), of a history of sites. */
  customerId: uuid('customer_id'),
  agreed: jsonb().$type<Omit<DataFeedForm, 'providerId' | 'customerId'>>().notNull(),
  agreedAt: instant('agreed_at').notNull(),
  agreedBy: text('agreed_by').notNull(),
})

/** Every file that was delivered, with the digest of its bytes, whatever became of it. */
export const dataDelivery = pgTable(
  'data_delivery',
  {
    deliveryId: uuid('delivery_id').primaryKey(),
    feedId: text('feed_id')
      .notNull()
      .references(() => dataFeed.feedId),
    providerId: text('provider_id').notNull(),
    name: text().notNull(),
    /** `null` only inside the transaction that takes it in. */
    sha256: text(),
    bytes: integer().notNull(),
    receivedAt: instant('received_at').notNull(),
    deliveredBy: text('delivered_by').notNull(),
    state: text().$type<DataDelivery['state']>().notNull(),
    reason: text(),
    rows: integer().notNull().default(0),
    taken: integer().notNull().default(0),
    rejected: integer().notNull().default(0),
    rejections: jsonb().$type<DataDelivery['rejections']>().notNull().default([]),
    editionId: uuid('edition_id'),
    summary: jsonb().$type<DataDelivery['summary']>().notNull().default({}),
    anomalyCount: integer('anomaly_count').notNull().default(0),
    newVehicleCount: integer('new_vehicle_count').notNull().default(0),
    replays: integer().notNull().default(0),
    lastReadAt: instant('last_read_at'),
    /** When its bytes were forgotten; its digest stays. */
    contentRemovedAt: instant('content_removed_at'),
  },
  (t) => [
    unique('data_delivery_once').on(t.feedId, t.sha256),
    index('data_delivery_newest').on(t.feedId, t.receivedAt),
  ],
)

/** The bytes of a delivery in pieces, each packed by gzip. They are reached by way of their delivery, which has a policy. */
export const dataDeliveryPart = pgTable(
  'data_delivery_part',
  {
    deliveryId: uuid('delivery_id')
      .notNull()
      .references(() => dataDelivery.deliveryId, { onDelete: 'cascade' }),
    part: integer().notNull(),
    packed: bytea().notNull(),
  },
  (t) => [primaryKey({ columns: [t.deliveryId, t.part] })],
)

/** Sites that customers have opened to feeds of their meters. */
export const siteOpening = pgTable(
  'site_opening',
  {
    assetId: uuid('asset_id')
      .primaryKey()
      .references(() => planAsset.assetId, { onDelete: 'cascade' }),
    customerId: uuid('customer_id').notNull(),
    feedId: text('feed_id')
      .notNull()
      .references(() => dataFeed.feedId),
    /** What the provider's files call the site. */
    siteReference: text('site_reference').notNull(),
    openedAt: instant('opened_at').notNull(),
    openedBy: text('opened_by').notNull(),
    lastTakenAt: instant('last_taken_at'),
  },
  (t) => [unique('site_opening_reference').on(t.feedId, t.siteReference)],
)
