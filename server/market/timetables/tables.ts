import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { TimetableSettings } from '../../../schemas/market/timetables.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { product } from '../products/tables.ts'

/** Every version of a timetable; a tick follows the one in force when it fell due. */
export const productTimetable = pgTable(
  'product_timetable',
  {
    product: text()
      .$type<Product>()
      .notNull()
      .references(() => product.product),
    /** `product`, `zone:NODE` or `contract:UUID`. */
    reach: text().notNull(),
    version: integer().notNull(),
    /** `null` ends a narrower timetable. */
    settings: jsonb().$type<TimetableSettings>(),
    inForceFrom: instant('in_force_from').notNull(),
    changedAt: instant('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.product, t.reach, t.version] })],
)
