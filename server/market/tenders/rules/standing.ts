import { LocalDate } from '@js-joda/core'
import type { StandingContract } from '../../../../schemas/market/contracts.ts'
import type { ProductKind, ProductSettings } from '../../../../schemas/market/products.ts'
import { brokenField, type Refusal } from '../../../../schemas/vocabulary/outcome.ts'
import { capabilityFault, type RegisteredUnit } from '../../parties/index.ts'
import { unpaidPrice } from './offers.ts'

/** What the rules need to know about what a standing contract is for. */
interface StandingFacts {
  today: LocalDate
  product: ProductSettings & { product: string; kind: ProductKind }
  unit: RegisteredUnit
  /** Whether the FSP holds authority over the MPANs behind the FU when the service begins. */
  isAuthorised: boolean
}

/** Why a standing contract is refused; `null` if it can be entered. */
export function standingRefusal(given: StandingContract, facts: StandingFacts): Refusal | null {
  const { today, product, unit, isAuthorised } = facts
  if (product.kind === 'forward-option')
    return brokenField('product', `is a forward option: reserve of ${product.product} is bought by tender`)
  if (LocalDate.parse(given.validFrom).isBefore(today))
    return brokenField('validFrom', `must not be before today, ${today}: nothing is contracted for the past`)
  const fault = capabilityFault(unit, given.direction, given.turnDownW)
  if (fault) return brokenField('turnDownW', fault)
  if (!isAuthorised)
    return brokenField(
      'fuId',
      `is ${unit.name}: its FSP has no authority over the MPANs behind it when the service begins`,
    )
  if (!product.baselineMethods.includes(given.baselineMethod))
    return brokenField(
      'baselineMethod',
      `must be one that ${product.product} allows: ${product.baselineMethods.join(', ')}`,
    )
  return priceRefusal(given, product)
}

function priceRefusal(given: StandingContract, product: ProductSettings): Refusal | null {
  const { availabilityGbpPerMwH, utilisationGbpPerMwh } = given
  const fault = unpaidPrice({ availability: availabilityGbpPerMwH, utilisation: utilisationGbpPerMwh }, product)
  if (!fault) return null
  const field = fault.price === 'availability' ? 'availabilityGbpPerMwH' : 'utilisationGbpPerMwh'
  return brokenField(field, fault.message)
}
