import type { Instant } from '@js-joda/core'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import type { FspContext } from '../app/context.ts'
import { composeMarket, composeOffers } from '../app/market.ts'
import { socketW } from '../chargepoints/index.ts'
import type { Site } from '../flexibility/index.ts'
import { Estates } from './meters.ts'
import type { HomesFspOptions } from './options.ts'
import { assumedShare, estateOffering } from './policy.ts'
import { homesOffering, pastCharges, vanOffering, vanReliabilities } from './van-offering.ts'
import { vanSites } from './van-sites.ts'
import { composeVans, type VanParts, windowIn } from './vans.ts'

/** Who we are. */
export const homesCompany = {
  companyName: 'Hearth Flexibility Ltd',
  contactName: 'Control desk',
  contactEmail: 'desk@hearth.example',
}

export type HomesParts = Awaited<ReturnType<typeof composeHomes>>

/** Creates the parts of the FSP of homes; each resumes where it stopped. */
export async function composeHomes(
  context: FspContext,
  { estates: seeds, seed, vans: first, environment }: HomesFspOptions,
) {
  const ratedOf = (identity: string) => {
    const unit = vans.units.find(identity)
    return unit ? socketW(unit.model) : 0
  }
  const ownSites = seeds.map(siteFrom)
  const sites = () => [...ownSites, ...vanSites(context.registers.now(), ratedOf)]
  const isVans = (siteId: string) => context.registers.now().homeUnits.has(siteId)
  const estates = new Estates(context, seeds, seed)
  const market = composeMarket(context, {
    business: { company: homesCompany, sites },
    meters: estates,
    source: {
      powerW: (siteId: string, at: Instant) => estates.powerW(siteId) ?? vans.units.meteredW(siteId, at.toEpochMilli()),
      equipment: (siteId) => (isVans(siteId) ? vans.units.equipment(siteId) : noSockets),
    },
    // Heat pumps are steered once a minute, so that what changes in between has its effect then.
    onInstruction: (depotId) => {
      if (isVans(depotId)) vans.controller.runSoon(depotId)
    },
    onLimit: () => undefined,
    canTurnUp: turnsUp(seeds),
  })
  const { instructions, flexUnits } = market
  const offers = composeOffers(context, market, {
    forecast: {
      assumedShare,
      charges: async (siteId, since) => (isVans(siteId) ? pastCharges(context, vans.units, siteId, since) : []),
    },
    offering: homesOffering(
      estateOffering(seeds),
      vanOffering(context, () => vans),
      isVans,
    ),
    reliabilities: (settled) => vanReliabilities(settled, flexUnits, isVans, () => vans.responses),
    tariffSites: () => [],
  })
  await estates.load()
  await market.load()
  const vans: VanParts = await composeVans(
    context,
    { ...first, environment },
    {
      countryOf: market.countryOf,
      capW: (depotId, at) => instructions.capW(depotId, at),
      windowAt: (depotId, at) => windowIn(instructions.pending(), depotId, at),
    },
  )
  const isKnown = (siteId: string) => sites().some(({ depotId }) => depotId === siteId)
  return { ...market, ...offers, vans, estates, isKnown }
}

/** Heat pumps are steered together, and answer by their meter alone. */
const noSockets = { sockets: 0, withoutLink: 0, faulted: 0, pluggedIn: 0 }

/** An estate as a site of the market: all its heat pumps are one DER. */
function siteFrom(estate: EstateSeed): Site {
  const { siteId, name, connectionId, mpan, licenceArea, customer, homes, heatPumpW } = estate
  return {
    depotId: siteId,
    connectionId,
    mpan,
    licenceArea,
    customer,
    unitName: `${name} homes`,
    der: { name: `${name}: heat pumps of ${homes} homes`, kind: 'load' },
    ratedW: homes * heatPumpW,
    ...(turnsUp([estate])(siteId) ? { maxTurnUpW: homes * heatPumpW } : {}),
  }
}

/** Estates whose heat pumps can heat water early: those that are offered for turn-up. */
function turnsUp(estates: readonly EstateSeed[]): (siteId: string) => boolean {
  const able = new Set(estates.filter(({ direction }) => direction === 'turn-up').map(({ siteId }) => siteId))
  return (siteId) => able.has(siteId)
}
