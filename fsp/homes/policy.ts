import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import type { Direction, Product } from '../../schemas/vocabulary/units.ts'
import type { Offering, PricePolicy } from '../offers/index.ts'

/** The share of what heat pumps draw that homes can do without for two hours: some are not running, and some people override. */
export const assumedShare = 0.6

/** How the homes bid: for a night and a day a heat pump is easier to put off than a van, so they are cheaper than depots. */
const policy: PricePolicy = {
  offerQuantile: 0.2,
  leastW: 1_000,
  roundToW: 500,
  handlingGbpPerMwh: 10,
  standbyGbpPerMwH: 8,
  shortGbpPerMwh: 0,
  marginShare: 0.1,
}

/** Local times between which people least want their homes to go cold. */
const peak = { from: '16:00', to: '21:00' } as const

/** What it costs people to heat at another time, £/MWh: more when they are in, and more within the day than a day ahead. */
export function laterGbpPerMwh(product: Product, time: string, way: Direction = 'turn-down'): number {
  // Water that is heated early need not be heated in the evening.
  if (way === 'turn-up') return 30
  const isPeak = peak.from <= time && time < peak.to
  if (product === 'C') return isPeak ? 240 : 200
  return isPeak ? 190 : 140
}

/** What the estates offer: each for the product and direction of its own. */
export function estateOffering(estates: readonly EstateSeed[]): Offering {
  const seedOf = new Map(estates.map((seed) => [seed.siteId, seed]))
  return {
    policy,

    isOffered(siteId, tender) {
      const { product, direction = 'turn-down' } = seedOf.get(siteId) ?? {}
      return product === tender.product && direction === tender.direction
    },

    mostW(siteId) {
      const seed = seedOf.get(siteId)
      return seed?.direction === 'turn-up' ? seed.homes * seed.heatPumpW : null
    },

    async laterGbpPerMwh(siteId) {
      const product = seedOf.get(siteId)?.product ?? 'B'
      // The dearest of the windows: all of them have to be paid for by one price.
      return ({ windows, direction }) =>
        windows.reduce((most, { from }) => Math.max(most, laterGbpPerMwh(product, from, direction)), 0)
    },

    // Nobody else buys from the estates, and they have no tariff by time.
    claims: async () => () => [],
  }
}
