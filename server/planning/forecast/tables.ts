import { doublePrecision, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** What each FU is expected to import, mean W per quarter-hour, and where the expectation comes from. Settled data feed it. */
export const fuForecast = pgTable(
  'fu_forecast',
  {
    fuId: uuid('fu_id').notNull(),
    periodStart: instant('period_start').notNull(),
    importW: doublePrecision('import_w').notNull(),
    source: text().notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.fuId, t.periodStart] })],
)
