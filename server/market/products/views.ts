import type { ProductInForce } from '../../../schemas/market/products.ts'
import type { ProductRules } from './store.ts'

/** A product as the API shows it. */
export function viewProduct({
  product,
  kind,
  version,
  changedAt,
  changedBy,
  ...settings
}: ProductRules): ProductInForce {
  return { product, kind, version, settings, changedAt: changedAt.toString(), changedBy }
}
