import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { TimetableSettings } from '../../../schemas/dispatch/timetables.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'

/** Every version of a product's timetable; a tick follows the one in force when it fell due. */
export const dispatchTimetable = pgTable(
  'dispatch_timetable',
  {
    product: text().$type<Product>().notNull(),
    version: integer().notNull(),
    settings: jsonb().$type<TimetableSettings>().notNull(),
    changedAt: instant('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.product, t.version] })],
)
