import { doublePrecision, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** The expected import of each FU, mean W per quarter-hour, and the source of the forecast. The forecast is computed from settled data. */
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
