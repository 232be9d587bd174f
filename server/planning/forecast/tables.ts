import { doublePrecision, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
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

/**
 * How much of what it was instructed each FU delivered, over its latest settled periods. Settlement writes it; dispatch derates offers by
 * it.
 */
export const unitReliability = pgTable('unit_reliability', {
  fuId: uuid('fu_id').primaryKey(),
  periods: integer().notNull(),
  instructedWh: doublePrecision('instructed_wh').notNull(),
  deliveredWh: doublePrecision('delivered_wh').notNull(),
  /** Delivered ÷ instructed, from 0 to 1. */
  ratio: doublePrecision().notNull(),
  /** Starts of the first and the last period. */
  fromAt: instant('from_at').notNull(),
  lastAt: instant('last_at').notNull(),
  /** Version of the setting that says how many periods count. */
  settingVersion: integer('setting_version').notNull(),
  updatedAt: instant('updated_at').notNull(),
})
