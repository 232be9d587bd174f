import type { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import type { ProductInForce, productOperations } from '../../../schemas/market/products.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { type Call, isCurrent, nameOf, type ProposedAct } from '../../kit/index.ts'
import { requireProduct } from './store.ts'
import { product, productVersion } from './tables.ts'
import { viewProduct } from './views.ts'

type Change = typeof productOperations.changeProduct

/** The contracts for a product that are in force on a day or later. */
export type ContractsFrom = (
  tx: Queryable,
  product: Product,
  from: LocalDate,
) => Promise<Pick<Contract, 'fuName' | 'availabilityGbpPerMwH' | 'utilisationGbpPerMwh'>[]>

/** Changes the rules of a product from the approval on: they decide what its contracts are paid. */
export const changeProduct = (contractsFrom: ContractsFrom): ProposedAct<Change, ProductInForce> => ({
  async describe(call) {
    const before = await lockCurrent(call)
    await requirePaid(call, contractsFrom)
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
    await requirePaid(call, contractsFrom)
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
})

/** A product goes on to pay what contracts in force or ahead agree on. */
async function requirePaid({ db, at, params, body }: Call<Change>, contractsFrom: ContractsFrom): Promise<void> {
  if (body.paysAvailability && body.paysUtilisation) return
  const held = await contractsFrom(db, params.product, tradingDayOf(at))
  const one = held.find(
    (contract) =>
      (!body.paysAvailability && Number(contract.availabilityGbpPerMwH) > 0) ||
      (!body.paysUtilisation && Number(contract.utilisationGbpPerMwh) > 0),
  )
  if (!one) return
  const price = body.paysAvailability ? 'utilisation' : 'availability'
  const detail = `The contract of ${one.fuName} for product ${params.product} agrees on ${price}: the product pays it until such contracts end.`
  throw new ProblemError('conflict', detail)
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
