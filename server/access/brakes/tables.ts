import { index, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** How much of a brake's allowance is used up, per subject. Subjects are digested: no user name that somebody made up is stored. */
export const brake = pgTable(
  'brake',
  {
    key: text().primaryKey(),
    /** Each attempt moves it ahead by its share of the period; the allowance is used up when it is a whole period ahead of the clock. */
    usedUntil: instant('used_until').notNull(),
  },
  (t) => [index('brake_used_until').on(t.usedUntil)],
)
