import type { Instant } from '@js-joda/core'
import type { DepotMonitor } from '../../schemas/fsp/depot-api.ts'
import { DepotAccess, type FirstAccess } from '../access/index.ts'
import { AlarmSettings, DepotAlarms, Watch } from '../alarms/index.ts'
import {
  Admissions,
  Boots,
  Brands,
  Credentials,
  dialectsOf,
  Faults,
  Ingestion,
  loadStatuses,
  type MessageListeners,
  SecurityEvents,
  Setpoints,
  socketW,
  Transactions,
  Units,
  Upkeep,
  VehicleStatements,
} from '../chargepoints/index.ts'
import { CommissioningRuns } from '../commissioning/index.ts'
import { DepotModes, Emergencies, InjectedFaults, SiteLoads } from '../depots/index.ts'
import { depotTariffs, Earnings } from '../earnings/index.ts'
import { FeederLoads } from '../feeders/index.ts'
import { Feeds, siteLoadTaker, telematicsTaker, tripsTaker, weatherTaker } from '../feeds/index.ts'
import {
  AgreedProfiles,
  Baselines,
  DeliveryReports,
  DnoApi,
  FlexUnits,
  Instructions,
  Limits,
  Registrar,
  ServiceWatch,
  type Site,
} from '../flexibility/index.ts'
import { depotSource, Forecasts } from '../forecasts/index.ts'
import { ProcessHealth } from '../health/index.ts'
import { averagesOf, Recorder } from '../history/index.ts'
import { LiveReadings, Metering } from '../metering/index.ts'
import { SiteMonitors } from '../monitors/index.ts'
import { Choices, depotOffering, Reliabilities, Schedules, unitDays } from '../offers/index.ts'
import { Controller, EnergyPlans, EnergySolver, expectedEvents, Plans } from '../optimiser/index.ts'
import { Arrivals, mountingsOf, Newcomers, Unknowns, Warnings } from '../registers/index.ts'
import {
  ForeignLimits,
  Gateways,
  gatewayDoor,
  gatewayMessages,
  type RouteCosts,
  RouteFigures,
} from '../routes/index.ts'
import { VehicleReadings } from '../vehicles/index.ts'
import type { FspContext } from './context.ts'

/** Who we are. */
export const depotCompany = {
  companyName: 'Reference Flexibility Ltd',
  contactName: 'Duty engineer',
  contactEmail: 'flexibility@example.com',
}

/** Days that a building's mean load by time of day is taken from. */
const historyDays = 28

export type FspParts = Awaited<ReturnType<typeof composeFsp>>

/**
 * Creates the parts of the FSP; each resumes where it stopped.
 * @param first what access begins with, AuthorizationKeys of charge points that have none yet, and whether strangers are let in.
 */
export async function composeFsp(
  context: FspContext,
  first: FirstAccess & {
    firstKeys?: (identity: string) => string
    acceptUnknown?: boolean
    messageCostsGbp?: Partial<RouteCosts>
    firstMonitors?: ReadonlyMap<string, DepotMonitor>
    feedFolder?: string
  },
) {
  const { registers } = context
  const [units, boots, unknowns, warnings] = [
    new Units(),
    new Boots(context),
    new Unknowns(context),
    new Warnings(context),
  ]
  const arrivals = new Arrivals({ registers, unknowns, warnings, log: context.log })
  const gateways = new Gateways(context, units)
  const credentials = new Credentials(context, units, () => gateways.entries.map(({ gatewayId }) => gatewayId))
  const securityEvents = new SecurityEvents(context)
  const access = new DepotAccess(context, ({ username, address }) =>
    securityEvents.add({ source: 'depot-api', identity: null, address, event: 'FailedLogIn', detail: username }),
  )
  const newcomers = new Newcomers({ registers, unknowns, log: context.log }, first.acceptUnknown ?? false)
  const admissions = new Admissions(context, units, { credentials, events: securityEvents, newcomers })
  const modes = new DepotModes(context)
  const emergencies = new Emergencies(context, { units, modes })
  const routeFigures = new RouteFigures(context, first.messageCostsGbp)
  const foreignLimits = new ForeignLimits(context, units)
  const setpoints = new Setpoints(context, {
    standingA: (depotId) => emergencies.standingLimitA(depotId),
    async onSent(sent) {
      if (sent.socket) controller.watch.sent(sent.unit.depotId, sent.sentAt)
      await routeFigures.sent(sent)
    },
  })
  const faults = new Faults(context)
  const brands = new Brands(context)
  const upkeep = new Upkeep(context, (identity) => registers.now().chargePoints.get(identity)?.firmware ?? null)
  const transactions = new Transactions(context, units)
  const siteMonitors = new SiteMonitors(context)
  const siteLoads = new SiteLoads(context, {
    evLoadAt: (depotId, atMs) => units.leastEvLoadW(depotId, atMs),
    onStored: (tx, depotId, readings) => siteMonitors.owe(tx, depotId, readings),
  })
  const health = new ProcessHealth(context)
  const ingestion = new Ingestion(context, units, health)
  const readings = new VehicleReadings(context)
  const feederLoads = new FeederLoads(context, { channelsOf: (depotId) => feeds.channelsOf(depotId) })
  const feeds: Feeds = new Feeds(context, {
    takers: {
      'site-load': siteLoadTaker({ feederLoads, siteLoads, onSiteLoad: (depotId) => controller.runSoon(depotId) }),
      telematics: telematicsTaker({
        registers,
        unknowns,
        readings,
        onReadings: (depotId) => controller.runSoon(depotId),
      }),
      trips: tripsTaker,
      weather: weatherTaker((feedId) => feeds.find(feedId).agreed.depotId),
    },
    health,
    onChange: () => watch.feedsChanged(),
    folder: first.feedFolder ?? null,
  })
  const metering = new Metering(context, units)
  const dno = new DnoApi(context)
  const flexUnits = new FlexUnits(context, dno)
  const sites = () => depotSites(context.depots, units)
  const registrar = new Registrar(context, dno, { company: depotCompany, sites }, flexUnits)
  const baselines = new Baselines(dno, metering)
  const instructions = new Instructions(context, flexUnits, baselines, (depotId) => controller.runSoon(depotId))
  const liveReadings = new LiveReadings(context, dno, {
    fuIds: () => flexUnits.fuIds(),
    runs: (depotId, at) => instructions.runs(depotId, at),
    powerW: (depotId, at) => units.meteredW(depotId, at.toEpochMilli()),
  })
  const serviceWatch = new ServiceWatch(context, flexUnits, (depotId) => units.equipment(depotId))
  const deliveryReports = new DeliveryReports(context, {
    dno,
    instructions,
    flexUnits,
    baselines,
    source: {
      powerW: (depotId, at) => units.meteredW(depotId, at.toEpochMilli()),
      equipment: (depotId) => units.equipment(depotId),
    },
  })
  const limits = new Limits(context, sites, (depotId) => controller.runSoon(depotId))
  const agreedProfiles = new AgreedProfiles(context, dno, sites, (depotId) => controller.runSoon(depotId))
  const injected = new InjectedFaults(context, modes)
  const limiting = {
    dnoLimit: (depotId: string, at: Instant, isSilent?: boolean) => limits.importLimit(depotId, at, isSilent),
    agreedProfile: (depotId: string) => agreedProfiles.of(depotId),
  }
  /** Brings the charge points up to the registers; one that is registered no longer ends with its charges. */
  const syncUnits = async () => {
    for (const unit of units.sync(mountingsOf(registers.now(), boots.firmware())).removed) {
      for (const connector of unit.connectors) await transactions.endSeen(connector, context.clock.now())
      await unit.link?.close({ force: true })
    }
  }
  const controller = new Controller(context, {
    units,
    setpoints,
    transactions,
    siteLoads,
    modes,
    health,
    flexibilityCap: (depotId, at) => instructions.capW(depotId, at),
    feederLoads: (depotId) => feederLoads.latestLoadByFeeder(depotId),
    readings,
    plannedA: (connector, at) => energyPlans.plannedA(connector, at),
    faults: (depotId) => injected.of(depotId),
    ...limiting,
  })
  const recorder = new Recorder(context, { controller, modes })
  const plans = new Plans(context, {
    ...limiting,
    energy: (depotId) => energyPlans.of(depotId),
    history: async (depotId, dayType, now) => {
      const means = await averagesOf(context.db, depotId, { now, days: historyDays, dayType })
      return new Map(means.map((each) => [each.time, each]))
    },
    expected: (depotId, from, to) => expectedEvents({ flexUnits, instructions, baselines }, depotId, from, to),
  })
  const source = depotSource(context, units)
  const forecasts = new Forecasts(context, source)
  const offering = depotOffering(context, plans)
  const reliabilities = new Reliabilities(dno)
  const dayOf = unitDays({ flexUnits, forecasts, reliabilities, offering })
  const schedules = new Schedules(context, { dno, flexUnits, dayOf })
  const choices = new Choices(context, { dno, flexUnits })
  const earnings = new Earnings(context, { dno, flexUnits, tariffSites: () => depotTariffs(context, source) })
  const energySolver = new EnergySolver()
  const energyPlans = new EnergyPlans(context, {
    solver: energySolver,
    ahead: (depot, at) => plans.ahead(depot, at),
    occupied: (depotId) => controller.lastDecided(depotId)?.occupied ?? [],
  })
  const alarmSettings = new AlarmSettings(context)
  const alarms = new DepotAlarms(context, alarmSettings)
  const watch = new Watch(context, {
    alarms,
    units,
    siteLoads,
    emergencies,
    feeds,
    readings,
    controller,
    health,
    foreignLimits: () => foreignLimits.holding(),
    ingestionFailures: () => ingestion.failures(),
  })
  const vehicles = new VehicleStatements(context)
  const messageParts = { units, brands, transactions, securityEvents, faults, boots, arrivals, upkeep, vehicles }
  const listeners: MessageListeners = {
    async onBoot(unit) {
      const result = await setpoints.introduce(unit)
      // The unit's next message waits for this: one that is silent is not asked more.
      if (result !== 'no-answer') await upkeep.checkMeterInterval(unit)
      controller.runSoon(unit.depotId)
    },
    onTransaction: (unit) => controller.runSoon(unit.depotId),
    onMeter: (socket, atMs, powerW) => routeFigures.metered(socket, atMs, powerW),
    onForeignLimit: ({ identity }, connector, isLimited) => foreignLimits.state(identity, connector, isLimited),
    onFirmware: () => void syncUnits(),
    onSocket: (unit, socket) => newcomers.grow(unit.identity, socket),
  }
  const dialects = dialectsOf(context, messageParts, listeners)
  const messages = gatewayMessages(context, gateways, messageParts, listeners, ingestion)
  const commissioning = new CommissioningRuns(context, {
    setpoints,
    upkeep,
    controller,
    isSwitchedOff: (depotId) => emergencies.isOpen(depotId),
  })
  const hasNewAccounts = await access.load(first)
  await boots.load()
  await syncUnits()
  registers.onChange(async () => {
    await syncUnits()
    await credentials.provide()
    for (const { depotId } of context.depots) controller.runSoon(depotId)
  })
  await credentials.load(first.firstKeys)
  await faults.load()
  await ingestion.load()
  await brands.load()
  await loadStatuses(context.db, units)
  await foreignLimits.load()
  await commissioning.load()
  await transactions.load()
  await vehicles.load(units.all)
  await siteMonitors.load(first.firstMonitors)
  await siteLoads.load()
  await alarmSettings.load()
  await feeds.load()
  await feederLoads.load()
  await modes.load()
  await emergencies.load()
  await injected.load()
  await readings.load()
  await metering.load()
  await flexUnits.load()
  await registrar.load()
  await instructions.load()
  await deliveryReports.load()
  await limits.load()
  await agreedProfiles.load()
  return {
    hasNewAccounts,
    access,
    boots,
    brands,
    unknowns,
    warnings,
    units,
    credentials,
    securityEvents,
    faults,
    upkeep,
    transactions,
    admissions,
    setpoints,
    siteLoads,
    siteMonitors,
    health,
    ingestion,
    alarms,
    watch,
    feeds,
    feederLoads,
    modes,
    emergencies,
    injected,
    readings,
    recorder,
    forecasts,
    offering,
    reliabilities,
    schedules,
    choices,
    earnings,
    plans,
    energyPlans,
    energySolver,
    metering,
    liveReadings,
    deliveryReports,
    serviceWatch,
    dno,
    flexUnits,
    registrar,
    baselines,
    instructions,
    limits,
    agreedProfiles,
    controller,
    vehicles,
    dialects,
    commissioning,
    gateways,
    gatewayDoor: gatewayDoor(context, { gateways, credentials, messages }),
    routeFigures,
    foreignLimits,
  }
}

/** Our depots as sites of the market: all charge points of a depot are one DER. */
function depotSites(depots: FspContext['depots'], units: Units): Site[] {
  return depots.flatMap(({ depotId, name, connectionId, mpan, customer }) => {
    const ratedW = units.connectorsOf(depotId).reduce((sum, { unit }) => sum + socketW(unit.model), 0)
    // The DNO knows a site by its connection, and takes no unit without load.
    if (connectionId === null || mpan === null || ratedW === 0) return []
    const der = { name: `${name} charge points`, kind: 'ev-charging' as const }
    return [{ depotId, connectionId, mpan, customer, unitName: `${name} depot`, der, ratedW }]
  })
}
