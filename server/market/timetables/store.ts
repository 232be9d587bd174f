import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray, lte } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { problemOf } from '../../../platform/http/index.ts'
import type { ProductKind } from '../../../schemas/market/products.ts'
import type { TimetableSettings } from '../../../schemas/market/timetables.ts'
import { defaultGateSettings, gatesFrom } from '../../../schemas/settings/gates.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { allNodes } from '../../grid/index.ts'
import { figuresOfEach } from '../../kit/index.ts'
import { kindOfProduct, kindsOfProducts } from '../products/index.ts'
import { placesOfContracts } from '../tenders/index.ts'
import { pathUp, reachFor, wholeProduct } from './reach.ts'
import { defaultTimetable, type ProductTimetable } from './rules.ts'
import { productTimetable } from './tables.ts'

export type TimetableRow = typeof productTimetable.$inferSelect

/** The timetables of products that are in force at an instant: the product's first, then those of zones and contracts. */
export async function timetablesInForce(
  tx: Queryable,
  at: Instant,
  products?: readonly Product[],
): Promise<Map<Product, ProductTimetable[]>> {
  const kinds = [...(await kindsOfProducts(tx))].filter(([name]) => products?.includes(name) ?? true)
  const { product, inForceFrom, version, reach } = productTimetable
  const rows = await tx
    .select()
    .from(productTimetable)
    .where(and(lte(inForceFrom, at), products ? inArray(product, [...products]) : undefined))
    .orderBy(asc(reach), asc(inForceFrom), asc(version))
  const latest = Map.groupBy(
    new Map(rows.map((row) => [`${row.product}|${row.reach}`, row])).values(),
    (r) => r.product,
  )
  const defaultOf = await defaultTimetables(tx, at, new Set(kinds.map(([, kind]) => kind)))
  const found = new Map<Product, ProductTimetable[]>()
  for (const [name, kind] of kinds) found.set(name, await ofProduct(tx, name, defaultOf(kind), latest.get(name) ?? []))
  return found
}

async function ofProduct(
  tx: Queryable,
  product: Product,
  otherwise: TimetableSettings,
  rows: readonly TimetableRow[],
): Promise<ProductTimetable[]> {
  const stated = rows.flatMap(({ settings, ...row }) => (settings ? [{ ...settings, ...row }] : []))
  const whole = stated.find((row) => row.reach === wholeProduct) ?? {
    ...otherwise,
    product,
    reach: wholeProduct,
    version: 0,
    inForceFrom: null,
    changedBy: null,
  }
  const narrower = stated.filter((row) => row.reach !== wholeProduct)
  if (narrower.length === 0) return [{ ...whole, covers: () => true }]
  const reachOf = await readReaches(tx, product, new Set(narrower.map((row) => row.reach)))
  return [whole, ...narrower].map((row) => ({ ...row, covers: (contractId) => reachOf(contractId) === row.reach }))
}

/** The timetable that a product of a kind has until another is stated. */
async function defaultTimetables(
  tx: Queryable,
  at: Instant,
  kinds: ReadonlySet<ProductKind>,
): Promise<(kind: ProductKind) => TimetableSettings> {
  const settings = [...kinds].map((kind) => defaultGateSettings[kind])
  const gatesOf = await figuresOfEach(tx, settings, at)
  return (kind) => defaultTimetable(kind, gatesFrom(gatesOf(defaultGateSettings[kind])))
}

/** Which timetable each contract of a product follows. */
async function readReaches(tx: Queryable, product: Product, reaches: ReadonlySet<string>) {
  const places = await placesOfContracts(tx, product)
  const parents = new Map((await allNodes(tx)).map((node) => [node.nodeId, node.parentId]))
  const reachOf = new Map<string, string>()
  for (const { contractId, nodeId } of places) {
    reachOf.set(contractId, reachFor(reaches, contractId, pathUp(parents, nodeId)))
  }
  return (contractId: string) => reachOf.get(contractId) ?? wholeProduct
}

/** The timetables of a product that are in force at an instant. @throws ProblemError a broken field `product` if there is none of the name. */
export async function timetablesOf(tx: Queryable, product: Product, at: Instant): Promise<ProductTimetable[]> {
  await kindOfProduct(tx, product)
  return (await timetablesInForce(tx, at, [product])).get(product) ?? []
}

/**
 * The timetable of a product, or of a part of it, that is in force at an instant.
 * @throws ProblemError a broken field `product` if there is no such product, or no such part has one.
 */
export async function timetableInForce(
  tx: Queryable,
  product: Product,
  at: Instant,
  reach = wholeProduct,
): Promise<ProductTimetable> {
  const found = (await timetablesOf(tx, product, at)).find((one) => one.reach === reach)
  if (!found) throw problemOf(brokenField('product', `has no timetable for ${reach} at ${momentInWords(at)}`))
  return found
}

/** The timetable that a contract follows, of those in force of its product. */
export function timetableFor(timetables: readonly ProductTimetable[], contractId: string): ProductTimetable {
  const found = timetables.find((one) => one.covers(contractId))
  if (!found) throw new Error(`contract ${contractId} follows no timetable`)
  return found
}

/** Every version of the timetables of a product, or of one part of it, in order. */
export async function versionsOf(tx: Queryable, product: Product, reach?: string): Promise<TimetableRow[]> {
  return tx
    .select()
    .from(productTimetable)
    .where(
      and(eq(productTimetable.product, product), reach === undefined ? undefined : eq(productTimetable.reach, reach)),
    )
    .orderBy(asc(productTimetable.reach), asc(productTimetable.version))
}
