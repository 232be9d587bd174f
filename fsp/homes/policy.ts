import type { Direction, Product } from '../../schemas/vocabulary/units.ts'
import type { BiddingPolicy } from '../flexibility/index.ts'

/** How the homes bid: for a night and a day a heat pump is easier to put off than a van, so they are cheaper than depots. */
export const biddingPolicy: BiddingPolicy = {
  shareOfMean: 0.6,
  leastW: 1_000,
  roundToW: 500,
  availabilityGbpPerMwH: '12.00',
  utilisationGbpPerMwh: '280.00',
}

/** Local times between which people least want their homes to go cold. */
const peak = { from: '16:00', to: '21:00' } as const

/** What a turn-down costs at a local time, £/MWh: more when people are in, and more within the day than a day ahead. */
export function costGbpPerMwh(product: Product, time: string, way: Direction = 'turn-down'): string {
  // Water that is heated early need not be heated in the evening.
  if (way === 'turn-up') return '45.00'
  const isPeak = peak.from <= time && time < peak.to
  if (product === 'C') return isPeak ? '260.00' : '220.00'
  return isPeak ? '210.00' : '150.00'
}
