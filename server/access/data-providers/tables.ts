import { pgTable, text } from 'drizzle-orm/pg-core'

/** Companies that deliver data. What they deliver is in `data_feed`, of the planning wing. */
export const dataProvider = pgTable('data_provider', {
  providerId: text('provider_id').primaryKey(),
  name: text().notNull().unique(),
  email: text(),
})
