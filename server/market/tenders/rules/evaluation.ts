import type { OfferRejection } from '../../../../schemas/market/tenders.ts'
import type { TenderWindow } from '../../../../schemas/market/windows.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { cheapestCover } from './selection.ts'

/** An offer as the evaluation sees it. Prices are decimal strings in £/MW/h and £/MWh. */
export interface RankedOffer {
  offerId: string
  fspId: string
  fuName: string
  turnDownW: number
  availability: string
  utilisation: string
  insideZone: boolean
  /** Whether another contract of its FU covers part of the same time: one turn-down cannot be paid twice. */
  isContracted: boolean
  /** Whether its FU serves others in the windows, where that is refused. */
  servesOthers: boolean
  /** The share of its turn-down that counts towards a requirement, from 0 to 1. */
  reliability: number
}

export interface OfferOutcome {
  outcome: 'selected' | 'rejected'
  rejection: OfferRejection | null
  /** Indices of the tender's windows that it is selected for. */
  selectedWindows: number[]
}

export interface Evaluation {
  outcomes: Map<string, OfferOutcome>
  /** Unmet requirement in each window, W. */
  shortfallW: number[]
  isLeastCost: boolean
  /** Whether all eligible offers come from one FSP: a price without competition. */
  isSingleProvider: boolean
}

/**
 * £ per hour of an offer that is used for a share of the time: W ÷ 10⁶ × (availability + share × utilisation). Exact.
 * @param share from 0 to 1, with two decimals.
 */
export function costPerHour(
  offer: Pick<RankedOffer, 'turnDownW' | 'availability' | 'utilisation'>,
  share: number,
): Money {
  return priceOf(offer, share).times(offer.turnDownW).div(1_000_000)
}

/** £/MW/h of an offer that is used for a share of the time. */
function priceOf(offer: Pick<RankedOffer, 'availability' | 'utilisation'>, share: number): Money {
  return new Money(offer.utilisation).times(share).plus(offer.availability)
}

interface Ceilings {
  availability: string
  utilisation: string
}

/** Why an offer is not eligible; `null` if it is. */
function rejectionOf(offer: RankedOffer, ceilings: Ceilings): OfferRejection | null {
  if (!offer.insideZone) return 'outside-zone'
  if (offer.isContracted) return 'already-contracted'
  if (offer.servesOthers) return 'serves-others'
  if (offer.reliability <= 0) return 'not-reliable'
  const isTooDear =
    new Money(offer.availability).gt(ceilings.availability) || new Money(offer.utilisation).gt(ceilings.utilisation)
  return isTooDear ? 'price-not-attractive' : null
}

/**
 * Least-cost evaluation: for each window the cheapest set of whole offers, inside the zone and under the ceilings, that meets the
 * window's requirement, with availability paid in full and utilisation for the expected share of the time (domain section 12). An
 * offer meets it with the turn-down that may be relied on, and costs what all of it costs. Ties go to the larger offer, then by FU name,
 * so that the same offers always give the same result.
 */
export function evaluateOffers(
  offers: readonly RankedOffer[],
  windows: readonly Pick<TenderWindow, 'requiredW'>[],
  ceilings: Ceilings,
  expectedShare: number,
): Evaluation {
  const outcomes = new Map<string, OfferOutcome>()
  const eligible = offers.filter((offer) => {
    const rejection = rejectionOf(offer, ceilings)
    outcomes.set(offer.offerId, { outcome: 'rejected', rejection: rejection ?? 'not-needed', selectedWindows: [] })
    return rejection === null
  })
  const candidates = rank(eligible.map((offer) => derated(offer, expectedShare))).map((offer) => ({
    id: offer.offerId,
    power: milliwatts(offer.reliableW),
    // Prices have four decimals and the share two: exact, unless a reliability divides them.
    price: BigInt(offer.price.times(1_000_000).toFixed(0)),
  }))
  const selections = windows.map((window) => cheapestCover(candidates, milliwatts(window.requiredW)))
  for (const [index, { ids }] of selections.entries()) {
    for (const id of ids) {
      const before = outcomes.get(id)?.selectedWindows ?? []
      outcomes.set(id, { outcome: 'selected', rejection: null, selectedWindows: [...before, index] })
    }
  }
  return {
    outcomes,
    shortfallW: selections.map((s) => Number(s.shortfall) / 1_000),
    isLeastCost: selections.every((s) => s.isLeastCost),
    isSingleProvider: new Set(eligible.map((o) => o.fspId)).size === 1,
  }
}

function milliwatts(powerW: number): bigint {
  return BigInt(Math.round(powerW * 1_000))
}

/** The turn-down of an offer that may be relied on, W, and what each MW of it costs per hour of window, £. */
function derated(offer: RankedOffer, share: number) {
  const { reliability, turnDownW } = offer
  return { ...offer, reliableW: turnDownW * reliability, price: priceOf(offer, share).div(reliability) }
}

function rank(offers: readonly ReturnType<typeof derated>[]) {
  return [...offers].sort(
    (a, b) =>
      a.price.cmp(b.price) ||
      b.reliableW - a.reliableW ||
      (a.fuName < b.fuName ? -1 : a.fuName > b.fuName ? 1 : 0) ||
      (a.offerId < b.offerId ? -1 : 1),
  )
}
