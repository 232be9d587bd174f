import { jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { GatewayReport } from '../../../schemas/grid/gateway.ts'
import { gatewayPool } from '../hubs/tables.ts'

/** A part of a pool's hubs, and the gateway that has leased it; `null` when it is free. */
export const gatewayShard = pgTable(
  'gateway_shard',
  {
    pool: text()
      .notNull()
      .references(() => gatewayPool.name),
    shard: smallint().notNull(),
    gatewayId: text('gateway_id'),
    leaseUntil: instant('lease_until'),
  },
  (t) => [primaryKey({ columns: [t.pool, t.shard] })],
)

/** The time of a gateway's last request of any kind, to distinguish its silence from that of its hubs. */
export const gatewayContact = pgTable('gateway_contact', {
  gatewayId: text('gateway_id').primaryKey(),
  lastContactAt: instant('last_contact_at').notNull(),
  /** When it last asked for its hubs; `null` after it has announced that it stops. */
  askedAt: instant('asked_at'),
  /** Its last report on itself; `null` before the first. */
  report: jsonb().$type<GatewayReport>(),
})
