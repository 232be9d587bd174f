import { ProblemError } from '../../../platform/http/index.ts'
import type { productOperations } from '../../../schemas/market/products.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { requireProduct } from './store.ts'
import { product, productVersion } from './tables.ts'
import { viewProduct } from './views.ts'

/** Adds a product with the first version of its rules. */
export const createProduct: Verb<typeof productOperations.createProduct> = async ({ db, at, actor, body, ...call }) => {
  const { product: name, kind, settings } = body
  const made = await db.insert(product).values({ product: name, kind }).onConflictDoNothing().returning()
  if (made.length === 0)
    throw new ProblemError('conflict', `There is a product ${name} already: give this one another name.`)
  await db
    .insert(productVersion)
    .values({ product: name, version: 1, settings, changedAt: at, changedBy: nameOf(actor) })
  call.audit({ action: 'product.created', subject: { type: 'product', id: name }, detail: body })
  for (const topic of ['market', 'dispatch'] as const) call.announce(topic)
  return viewProduct(await requireProduct(db, name, at))
}
