import type { Instant } from '@js-joda/core'
import { and, desc, eq, lte } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { kindOfProduct } from '../../market/index.ts'
import { defaultTimetable, type ProductTimetable } from './rules.ts'
import { dispatchTimetable } from './tables.ts'

/**
 * The timetable of a product that is in force at an instant: the latest version by then, or the default of its kind.
 * @throws ProblemError a broken field `product` if there is no such product.
 */
export async function timetableInForce(tx: Queryable, product: Product, at: Instant): Promise<ProductTimetable> {
  const [row] = await tx
    .select()
    .from(dispatchTimetable)
    .where(and(eq(dispatchTimetable.product, product), lte(dispatchTimetable.changedAt, at)))
    .orderBy(desc(dispatchTimetable.version))
    .limit(1)
  if (!row) return defaultTimetable(product, await kindOfProduct(tx, product))
  const { settings, version, changedAt, changedBy } = row
  return { ...settings, product, version, changedAt, changedBy }
}
