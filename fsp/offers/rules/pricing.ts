import { shortShareOf } from '../../forecasts/index.ts'

/** What an FSP adds to what charging later costs it; its own figures, and how careful it is. */
export interface PricePolicy {
  /** The share of comparable quarter-hours in which less than what is offered may be there: the quantile that is offered. */
  offerQuantile: number
  /** Less is not worth offering, W; offers are in whole steps. */
  leastW: number
  roundToW: number
  /** Running the service, for each MWh that is used and each MW that stands ready for an hour. */
  handlingGbpPerMwh: number
  standbyGbpPerMwH: number
  /** What energy costs that is missing when a vehicle leaves. */
  shortGbpPerMwh: number
  /** What is earned on top, as a share of the costs. */
  marginShare: number
}

/** The price of an offer with what it is made of; a person can add it up. */
export interface PricedOffer {
  turnDownW: number
  utilisationGbpPerMwh: string
  availabilityGbpPerMwH: string
  working: PriceWorking
}

export interface PriceWorking {
  /** What can be promised at the stated quantile before others hold part of it and reliability takes part of it, W. */
  promisedW: number
  offerQuantile: number
  /** Comparable quarter-hours behind it. */
  samples: number
  /** What other services hold in the same quarter-hours, W. */
  heldW: number
  /** What the unit delivered of what it was instructed; 1 before anything was settled. */
  reliability: number
  laterGbpPerMwh: number
  handlingGbpPerMwh: number
  /** The share of the offer that is expected to be missing. */
  shortShare: number
  standbyGbpPerMwH: number
  marginShare: number
}

/** What an offer is priced from. */
export interface OfferBasis {
  /** What could have been put off in comparable quarter-hours, W, ascending. */
  samplesW: readonly number[]
  promisedW: number
  heldW: number
  reliability: number
  /** What is contracted or rated at most, W. */
  mostW: number
  laterGbpPerMwh: number
}

const priceText = (gbp: number) => (Math.ceil(gbp * 100 - 1e-9) / 100).toFixed(2)

/** What a unit can offer, W: what can be promised, less what others hold, times what it has shown to deliver, in whole steps. */
export function offeredW({ promisedW, heldW, reliability, mostW }: OfferBasis, policy: PricePolicy): number {
  const free = Math.max(0, promisedW - heldW) * reliability
  const whole = Math.floor(Math.min(free, mostW) / policy.roundToW + 1e-9) * policy.roundToW
  return whole < policy.leastW ? 0 : whole
}

/**
 * Prices an offer (K2): costs of each MWh that is used are charging later and running the service, borne by the part that is delivered,
 * since what is missing is not paid; each MW that stands ready costs the standby. `null` where there is nothing to offer.
 */
export function priceOffer(basis: OfferBasis, policy: PricePolicy): PricedOffer | null {
  const turnDownW = offeredW(basis, policy)
  if (turnDownW === 0) return null
  const { handlingGbpPerMwh, standbyGbpPerMwH, marginShare, offerQuantile } = policy
  const { laterGbpPerMwh, promisedW, heldW, reliability, samplesW } = basis
  const freeW = samplesW.map((watt) => Math.max(0, watt - heldW) * reliability)
  const shortShare = Math.min(0.9, shortShareOf(freeW, turnDownW))
  const perDelivered = (1 + marginShare) / (1 - shortShare)
  return {
    turnDownW,
    utilisationGbpPerMwh: priceText((laterGbpPerMwh + handlingGbpPerMwh) * perDelivered),
    availabilityGbpPerMwH: priceText(standbyGbpPerMwH * perDelivered),
    working: {
      promisedW: Math.round(promisedW),
      offerQuantile,
      samples: samplesW.length,
      heldW,
      reliability,
      laterGbpPerMwh,
      handlingGbpPerMwh,
      shortShare,
      standbyGbpPerMwH,
      marginShare,
    },
  }
}

/** What a MWh costs at a time at which nothing is offered: nothing may be missing of nothing. */
export function restingPrice(laterGbpPerMwh: number, { handlingGbpPerMwh, marginShare }: PricePolicy): string {
  return priceText((laterGbpPerMwh + handlingGbpPerMwh) * (1 + marginShare))
}
