import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'

/** Every tick that a timetable owes: claimed by one worker at a time, done once, or recorded as missed. */
export const dispatchCycle = pgTable(
  'dispatch_cycle',
  {
    product: text().$type<Product>().notNull(),
    /** What its timetable is for: the product, a zone or a contract. */
    reach: text().notNull().default('product'),
    startsAt: instant('starts_at').notNull(),
    leaseUntil: instant('lease_until'),
    token: uuid(),
    doneAt: instant('done_at'),
    outcome: text({ enum: ['issued', 'missed'] }),
    instructions: integer(),
  },
  (t) => [primaryKey({ columns: [t.product, t.reach, t.startsAt] })],
)
