import { sql } from 'drizzle-orm'
import { doublePrecision, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import type { ControlMode } from '../../schemas/fsp/depot-api.ts'
import type { FaultKind } from '../../schemas/fsp/depot-plan.ts'

/** The site's whole import, one value per minute. */
export const siteLoad = pgTable(
  'site_load',
  { depotId: text('depot_id').notNull(), at: instant().notNull(), siteLoadW: doublePrecision('site_load_w').notNull() },
  (t) => [primaryKey({ columns: [t.depotId, t.at] })],
)

/** Each depot's control mode. */
export const depotMode = pgTable('depot_mode', {
  depotId: text('depot_id').primaryKey(),
  mode: text().$type<ControlMode>().notNull(),
})

/** Emergencies of depots. One without an end lasts; a depot has one at a time. */
export const depotEmergency = pgTable(
  'depot_emergency',
  {
    depotId: text('depot_id').notNull(),
    since: instant().notNull(),
    standingLimitA: integer('standing_limit_a').notNull(),
    /** The control mode that its end brings back. */
    modeBefore: text('mode_before').$type<ControlMode>().notNull(),
    startedBy: text('started_by').notNull(),
    reason: text().notNull(),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
  },
  (t) => [
    primaryKey({ columns: [t.depotId, t.since] }),
    uniqueIndex('depot_emergency_open').on(t.depotId).where(sql`ended_at is null`),
  ],
)

/** What is pretended to be broken at depots in test mode; one of a kind at a time. */
export const injectedFault = pgTable(
  'injected_fault',
  {
    depotId: text('depot_id').notNull(),
    kind: text().$type<FaultKind>().notNull(),
    since: instant().notNull(),
    until: instant().notNull(),
    by: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.depotId, t.kind] })],
)
