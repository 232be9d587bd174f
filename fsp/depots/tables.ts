import { doublePrecision, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'

/** The site's whole import, one value a minute. */
export const siteLoad = pgTable(
  'site_load',
  { depotId: text('depot_id').notNull(), at: instant().notNull(), siteLoadW: doublePrecision('site_load_w').notNull() },
  (t) => [primaryKey({ columns: [t.depotId, t.at] })],
)

/** How far a depot's control goes: `off` computes nothing, `monitor` computes, `test` records set points without sending, `live` sends them. */
export const depotMode = pgTable('depot_mode', {
  depotId: text('depot_id').primaryKey(),
  mode: text({ enum: ['off', 'monitor', 'test', 'live'] }).notNull(),
})
