import { DepotAccess, type FirstAccess } from '../access/index.ts'
import {
  Admissions,
  Credentials,
  Faults,
  messageHandlers,
  SecurityEvents,
  Setpoints,
  Transactions,
  Units,
  Upkeep,
  volts,
} from '../chargepoints/index.ts'
import { DepotModes, SiteLoads } from '../depots/index.ts'
import {
  AgreedProfiles,
  Baselines,
  DnoApi,
  FlexUnits,
  Instructions,
  Limits,
  Registrar,
  type Site,
} from '../flexibility/index.ts'
import { LiveReadings, Metering } from '../metering/index.ts'
import { Controller } from '../optimiser/index.ts'
import type { FspContext } from './context.ts'

/** Who we are. */
export const depotCompany = {
  companyName: 'Reference Flexibility Ltd',
  contactName: 'Duty engineer',
  contactEmail: 'flexibility@example.com',
}

export type FspParts = Awaited<ReturnType<typeof composeFsp>>

/**
 * Creates the parts of the FSP; each resumes where it stopped.
 * @param first what access begins with, and AuthorizationKeys of charge points that have none yet.
 */
export async function composeFsp(
  context: FspContext,
  first: FirstAccess & { firstKeys?: (identity: string) => string },
) {
  const units = new Units(context.depots, context.models)
  const credentials = new Credentials(context, units)
  const securityEvents = new SecurityEvents(context)
  const access = new DepotAccess(context, ({ username, address }) =>
    securityEvents.add({ source: 'depot-api', identity: null, address, event: 'FailedLogIn', detail: username }),
  )
  const admissions = new Admissions(context, units, credentials, securityEvents)
  const setpoints = new Setpoints(context)
  const faults = new Faults(context)
  const upkeep = new Upkeep(context)
  const transactions = new Transactions(context, units)
  const siteLoads = new SiteLoads(context, (depotId, atMs) => units.evLoadW(depotId, atMs))
  const modes = new DepotModes(context)
  const metering = new Metering(context, units)
  const dno = new DnoApi(context)
  const flexUnits = new FlexUnits(context, dno)
  const sites = depotSites(context.depots, units)
  const registrar = new Registrar(context, dno, { company: depotCompany, sites }, flexUnits)
  const baselines = new Baselines(dno, metering)
  const instructions = new Instructions(context, flexUnits, baselines, (depotId) => controller.runSoon(depotId))
  const liveReadings = new LiveReadings(context, dno, {
    fuIds: () => flexUnits.fuIds(),
    runs: (depotId, at) => instructions.runs(depotId, at),
    powerW: (depotId, at) => units.meteredW(depotId, at.toEpochMilli()),
  })
  const limits = new Limits(context, sites, (depotId) => controller.runSoon(depotId))
  const agreedProfiles = new AgreedProfiles(context, dno, sites, (depotId) => controller.runSoon(depotId))
  const controller = new Controller(context, {
    units,
    setpoints,
    transactions,
    siteLoads,
    modes,
    flexibilityCap: (depotId, at) => instructions.capW(depotId, at),
    dnoLimit: (depotId, at) => limits.importLimitW(depotId, at),
    agreedProfile: (depotId) => agreedProfiles.of(depotId),
  })
  const handlers = messageHandlers(
    context,
    { transactions, securityEvents, faults, upkeep },
    {
      async onBoot(unit) {
        const result = await setpoints.introduce(unit)
        // The unit's next message waits for this: one that is silent is not asked more.
        if (result !== 'no-answer') await upkeep.checkMeterInterval(unit)
        controller.runSoon(unit.depotId)
      },
      onTransaction: (unit) => controller.runSoon(unit.depotId),
    },
  )
  await access.load(first)
  await credentials.load(first.firstKeys)
  await faults.load()
  await transactions.load()
  await siteLoads.load()
  await modes.load()
  await metering.load()
  await flexUnits.load()
  await registrar.load()
  await instructions.load()
  await limits.load()
  await agreedProfiles.load()
  return {
    access,
    units,
    credentials,
    securityEvents,
    faults,
    upkeep,
    transactions,
    admissions,
    setpoints,
    siteLoads,
    modes,
    metering,
    liveReadings,
    dno,
    flexUnits,
    registrar,
    baselines,
    instructions,
    limits,
    agreedProfiles,
    controller,
    handlers,
  }
}

/** Our depots as sites of the market: all charge points of a depot are one DER. */
function depotSites(depots: FspContext['depots'], units: Units): Site[] {
  return depots.map(({ depotId, name, connectionId, mpan, customer }) => ({
    depotId,
    connectionId,
    mpan,
    customer,
    unitName: `${name} depot`,
    der: { name: `${name} charge points`, kind: 'ev-charging' },
    ratedW: units.connectorsOf(depotId).reduce((sum, { unit }) => sum + unit.model.maxCurrentA * volts, 0),
  }))
}
