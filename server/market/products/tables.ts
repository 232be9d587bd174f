import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../platform/db/index.ts'
import { type ProductSettings, productKind } from '../../../schemas/market/products.ts'

/** Products. Short name and kind never change: contracts, timetables and statements refer to them. */
export const product = pgTable('product', {
  product: text().primaryKey(),
  kind: text({ enum: optionsOf(productKind) }).notNull(),
})

/** Every version of a product's rules: what is settled follows the one that was in force at the time. */
export const productVersion = pgTable(
  'product_version',
  {
    product: text()
      .notNull()
      .references(() => product.product),
    version: integer().notNull(),
    settings: jsonb().$type<ProductSettings>().notNull(),
    changedAt: instant('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.product, t.version] })],
)
