import { doublePrecision, integer, numeric, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** What people have stated of nodes for the optimisation; what is null, or has no row, follows the setting. */
export const nodeTerms = pgTable('node_terms', {
  nodeId: text('node_id').primaryKey(),
  /** The greatest price that is paid for its need, £/MWh. */
  ceilingGbpPerMwh: numeric('ceiling_gbp_per_mwh', { precision: 11, scale: 4 }),
  /** How much a W of its shortfall counts beside one of another node's. */
  shortfallWeight: doublePrecision('shortfall_weight'),
  revision: integer().notNull(),
  setAt: instant('set_at').notNull(),
  setBy: text('set_by').notNull(),
})
