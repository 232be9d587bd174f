import { doublePrecision, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** What each network node is expected to carry, mean W per quarter-hour, as the DNO uploaded it. */
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

/** Target load levels that a person set; a node without one has its firm rating. */
export const targetLevel = pgTable('target_level', {
  nodeId: text('node_id').primaryKey(),
  targetW: doublePrecision('target_w').notNull(),
  setAt: instant('set_at').notNull(),
  setBy: text('set_by').notNull(),
})
