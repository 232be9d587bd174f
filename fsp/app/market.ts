import { Earnings } from '../earnings/index.ts'
import {
  Baselines,
  DeliveryReports,
  DnoApi,
  FlexUnits,
  Instructions,
  LicenceAreas,
  Limits,
  Registrar,
  ServiceWatch,
} from '../flexibility/index.ts'
import { Forecasts } from '../forecasts/index.ts'
import { LiveReadings } from '../metering/index.ts'
import { Choices, type Offering, Reliabilities, Schedules, unitDays } from '../offers/index.ts'
import type { MarketContext } from './context.ts'

/** What a company brings to the market: who it is, what it flexes, what its meters say, and what it does when it is asked. */
export interface MarketDuties {
  business: ConstructorParameters<typeof Registrar>[2]
  meters: ConstructorParameters<typeof Baselines>[1]
  /** What a unit's meters say now, and how its equipment is. */
  source: ConstructorParameters<typeof DeliveryReports>[1]['source']
  onInstruction(depotId: string): void
  onLimit(depotId: string): void
  canTurnUp?(depotId: string): boolean
}

export type MarketParts = ReturnType<typeof composeMarket>

/** The market's side of every company: registration, instructions, limits, and how deliveries are watched and reported. */
export function composeMarket(context: MarketContext, duties: MarketDuties) {
  const { business, source, onInstruction, onLimit } = duties
  const dno = new DnoApi(context)
  const flexUnits = new FlexUnits(context, dno)
  const registrar = new Registrar(context, dno, business, flexUnits)
  const areas = new LicenceAreas(context, dno)
  const countryOf = (depotId: string) =>
    areas.countryIn(business.sites().find((site) => site.depotId === depotId)?.licenceArea ?? null)
  const baselines = new Baselines(dno, duties.meters, countryOf)
  const instructions = new Instructions(context, flexUnits, baselines, onInstruction, duties.canTurnUp)
  const liveReadings = new LiveReadings(context, dno, {
    fuIds: () => flexUnits.fuIds(),
    runs: (depotId, at) => instructions.runs(depotId, at),
    powerW: (depotId, at) => source.powerW(depotId, at),
  })
  const deliveryReports = new DeliveryReports(context, { dno, instructions, flexUnits, baselines, source })
  const limits = new Limits(context, business.sites, onLimit)
  return {
    dno,
    areas,
    countryOf,
    flexUnits,
    registrar,
    baselines,
    instructions,
    liveReadings,
    deliveryReports,
    serviceWatch: new ServiceWatch(context, flexUnits, (depotId) => source.equipment(depotId)),
    limits,
    async load(): Promise<void> {
      await flexUnits.load()
      await registrar.load()
      await instructions.load()
      await deliveryReports.load()
      await limits.load()
    },
  }
}

interface OfferDuties {
  forecast: ConstructorParameters<typeof Forecasts>[1]
  offering: Offering
  tariffSites: ConstructorParameters<typeof Earnings>[1]['tariffSites']
  /** How reliable a unit is, where its settlements are not all that is known of it. */
  reliabilities?(settled: Reliabilities): Pick<Reliabilities, 'of'>
}

/** What every company offers, and what it earns. */
export function composeOffers(context: MarketContext, { dno, flexUnits, countryOf }: MarketParts, duties: OfferDuties) {
  const { forecast, offering, tariffSites } = duties
  const forecasts = new Forecasts(context, forecast, countryOf)
  const settled = new Reliabilities(dno)
  const reliabilities = duties.reliabilities?.(settled) ?? settled
  const dayOf = unitDays({ flexUnits, forecasts, reliabilities, offering })
  return {
    forecasts,
    offering,
    reliabilities,
    schedules: new Schedules(context, { dno, flexUnits, dayOf }),
    choices: new Choices(context, { dno, flexUnits }),
    earnings: new Earnings(context, { dno, flexUnits, tariffSites }),
  }
}
