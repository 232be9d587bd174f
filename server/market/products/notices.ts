import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { noticesOfUnits } from '../parties/index.ts'
import { productsById } from './store.ts'

/** The notice that FUs have before a turn-down for a product begins, minutes: the longer of the FU’s own and the product’s. */
export async function noticesOf(
  tx: Queryable,
  product: Product,
  fuIds: readonly string[],
  at: Instant,
): Promise<(fuId: string) => number> {
  const own = await noticesOfUnits(tx, fuIds)
  const ofProduct = (await productsById(tx, at)).get(product)?.noticeMinutes ?? 0
  return (fuId) => Math.max(own.get(fuId) ?? 0, ofProduct)
}
