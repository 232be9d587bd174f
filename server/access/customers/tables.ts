import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'

/** Customers for whom people and programs act. Their sites are in `customer_site`, of the market wing. */
export const customer = pgTable('customer', {
  customerId: uuid('customer_id').primaryKey(),
  name: text().notNull().unique(),
  email: text(),
  /** Grows with every change, so that two simultaneous editors notice each other (FM15). */
  revision: integer().notNull().default(1),
})
