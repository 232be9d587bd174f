import type { ProductSettings } from '../../../../schemas/market/products.ts'
import type { NewTender, Offer } from '../../../../schemas/market/tenders.ts'
import { brokenField, type Refusal } from '../../../../schemas/vocabulary/outcome.ts'
import type { Direction } from '../../../../schemas/vocabulary/units.ts'
import { capabilityFault, type RegisteredUnit } from '../../parties/index.ts'

/** Which of two prices a product does not pay although it is above 0, in words; `null` if neither. */
export function unpaidPrice(
  prices: { availability: string; utilisation: string },
  product: Pick<ProductSettings, 'name' | 'paysAvailability' | 'paysUtilisation'>,
): { price: 'availability' | 'utilisation'; message: string } | null {
  const pays = { availability: product.paysAvailability, utilisation: product.paysUtilisation }
  for (const price of ['availability', 'utilisation'] as const)
    if (!pays[price] && Number(prices[price]) > 0)
      return { price, message: `must be 0: ${product.name} pays no ${price}` }
  return null
}

/** Why the ceilings of a tender do not fit what its product pays; `null` if they do. */
export function ceilingFault(given: NewTender, product: ProductSettings): Refusal | null {
  const { ceilingAvailabilityGbpPerMwH, ceilingUtilisationGbpPerMwh } = given
  const prices = { availability: ceilingAvailabilityGbpPerMwH, utilisation: ceilingUtilisationGbpPerMwh }
  const fault = unpaidPrice(prices, product)
  if (!fault) return null
  const field = fault.price === 'availability' ? 'ceilingAvailabilityGbpPerMwH' : 'ceilingUtilisationGbpPerMwh'
  return brokenField(field, fault.message)
}

/** What the rules need to know about an FU of the FSP that offers it. */
interface OfferableUnit extends RegisteredUnit {
  fuId: string
  /** Whether its FSP holds authority over the MPANs behind it when the service begins. */
  isAuthorised: boolean
}

/** The prices that a product pays of some: what it does not pay is 0. */
export function paidOf(
  prices: { availability: string; utilisation: string },
  { paysAvailability, paysUtilisation }: Pick<ProductSettings, 'paysAvailability' | 'paysUtilisation'>,
) {
  return {
    availability: paysAvailability ? prices.availability : '0',
    utilisation: paysUtilisation ? prices.utilisation : '0',
  }
}

/** Why an offer's prices do not fit what the product pays; `null` if they do. */
function priceFault(offer: Offer, field: string, product: ProductSettings): Refusal | null {
  const prices = { availability: offer.availabilityGbpPerMwH, utilisation: offer.utilisationGbpPerMwh }
  const fault = unpaidPrice(prices, product)
  if (!fault) return null
  const price = fault.price === 'availability' ? 'availabilityGbpPerMwH' : 'utilisationGbpPerMwh'
  return brokenField(`${field}.${price}`, fault.message)
}

/**
 * Why a response's offers are refused; `null` if they are accepted.
 * @param way of the tender.
 * @param product of the tender.
 * @param units of the FSP.
 */
export function offersRefusal(
  offers: readonly Offer[],
  way: Direction,
  product: ProductSettings,
  units: readonly OfferableUnit[],
): Refusal | null {
  for (const [i, offer] of offers.entries()) {
    const field = `offers[${i}]`
    const isFirst = offers.findIndex((o) => o.fuId === offer.fuId) === i
    if (!isFirst) return brokenField(`${field}.fuId`, 'is offered twice in this response')
    const unit = units.find((u) => u.fuId === offer.fuId)
    if (!unit) return { kind: 'not-found', detail: `${field}.fuId: you have no FU ${offer.fuId}.` }
    if (!unit.isAuthorised) {
      const message = `is ${unit.name}: you have no authority over the MPANs behind it when the service begins`
      return brokenField(`${field}.fuId`, message)
    }
    if (offer.direction !== way)
      return brokenField(`${field}.direction`, `is ${offer.direction}, but the tender is for ${way}`)
    const fault = capabilityFault(unit, way, offer.turnDownW)
    if (fault) return brokenField(`${field}.turnDownW`, fault)
    const unpaid = priceFault(offer, field, product)
    if (unpaid) return unpaid
  }
  return null
}
