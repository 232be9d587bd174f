import { bigint, doublePrecision, index, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import { sealedColumn } from '../../platform/secrets/index.ts'

/** A depot's site load as the DNO knows it: the customer's monitor that the DNO registered, with its client. */
export const siteMonitor = pgTable('site_monitor', {
  depotId: text('depot_id').primaryKey(),
  hubId: uuid('hub_id').notNull(),
  feeder: smallint().notNull(),
  quality: text({ enum: ['good', 'derived'] }).notNull(),
  tokenEndpoint: text('token_endpoint').notNull(),
  clientId: text('client_id').notNull(),
  sealedSecret: text('sealed_secret').notNull(),
  /** Of the last batch that was made; the DNO stores a batch of a sequence once. */
  lastSequence: bigint('last_sequence', { mode: 'number' }).notNull().default(0),
  lastTakenAt: instant('last_taken_at'),
  /** Why the last call failed; `null` when it was taken. */
  failure: text(),
})
export type SiteMonitor = typeof siteMonitor.$inferSelect

/** The secret of the monitor's client at the DNO. */
export const sealedMonitorSecret = sealedColumn({
  table: siteMonitor,
  key: siteMonitor.depotId,
  sealed: siteMonitor.sealedSecret,
  purpose: 'site-monitor.secret',
})

/** What the DNO has not taken yet: written with the site load itself, deleted when the DNO has it. */
export const monitorOutbox = pgTable(
  'monitor_outbox',
  {
    depotId: text('depot_id')
      .notNull()
      .references(() => siteMonitor.depotId, { onDelete: 'cascade' }),
    /** When the load was measured. */
    at: instant().notNull(),
    siteLoadW: doublePrecision('site_load_w').notNull(),
    /** When it reached us. */
    receivedAt: instant('received_at').notNull(),
    /** The batch that it belongs to, once it has been made: it is sent again as it was. */
    sequence: bigint({ mode: 'number' }),
    /** Why the DNO refused it for what it is: it is not sent again, and stays on record. */
    refusal: text(),
  },
  (t) => [primaryKey({ columns: [t.depotId, t.at] }), index('monitor_outbox_batch').on(t.depotId, t.sequence)],
)
export type OutboxRow = typeof monitorOutbox.$inferSelect
