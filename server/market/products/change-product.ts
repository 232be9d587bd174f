import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ProductInForce, productOperations } from '../../../schemas/market/products.ts'
import { type Call, isCurrent, nameOf, type ProposedAct } from '../../kit/index.ts'
import { requireProduct } from './store.ts'
import { product, productVersion } from './tables.ts'
import { viewProduct } from './views.ts'

type Change = typeof productOperations.changeProduct

/** Changes the rules of a product from the approval on: they decide what its contracts are paid. */
export const changeProduct: ProposedAct<Change, ProductInForce> = {
  async describe(call) {
    const before = await lockCurrent(call)
    return {
      subject: { type: 'product', id: before.product },
      title: `Change the rules of product ${before.product}, ${before.settings.name}`,
      before: before.settings,
      after: call.body,
    }
  },

  async carryOut(call) {
    const { db, at, actor, body: settings } = call
    const before = await lockCurrent(call)
    const row = {
      product: before.product,
      version: before.version + 1,
      settings,
      changedAt: at,
      changedBy: nameOf(actor),
    }
    await db.insert(productVersion).values(row)
    call.audit({
      action: 'product.changed',
      subject: { type: 'product', id: before.product },
      detail: { before: before.settings, after: settings, version: row.version },
    })
    for (const topic of ['market', 'dispatch'] as const) call.announce(topic)
    return viewProduct(await requireProduct(db, before.product, at))
  },
}

/** The product as it is, locked, if its rules are still what the caller has read. */
async function lockCurrent({ db, at, params, version }: Call<Change>): Promise<ProductInForce> {
  await db.select().from(product).where(eq(product.product, params.product)).for('update')
  const before = viewProduct(await requireProduct(db, params.product, at))
  if (isCurrent(version, before.version)) return before
  throw new ProblemError(
    'changed-meanwhile',
    `The rules of product ${before.product} are now at version ${before.version}, by ${before.changedBy}: read them again.`,
    { headers: { etag: `"${before.version}"` } },
  )
}
