import { doublePrecision, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import type { ControlMode } from '../../schemas/fsp/depot-api.ts'

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
