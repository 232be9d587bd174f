import { boolean, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import type { ControlMode } from '../../schemas/fsp/depot-api.ts'
import type { SiteLimit } from '../../schemas/fsp/depot-plan.ts'

/** What a depot's decision of each minute was made of, W. A minute without a decision has no row. */
export const depotMinute = pgTable(
  'depot_minute',
  {
    depotId: text('depot_id').notNull(),
    at: instant().notNull(),
    mode: text().$type<ControlMode>().notNull(),
    capacityW: doublePrecision('capacity_w').notNull(),
    /** Which limit the capacity is, and all that there were. */
    binding: text().$type<SiteLimit['source']>().notNull(),
    limits: jsonb().$type<SiteLimit[]>().notNull(),
    bufferW: doublePrecision('buffer_w').notNull(),
    siteLoadW: doublePrecision('site_load_w'),
    buildingW: doublePrecision('building_w').notNull(),
    evLoadW: doublePrecision('ev_load_w'),
    headroomW: doublePrecision('headroom_w').notNull(),
    budgetW: doublePrecision('budget_w').notNull(),
    dnoLimitW: doublePrecision('dno_limit_w'),
    flexibilityCapW: doublePrecision('flexibility_cap_w'),
    isStale: boolean('is_stale').notNull(),
    /** Sockets with a vehicle, and set points sent in the minute before. */
    vehicles: integer().notNull(),
    setpoints: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.depotId, t.at] }), index('depot_minute_time').on(t.at)],
)

/** Power and limit of each charge by the minute; `null`: not known, and no limit of ours. */
export const sessionMinute = pgTable(
  'session_minute',
  {
    transactionId: integer('transaction_id').notNull(),
    at: instant().notNull(),
    depotId: text('depot_id').notNull(),
    identity: text().notNull(),
    connector: integer().notNull(),
    powerW: doublePrecision('power_w'),
    limitA: integer('limit_a'),
  },
  (t) => [primaryKey({ columns: [t.transactionId, t.at] }), index('session_minute_time').on(t.at)],
)
