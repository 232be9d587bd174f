import type { Instant } from '@js-joda/core'
import { asc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { ProductKind, ProductSettings } from '../../../schemas/market/products.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { product, productVersion } from './tables.ts'

/** A product with its rules as they were in force at an instant, and their version, which a result that is kept records. */
export interface ProductRules extends ProductSettings {
  product: string
  kind: ProductKind
  version: number
  changedAt: Instant
  changedBy: string
}

/**
 * The products by short name, in order, with the rules that were in force at an instant. A product that was added later has its first
 * rules, which nothing changed before.
 */
export async function productsById(tx: Queryable, at: Instant): Promise<ReadonlyMap<string, ProductRules>> {
  const { version, changedAt } = productVersion
  const isPast = sql`${changedAt} <= ${at.toString()}::timestamptz`
  const rows = await tx
    .selectDistinctOn([product.product], { kind: product.kind, row: productVersion })
    .from(product)
    .innerJoin(productVersion, eq(productVersion.product, product.product))
    .orderBy(product.product, sql`${isPast} desc`, sql`case when ${isPast} then -${version} else ${version} end`)
  return new Map(rows.map(({ kind, row: { settings, ...rest } }) => [rest.product, { ...settings, ...rest, kind }]))
}

/** The short names of all products, in order. */
export async function listProducts(tx: Queryable): Promise<string[]> {
  const rows = await tx.select({ product: product.product }).from(product).orderBy(asc(product.product))
  return rows.map((row) => row.product)
}

/** The rules of a product that a request names. @throws ProblemError a broken field `product` if there is no such product. */
export async function givenProduct(tx: Queryable, name: string, at: Instant): Promise<ProductRules> {
  const products = await productsById(tx, at)
  const found = products.get(name)
  if (found) return found
  throw unknownProduct(products.keys())
}

/** The kinds of all products by short name, in order. */
export async function kindsOfProducts(tx: Queryable): Promise<ReadonlyMap<string, ProductKind>> {
  const rows = await tx.select().from(product).orderBy(asc(product.product))
  return new Map(rows.map((row) => [row.product, row.kind]))
}

/** The kind of a product. @throws ProblemError a broken field `product` if there is no such product. */
export async function kindOfProduct(tx: Queryable, name: string): Promise<ProductKind> {
  const kinds = await kindsOfProducts(tx)
  const kind = kinds.get(name)
  if (kind) return kind
  throw unknownProduct(kinds.keys())
}

function unknownProduct(known: Iterable<string>): ProblemError {
  return problemOf(brokenField('product', `is not a product: there are ${[...known].join(', ')}`))
}

/** A product with its rules in force at an instant. @throws ProblemError not-found. */
export async function requireProduct(tx: Queryable, name: string, at: Instant): Promise<ProductRules> {
  const found = (await productsById(tx, at)).get(name)
  if (!found) throw new ProblemError('not-found', `There is no product ${name}.`)
  return found
}
