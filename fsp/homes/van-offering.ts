import type { Instant } from '@js-joda/core'
import type { FspContext } from '../app/context.ts'
import { socketW, type Units } from '../chargepoints/index.ts'
import type { FlexUnits } from '../flexibility/index.ts'
import type { Offering, Reliabilities } from '../offers/index.ts'
import { bidsAhead, type Responses, sessionsOf } from '../vans/index.ts'
import type { VanParts } from './vans.ts'

/**
 * What the units of homes offer: each for the product of its register, down only, at the least of its prices for which enough drivers let
 * their vans wait (report 2.4.1: bids from the envelope of the unit).
 */
export function vanOffering(context: FspContext, vans: () => VanParts): Omit<Offering, 'policy'> {
  const unitOf = (siteId: string) => context.registers.now().homeUnits.get(siteId)
  return {
    isOffered: (siteId, { product, direction }) => direction === 'turn-down' && unitOf(siteId)?.product === product,
    mostW: () => null,
    async laterGbpPerMwh(siteId, now) {
      const bids = await bidsAhead({ ...vans(), context }, siteId, now)
      return (asked) => bids.priceOf(asked)
    },
    claims: async () => () => [],
  }
}

/** The offering of a company with estates and units of homes: each site by its own kind, at one policy. */
export function homesOffering(
  estates: Offering,
  vans: Omit<Offering, 'policy'>,
  isVans: (siteId: string) => boolean,
): Offering {
  const of = (siteId: string) => (isVans(siteId) ? vans : estates)
  return {
    policy: estates.policy,
    isOffered: (siteId, tender) => of(siteId).isOffered(siteId, tender),
    mostW: (siteId) => of(siteId).mostW(siteId),
    laterGbpPerMwh: (siteId, now) => of(siteId).laterGbpPerMwh(siteId, now),
    claims: (siteId, now) => of(siteId).claims(siteId, now),
  }
}

/** The charges of a unit's vans that are over, as forecasts ask for them. */
export async function pastCharges(context: FspContext, units: Units, siteId: string, since: Instant) {
  const sessions = await sessionsOf(context, units, siteId, since, context.clock.now())
  const mostW = units.connectorsOf(siteId).reduce((most, { unit }) => Math.max(most, socketW(unit.model)), 0)
  return sessions.flatMap(({ startMs, endMs, energyWh }) =>
    endMs === null ? [] : [{ fromMs: startMs, toMs: endMs, energyWh, mostW }],
  )
}

/** How far units are relied on: by what the DNO has settled, and those of homes by what their charge points were seen to do as well. */
export function vanReliabilities(
  settled: Pick<Reliabilities, 'of'>,
  flexUnits: FlexUnits,
  isVans: (siteId: string) => boolean,
  responses: () => Responses,
): Pick<Reliabilities, 'of'> {
  return {
    async of(fuId, now) {
      const share = await settled.of(fuId, now)
      const siteId = flexUnits.depotOf(fuId)
      if (siteId === null || !isVans(siteId)) return share
      return Math.min(share, (await responses().reliability(siteId)).share)
    },
  }
}
