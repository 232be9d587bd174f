import { join } from 'node:path'
import { type RunningGateway, startGateway } from '../../dnp3-gateway/index.ts'
import { type RunningHubs, startHubSimulator } from '../../dnp3-gateway/simulator/index.ts'
import {
  firstVans,
  keyFrom,
  type RunningFsp,
  type RunningHomesFsp,
  startFsp,
  startHomesFsp,
  vanDepotOf,
} from '../../fsp/index.ts'
import {
  type RunningChargePoints,
  type SessionRecord,
  startChargePointSimulator,
  suppliedFeeds,
} from '../../fsp/simulator/index.ts'
import type { Clock } from '../../platform/clock/index.ts'
import { makeWritableFolder } from '../../platform/files/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { freePorts } from '../../platform/ports/index.ts'
import type { SpanMaker } from '../../platform/tracing/index.ts'
import type { DepotMonitor } from '../../schemas/fsp/depot-api.ts'
import type { ChargePointModel, DepotSeed, EvTypeSeed } from '../../schemas/fsp/depots.ts'
import type { EstateSeed, VanUnitSeed } from '../../schemas/fsp/homes.ts'
import { seedDemandStudy } from '../../seeds/demand.ts'
import {
  hubAddresses,
  hubsOf,
  readDepotPeople,
  readDepots,
  readPeople,
  seedEstates,
  seedPeople,
  seedServer,
  seedVanHomes,
} from '../../seeds/index.ts'
import { seedPlans } from '../../seeds/plans.ts'
import { type RunningServer, startServer } from '../../server/app/index.ts'
import { chargePointKeys } from './charge-point-keys.ts'
import type { Databases } from './databases.ts'
import { registerFeeds } from './feeds.ts'
import { sharedSecret } from './secret-file.ts'

/** Ports of the processes; those left out are any free ones. */
export interface SystemPorts {
  server?: number
  fsp?: number
  ocpp?: number
  homes?: number
  /** Where charge points at homes connect. */
  homesOcpp?: number
}

export interface SystemOptions {
  databases: Pick<Databases, 'serverUrl' | 'serverOwnerUrl' | 'fspUrl'>
  dataFolder: string
  ports: SystemPorts
  clock: Clock
  log: Log
  seed: number
  /** What messages to charge points over the air take, ms of real time, and the share of set points that are lost. */
  air?: { latencyMs: number; lossShare: number }
  /** Real charging sessions in place of generated vehicles. */
  sessions?: readonly SessionRecord[]
  /** Suppliers of site load by cable and of telematics, of which a share of the deliveries fails (0 to 1); none without. */
  suppliers?: { faultShare: number }
  /** Depots in place of the nine of the seeds. */
  depots?: readonly DepotSeed[]
  /** A second FSP, of homes, with its database; without it there is the reference FSP alone. */
  homes?: { estates: readonly EstateSeed[]; vanUnits?: readonly VanUnitSeed[]; databaseUrl: string }
  /** Folder of the built portal, where it is not the usual one. */
  portalFolder?: string
  /** Puts a relay that can be made to fail in front of each hub. */
  hubRelays?: boolean
  /** What makes the spans of each process; those without are not traced. */
  tracing?: Partial<Record<TracedProcess, SpanMaker>>
  /** Told once the DNO's portal can be used: the FSPs join after that. */
  serverStarted?(server: RunningServer): void
}

/** The processes of a system that can be traced. */
export type TracedProcess = 'server' | 'gateway' | 'fsp' | 'homes'

/** Everything at work: the DNO's server and gateway, the FSPs, and the simulated world beneath them. */
export interface RunningSystem {
  server: RunningServer
  gateway: RunningGateway
  fsp: RunningFsp
  /** The FSP of homes; `null` without one, and while it is out. */
  readonly homes: RunningHomesFsp | null
  hubs: RunningHubs
  chargePoints: RunningChargePoints
  /** Charge points at homes, with the vans of their drivers; `null` without an FSP of homes. */
  vans: RunningChargePoints | null
  /** Stops the FSP of homes, or starts it again on the same data and address. */
  setHomesOutage(isOut: boolean): Promise<void>
  close(): Promise<void>
}

const host = '127.0.0.1'
const gatewayId = 'gateway-1'

/** How often the gateway polls the demo's hubs. */
const integrityPollS = 60

/** What the parts of a system have to know of each other before they run. */
interface Plan extends SystemOptions {
  depots: readonly DepotSeed[]
  models: readonly ChargePointModel[]
  evTypes: readonly EvTypeSeed[]
  gatewaySecret: string
  siteLoadKey: string
  deliveriesKey: string
  depotStateKey: string
  /** From which the secrets of the monitors' clients follow. */
  monitorSecret: string
  /** From which the charge points' first passwords follow. */
  chargePointSecret: string
  fspPort: number
  ocppPort: number
  homesPort: number
  homesOcppPort: number
}

/** Notes what has been started, so that it is closed with the system. */
type Keep = <T extends { close(): Promise<void> }>(process: T) => T

/** Starts the whole system in this process. When a part of it cannot start, what had been started is closed again. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const plan = await planOf(options)
  const started: { close(): Promise<void> }[] = []
  const keep: Keep = (process) => {
    started.unshift(process)
    return process
  }
  const close = async () => {
    for (const process of started) await process.close()
  }
  try {
    // The order is that in which tasks due at the same instant run: the world moves first, then what watches it, then what acts on it.
    const { chargePoints, hubs, vans } = await startWorld(plan, keep)
    const { server, gateway } = await startDno(plan, hubs, keep)
    options.serverStarted?.(server)
    const fsp = keep(await startReferenceFsp(plan, server.url))
    if (plan.suppliers) await registerFeeds(fsp.url, suppliedFeeds(plan.depots, chargePoints.url))
    const homes = await homesOf(plan, server.url)
    keep(homes)
    const { setOutage: setHomesOutage } = homes
    return {
      server,
      gateway,
      fsp,
      get homes() {
        return homes.running()
      },
      hubs,
      chargePoints,
      vans,
      setHomesOutage,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The FSP of homes, where there is one, as something that can fail and come back. */
async function homesOf(plan: Plan, dnoUrl: string) {
  const { homes } = plan
  const start = async () => (homes ? startHomes(plan, homes, dnoUrl) : null)
  let running = await start()
  const setOutage = async (isOut: boolean) => {
    const before = running
    if (isOut === (before === null)) return
    running = null
    await before?.close()
    if (!isOut) running = await start()
  }
  return { running: () => running, setOutage, close: () => setOutage(true) }
}

async function planOf(options: SystemOptions): Promise<Plan> {
  const { dataFolder, ports } = options
  const warn = (sentence: string) => options.log.warn(sentence)
  await makeWritableFolder(dataFolder, 'The data folder', '--data')
  const seeded = await readDepots()
  const [
    gatewaySecret,
    siteLoadKey,
    deliveriesKey,
    depotStateKey,
    monitorSecret,
    chargePointSecret,
    [spareFspPort = 0, spareOcppPort = 0, spareHomesPort = 0, spareHomesOcppPort = 0],
  ] = await Promise.all([
    sharedSecret(dataFolder, 'gateway', warn),
    sharedSecret(dataFolder, 'site-load', warn),
    sharedSecret(dataFolder, 'deliveries', warn),
    sharedSecret(dataFolder, 'depot-state', warn),
    sharedSecret(dataFolder, 'monitors', warn),
    sharedSecret(dataFolder, 'charge-points', warn),
    freePorts(4),
  ])
  return {
    ...options,
    depots: options.depots ?? seeded.depots,
    models: seeded.models,
    evTypes: seeded.evTypes,
    gatewaySecret,
    siteLoadKey,
    deliveriesKey,
    depotStateKey,
    monitorSecret,
    chargePointSecret,
    fspPort: ports.fsp ?? spareFspPort,
    ocppPort: ports.ocpp ?? spareOcppPort,
    homesPort: ports.homes ?? spareHomesPort,
    homesOcppPort: ports.homesOcpp ?? spareHomesOcppPort,
  }
}

/** Charge points with their vehicles, and the hubs that measure what flows. */
async function startWorld(plan: Plan, keep: Keep) {
  const { dataFolder, depots, models, evTypes, clock, log, siteLoadKey, chargePointSecret, seed, sessions } = plan
  const suppliers = plan.suppliers && { ...plan.suppliers, key: plan.deliveriesKey }
  const chargePoints = keep(
    await startChargePointSimulator({
      depots,
      models,
      evTypes,
      host,
      port: 0,
      ocppUrl: `ws://${host}:${plan.ocppPort}/ocpp`,
      withGateways: plan.air ?? { latencyMs: 0, lossShare: 0 },
      keys: chargePointKeys(chargePointSecret, join(dataFolder, 'charge-point-keys.json')),
      fspUrl: `http://${host}:${plan.fspPort}`,
      siteLoadKey,
      ...(suppliers ? { suppliers } : {}),
      seed,
      clock,
      log: log.child({ process: 'charge points' }),
      ...(sessions ? { sessions } : {}),
    }),
  )
  const vans = plan.homes?.vanUnits ? keep(await startVans(plan, plan.homes.vanUnits)) : null
  const hubs = keep(
    await startHubSimulator({
      hubs: hubsOf(depots).map((hub) => ({ ...hub, port: 0, address: hubAddresses.remoteAddress })),
      worldUrl: chargePoints.url,
      host,
      ...(plan.hubRelays ? { relays: true } : {}),
      clock,
      log: log.child({ process: 'hubs' }),
    }),
  )
  return { chargePoints, hubs, vans }
}

/** The vans of drivers with their charge points at home. A unit of homes has no site load. */
async function startVans(plan: Plan, units: readonly VanUnitSeed[]): Promise<RunningChargePoints> {
  const { dataFolder, models, evTypes, clock, log, chargePointSecret, seed, siteLoadKey } = plan
  const running = await startChargePointSimulator({
    depots: units.map(vanDepotOf),
    models,
    evTypes,
    host,
    port: 0,
    ocppUrl: `ws://${host}:${plan.homesOcppPort}/ocpp`,
    keys: chargePointKeys(chargePointSecret, join(dataFolder, 'home-charge-point-keys.json')),
    fspUrl: `http://${host}:${plan.homesPort}`,
    siteLoadKey,
    seed,
    clock,
    log: log.child({ process: 'vans' }),
  })
  for (const { depotId } of units) running.controls.holdSiteLoad(depotId, true)
  return running
}

/** Clock and log of a process, and what makes its spans. */
function aroundOf({ clock, log, tracing }: Plan, name: TracedProcess) {
  const maker = tracing?.[name]
  return { clock, log: log.child({ process: name }), ...(maker ? { tracing: maker } : {}) }
}

/** The DNO's server with its seeds, and its gateway. */
async function startDno(plan: Plan, hubs: RunningHubs, keep: Keep) {
  const { databases, dataFolder, depots, portalFolder, gatewaySecret } = plan
  const server = keep(
    await startServer({
      databaseUrl: databases.serverUrl,
      ...(databases.serverOwnerUrl ? { ownerDatabaseUrl: databases.serverOwnerUrl } : {}),
      host,
      port: plan.ports.server ?? 0,
      role: 'both',
      environment: 'demo',
      secretKeyFile: join(dataFolder, 'server.key'),
      demoAccounts: await readPeople(),
      ...(portalFolder ? { portalFolder } : {}),
      ...aroundOf(plan, 'server'),
    }),
  )
  await seedPeople(server.context)
  const monitorSecretOf = (depotId: string) => keyFrom(plan.monitorSecret, depotId)
  const places = { host, ports: hubs.ports, gatewayId, integrityPollS, monitorSecretOf }
  await seedServer(server.context, depots, places, gatewaySecret)
  await seedDemandStudy(server.context)
  await seedPlans(server.context, depots)
  if (plan.homes) await seedEstates(server.context, plan.homes.estates)
  if (plan.homes?.vanUnits) await seedVanHomes(server.context, plan.homes.vanUnits)
  const gateway = keep(
    await startGateway({
      gatewayId,
      serverUrl: server.url,
      clientId: gatewayId,
      clientSecret: gatewaySecret,
      spoolFolder: join(dataFolder, 'spool'),
      ...aroundOf(plan, 'gateway'),
    }),
  )
  return { server, gateway }
}

async function startReferenceFsp(plan: Plan, dnoUrl: string): Promise<RunningFsp> {
  const {
    databases,
    dataFolder,
    depots,
    models,
    evTypes,
    siteLoadKey,
    depotStateKey,
    chargePointSecret,
    fspPort,
    ocppPort,
  } = plan
  return startFsp({
    databaseUrl: databases.fspUrl,
    environment: 'demo',
    host,
    port: fspPort,
    ocppPort,
    firstKeys: (identity) => keyFrom(chargePointSecret, identity),
    dnoUrl,
    first: { depots, models, evTypes, hasTelematics: plan.suppliers !== undefined },
    demoAccounts: await readDepotPeople(),
    firstMonitors: new Map(
      depots.flatMap(({ depotId, monitorId }) =>
        monitorId ? [[depotId, firstMonitor(monitorId, dnoUrl, keyFrom(plan.monitorSecret, depotId))]] : [],
      ),
    ),
    feedKeys: { 'site-load': siteLoadKey, 'depot-state': depotStateKey, deliveries: plan.deliveriesKey },
    secretKeyFile: join(dataFolder, 'fsp.key'),
    feedFolder: join(dataFolder, 'feeds'),
    ...aroundOf(plan, 'fsp'),
  })
}

/** A depot's monitor at the DNO, as the DNO's people would hand it to the FSP. */
function firstMonitor(hubId: string, dnoUrl: string, clientSecret: string): DepotMonitor {
  const client = { clientId: `monitor-${hubId}`, clientSecret, tokenEndpoint: `${dnoUrl}/oidc/token` }
  return { hubId, feeder: 1, quality: 'derived', ...client }
}

async function startHomes(
  plan: Plan,
  { estates, vanUnits, databaseUrl }: NonNullable<SystemOptions['homes']>,
  dnoUrl: string,
) {
  const { dataFolder, models, evTypes, homesOcppPort, chargePointSecret, seed } = plan
  return startHomesFsp({
    databaseUrl,
    environment: 'demo',
    host,
    port: plan.homesPort,
    dnoUrl,
    estates,
    seed,
    secretKeyFile: join(dataFolder, 'homes.key'),
    ...aroundOf(plan, 'homes'),
    ...(vanUnits
      ? {
          vans: {
            first: firstVans(vanUnits, { models, evTypes }),
            ocppPort: homesOcppPort,
            firstKeys: (identity: string) => keyFrom(chargePointSecret, identity),
            demoAccounts: await readDepotPeople(),
          },
        }
      : {}),
  })
}
