import type { Offer } from '../../../../schemas/market/tenders.ts'
import { brokenField, type Refusal } from '../../../../schemas/vocabulary/outcome.ts'

/** What the rules need to know of an FU of the FSP that offers it. */
interface OfferableUnit {
  fuId: string
  name: string
  maxTurnDownW: number
}

/** Why a response's offers cannot be taken; `null` when they can. @param units of the FSP. */
export function offersRefusal(offers: readonly Offer[], units: readonly OfferableUnit[]): Refusal | null {
  for (const [i, offer] of offers.entries()) {
    const field = `offers[${i}]`
    const isFirst = offers.findIndex((o) => o.fuId === offer.fuId) === i
    if (!isFirst) return brokenField(`${field}.fuId`, 'is offered twice in this response')
    const unit = units.find((u) => u.fuId === offer.fuId)
    if (!unit) return { kind: 'not-found', detail: `${field}.fuId: there is no FU ${offer.fuId} of yours.` }
    if (offer.turnDownW <= unit.maxTurnDownW) continue
    const message = `is more than the ${unit.maxTurnDownW} W that ${unit.name} is registered for`
    return brokenField(`${field}.turnDownW`, message)
  }
  return null
}
