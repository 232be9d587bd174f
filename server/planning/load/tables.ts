import { doublePrecision, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** The expected load of each network node, mean W per quarter-hour, as uploaded by the DNO. */
export const loadForecast = pgTable(
  'load_forecast',
  {
    nodeId: text('node_id').notNull(),
    periodStart: instant('period_start').notNull(),
    loadW: doublePrecision('load_w').notNull(),
    updatedAt: instant('updated_at').notNull(),
    updatedBy: text('updated_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.nodeId, t.periodStart] }), index('load_forecast_time').on(t.periodStart)],
)

/** The reverse power at or below which nodes are kept, set by a person; without one, a node's reverse capacity applies, if it is known. */
export const reverseTarget = pgTable('reverse_target', {
  nodeId: text('node_id').primaryKey(),
  reverseTargetW: doublePrecision('reverse_target_w').notNull(),
  setAt: instant('set_at').notNull(),
  setBy: text('set_by').notNull(),
})

/** Target load levels set by a person; without one, a node's firm rating applies. */
export const targetLevel = pgTable('target_level', {
  nodeId: text('node_id').primaryKey(),
  targetW: doublePrecision('target_w').notNull(),
  setAt: instant('set_at').notNull(),
  setBy: text('set_by').notNull(),
})
