import { doublePrecision, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate } from '../../../platform/db/index.ts'
import type { PseudoNetwork, Rehearsal, Scenario } from '../../../schemas/dispatch/rehearsals.ts'
import type { Direction } from '../../../schemas/vocabulary/units.ts'

/** Made-up networks, separate from the real one. */
export const pseudoNetwork = pgTable('pseudo_network', {
  pseudoNetworkId: uuid('pseudo_network_id').primaryKey(),
  name: text().notNull().unique(),
  nodes: jsonb().$type<PseudoNetwork['nodes']>().notNull(),
  members: jsonb().$type<PseudoNetwork['members']>().notNull(),
  createdAt: instant('created_at').notNull(),
  createdBy: text('created_by').notNull(),
})

/** Rehearsals and what they chose. No tick reads them. */
export const rehearsal = pgTable(
  'rehearsal',
  {
    rehearsalId: uuid('rehearsal_id').primaryKey(),
    pseudoNetworkId: uuid('pseudo_network_id')
      .notNull()
      .references(() => pseudoNetwork.pseudoNetworkId),
    tradingDay: localDate('trading_day').notNull(),
    scenario: text().$type<Scenario>().notNull(),
    direction: text().$type<Direction>().notNull().default('turn-down'),
    needW: doublePrecision('need_w'),
    startedAt: instant('started_at').notNull(),
    startedBy: text('started_by').notNull(),
    method: text().$type<Rehearsal['method']>().notNull(),
    gap: doublePrecision().notNull(),
    nodes: jsonb().$type<Rehearsal['nodes']>().notNull(),
    units: jsonb().$type<Rehearsal['units']>().notNull(),
    adoptedAt: instant('adopted_at'),
    adoptedBy: text('adopted_by'),
  },
  (t) => [index('rehearsal_network').on(t.pseudoNetworkId, t.startedAt)],
)
