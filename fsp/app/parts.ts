import type { Instant } from '@js-joda/core'
import type { DepotMonitor } from '../../schemas/fsp/depot-api.ts'
import { AlarmSettings, DepotAlarms, Watch } from '../alarms/index.ts'
import { socketW, type Units } from '../chargepoints/index.ts'
import { CommissioningRuns } from '../commissioning/index.ts'
import { DepotModes, Emergencies, InjectedFaults } from '../depots/index.ts'
import { depotTariffs } from '../earnings/index.ts'
import { AgreedProfiles, type Site } from '../flexibility/index.ts'
import { depotSource } from '../forecasts/index.ts'
import { averagesOf, Recorder } from '../history/index.ts'
import { Metering } from '../metering/index.ts'
import { SiteMonitors } from '../monitors/index.ts'
import { depotOffering } from '../offers/index.ts'
import { Controller, EnergyPlans, EnergySolver, expectedEvents, Plans } from '../optimiser/index.ts'
import {
  ForeignLimits,
  Gateways,
  gatewayDoor,
  gatewayMessages,
  type RouteCosts,
  RouteFigures,
} from '../routes/index.ts'
import { type ChargePointParts, composeChargePoints, type FirstChargePoints } from './charge-points.ts'
import type { FspContext } from './context.ts'
import { composeDataIn, type DataParts } from './data-in.ts'
import { composeMarket, composeOffers, type MarketParts } from './market.ts'

/** Who we are. */
export const depotCompany = {
  companyName: 'Reference Flexibility Ltd',
  contactName: 'Duty engineer',
  contactEmail: 'flexibility@example.com',
}

/** Days that a building's mean load by time of day is taken from. */
const historyDays = 28

export type FspParts = Awaited<ReturnType<typeof composeFsp>>

/** What the FSP of depots begins with, and whether strangers are let in. */
export interface FirstFsp extends FirstChargePoints {
  acceptUnknown?: boolean
  messageCostsGbp?: Partial<RouteCosts>
  firstMonitors?: ReadonlyMap<string, DepotMonitor>
  feedFolder?: string
}

/** Creates the parts of the FSP of depots; each resumes where it stopped. */
export async function composeFsp(context: FspContext, first: FirstFsp) {
  const runSoon = (depotId: string) => control.controller.runSoon(depotId)
  const reach = composeReach(context, first, {
    runSoon,
    onSetPoint: (depotId, at) => control.controller.watch.sent(depotId, at),
  })
  const { chargePoints, routes, modes, emergencies } = reach
  const siteMonitors = new SiteMonitors(context)
  const data = composeDataIn(context, chargePoints, {
    runSoon,
    onStored: (tx, depotId, readings) => siteMonitors.owe(tx, depotId, readings),
    onFeedChange: () => watch.feedsChanged(),
    folder: first.feedFolder,
  })
  const metering = new Metering(context, chargePoints.units)
  const sites = () => depotSites(context, chargePoints.units)
  const market = composeMarket(context, {
    business: { company: depotCompany, sites },
    meters: metering,
    source: {
      powerW: (depotId, at) => chargePoints.units.meteredW(depotId, at.toEpochMilli()),
      equipment: (depotId) => chargePoints.units.equipment(depotId),
    },
    onInstruction: runSoon,
    onLimit: runSoon,
  })
  const agreedProfiles = new AgreedProfiles(context, market.dno, sites, runSoon)
  const control = composeControl(context, { chargePoints, data, market, agreedProfiles, modes })
  const source = depotSource(context, chargePoints.units)
  const offers = composeOffers(context, market, {
    forecast: source,
    offering: depotOffering(context, control.plans),
    tariffSites: () => depotTariffs(context, source),
  })
  const { alarmSettings, alarms, watch } = composeWatch(context, reach, data, control.controller)
  const commissioning = new CommissioningRuns(context, {
    ...chargePoints,
    controller: control.controller,
    isSwitchedOff: (depotId) => emergencies.isOpen(depotId),
  })
  const hasNewAccounts = await chargePoints.load(first)
  await siteMonitors.load(first.firstMonitors)
  const { foreignLimits } = routes
  const { injected } = control
  const resumed = [foreignLimits, commissioning, alarmSettings, data, reach, injected, metering, market, agreedProfiles]
  for (const each of resumed) await each.load()
  return {
    ...chargePoints,
    ...routes,
    ...data,
    ...market,
    ...offers,
    ...control,
    hasNewAccounts,
    modes,
    emergencies,
    siteMonitors,
    agreedProfiles,
    metering,
    alarms,
    watch,
    commissioning,
  }
}

/** The charge points of depots by whichever route, and the switches that say whether anything may be sent to them. */
function composeReach(
  context: FspContext,
  first: FirstFsp,
  { runSoon, onSetPoint }: { runSoon(depotId: string): void; onSetPoint(depotId: string, at: Instant): void },
) {
  const routeFigures = new RouteFigures(context, first.messageCostsGbp)
  const chargePoints = composeChargePoints(context, {
    runSoon,
    depotIds: () => context.depots.map(({ depotId }) => depotId),
    gatewayIds: () => gateways.entries.map(({ gatewayId }) => gatewayId),
    acceptUnknown: first.acceptUnknown ?? false,
    setpoints: {
      standingA: (depotId) => emergencies.standingLimitA(depotId),
      async onSent(sent) {
        if (sent.socket) onSetPoint(sent.unit.depotId, sent.sentAt)
        await routeFigures.sent(sent)
      },
    },
    onMeter: (socket, atMs, powerW) => routeFigures.metered(socket, atMs, powerW),
    onForeignLimit: ({ identity }, connector, isLimited) => foreignLimits.state(identity, connector, isLimited),
  })
  const { units, credentials, messageParts, listeners, ingestion } = chargePoints
  const modes = new DepotModes(context)
  const emergencies = new Emergencies(context, { units, modes })
  const foreignLimits = new ForeignLimits(context, units)
  const gateways: Gateways = new Gateways(context, units)
  const messages = gatewayMessages(context, gateways, messageParts, listeners, ingestion)
  return {
    chargePoints,
    modes,
    emergencies,
    routes: {
      gateways,
      gatewayDoor: gatewayDoor(context, { gateways, credentials, messages }),
      routeFigures,
      foreignLimits,
    },
    async load(): Promise<void> {
      await modes.load()
      await emergencies.load()
    },
  }
}

/** What looks out for things that go wrong, and tells of them. */
function composeWatch(
  context: FspContext,
  { chargePoints, emergencies, routes }: ReturnType<typeof composeReach>,
  data: DataParts,
  controller: Controller,
) {
  const alarmSettings = new AlarmSettings(context)
  const alarms = new DepotAlarms(context, alarmSettings)
  const watch: Watch = new Watch(context, {
    ...chargePoints,
    ...data,
    alarms,
    emergencies,
    controller,
    foreignLimits: () => routes.foreignLimits.holding(),
    ingestionFailures: () => chargePoints.ingestion.failures(),
  })
  return { alarmSettings, alarms, watch }
}

interface Controlled {
  chargePoints: ChargePointParts
  data: DataParts
  market: MarketParts
  agreedProfiles: AgreedProfiles
  modes: DepotModes
}

/** What decides how much each socket may draw now, and plans how much later. */
function composeControl(context: FspContext, { chargePoints, data, market, agreedProfiles, modes }: Controlled) {
  const { units, setpoints, transactions, health, readings } = chargePoints
  const { flexUnits, instructions, baselines, limits } = market
  const injected = new InjectedFaults(context, modes)
  const limiting = {
    dnoLimit: (depotId: string, at: Instant, isSilent?: boolean) => limits.importLimit(depotId, at, isSilent),
    agreedProfile: (depotId: string) => agreedProfiles.of(depotId),
  }
  const countryOf = (depotId: string) => market.areas.countryIn(areaOf(context, depotId))
  const controller: Controller = new Controller(context, {
    units,
    setpoints,
    transactions,
    siteLoads: data.siteLoads,
    modes,
    health,
    flexibilityCap: (depotId, at) => instructions.capW(depotId, at),
    feederLoads: (depotId) => data.feederLoads.latestLoadByFeeder(depotId),
    readings,
    plannedA: (connector, at) => energyPlans.plannedA(connector, at),
    countryOf,
    faults: (depotId) => injected.of(depotId),
    ...limiting,
  })
  const plans: Plans = new Plans(context, {
    ...limiting,
    energy: (depotId) => energyPlans.of(depotId),
    countryOf,
    history: async (depotId, dayType, now) => {
      const country = countryOf(depotId)
      const means = await averagesOf(context.db, depotId, { now, days: historyDays, dayType, country })
      return new Map(means.map((each) => [each.time, each]))
    },
    expected: (depotId, from, to) => expectedEvents({ flexUnits, instructions, baselines }, depotId, from, to),
  })
  const energySolver = new EnergySolver()
  const energyPlans: EnergyPlans = new EnergyPlans(context, {
    solver: energySolver,
    ahead: (depot, at) => plans.ahead(depot, at),
    occupied: (depotId) => controller.lastDecided(depotId)?.occupied ?? [],
  })
  const recorder = new Recorder(context, { controller, modes })
  return { injected, controller, recorder, plans, energySolver, energyPlans }
}

/** The licence area of a depot; `null` if unknown. */
function areaOf({ registers }: FspContext, depotId: string): string | null {
  return registers.now().depots.get(depotId)?.licenceArea ?? null
}

/** Our depots as sites of the market: all charge points of a depot are one DER. */
function depotSites(context: FspContext, units: Units): Site[] {
  return context.depots.flatMap(({ depotId, name, connectionId, mpan, customer }) => {
    const ratedW = units.connectorsOf(depotId).reduce((sum, { unit }) => sum + socketW(unit.model), 0)
    // The DNO knows a site by its connection, and takes no unit without load.
    if (connectionId === null || mpan === null || ratedW === 0) return []
    const der = { name: `${name} charge points`, kind: 'ev-charging' as const }
    const licenceArea = areaOf(context, depotId)
    return [{ depotId, connectionId, mpan, licenceArea, customer, unitName: `${name} depot`, der, ratedW }]
  })
}
