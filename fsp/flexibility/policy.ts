import type { Offer, Tender } from '../../schemas/market/tenders.ts'

/**
 * How an FSP bids: a share of the mean power of a unit in the windows, derated because not every vehicle or heat pump will be
 * running and some customers override; at its own prices, never above the DNO's ceilings. Units below `leastW` are not worth offering.
 */
export interface BiddingPolicy {
  shareOfMean: number
  leastW: number
  roundToW: number
  availabilityGbpPerMwH: string
  utilisationGbpPerMwh: string
}

/** How the depots bid. */
export const depotPolicy: BiddingPolicy = {
  shareOfMean: 0.5,
  leastW: 1_000,
  roundToW: 500,
  availabilityGbpPerMwH: '18.00',
  utilisationGbpPerMwh: '320.00',
}

/** A unit to offer, with its mean power in the tender's windows on past days, W. */
export interface Candidate {
  fuId: string
  meanW: number
  maxTurnDownW: number
  /** The most that it can be made to draw, W; absent where it cannot be made to draw more than it would. */
  mostW?: number
}

/** The offers into a tender; an empty list with a reason is a refusal to bid. */
export function offersFor(
  tender: Pick<Tender, 'direction' | 'ceilingAvailabilityGbpPerMwH' | 'ceilingUtilisationGbpPerMwh'>,
  candidates: readonly Candidate[],
  policy: BiddingPolicy,
): { offers: Offer[]; reason: string | null } {
  const { availabilityGbpPerMwH, utilisationGbpPerMwh, shareOfMean, roundToW, leastW } = policy
  const { direction } = tender
  if (direction === 'turn-up' && candidates.every(({ mostW }) => mostW === undefined))
    return { offers: [], reason: 'our units cannot turn up' }
  const tooCheap =
    Number(tender.ceilingAvailabilityGbpPerMwH) < Number(availabilityGbpPerMwH) ||
    Number(tender.ceilingUtilisationGbpPerMwh) < Number(utilisationGbpPerMwh)
  if (tooCheap) return { offers: [], reason: 'the ceiling prices are below our costs' }
  const offers = candidates.flatMap(({ fuId, meanW, maxTurnDownW, mostW = meanW }) => {
    // Down it goes from what it draws, up to what it can be made to draw.
    const roomW = direction === 'turn-up' ? Math.max(0, mostW - meanW) : meanW
    const most = direction === 'turn-up' ? mostW : maxTurnDownW
    const turnDownW = Math.floor(Math.min(roomW * shareOfMean, most) / roundToW) * roundToW
    return turnDownW < leastW ? [] : [{ fuId, direction, turnDownW, availabilityGbpPerMwH, utilisationGbpPerMwh }]
  })
  return {
    offers,
    reason:
      offers.length === 0 ? `none of our units in this zone has anything to ${direction.replace('-', ' ')}` : null,
  }
}
