import { databaseFault } from '../../platform/db/index.ts'
import { type Listener, safetyHeaders } from '../../platform/http/index.ts'
import type { DepotMonitor } from '../../schemas/fsp/depot-api.ts'
import type { DepotHistory } from '../../schemas/fsp/simulation.ts'
import { accessApi, type FirstAccess } from '../access/index.ts'
import { depotAlarmApi } from '../alarms/index.ts'
import {
  brandApi,
  chargePointApi,
  chargePointCommandApi,
  type OcppPort,
  startCentralSystem,
} from '../chargepoints/index.ts'
import { commissioningApi } from '../commissioning/index.ts'
import { depotApi, emergencyApi } from '../depots/index.ts'
import { earningsApi } from '../earnings/index.ts'
import { feederApi } from '../feeders/index.ts'
import { feedApi } from '../feeds/index.ts'
import { openControlDoor, type ReceivedInterval, siteOf } from '../flexibility/index.ts'
import { processApi } from '../health/index.ts'
import { depotPlanApi } from '../history/index.ts'
import { depotPortal } from '../kit/index.ts'
import { marketApi } from '../offers/index.ts'
import { type FirstRegisters, registerApi, unknownApi } from '../registers/index.ts'
import { type RouteCosts, routeApi } from '../routes/index.ts'
import { unknownParts } from './charge-points.ts'
import type { FspContext } from './context.ts'
import { deliveryApi } from './delivery-api.ts'
import { depotActions } from './depot-actions.ts'
import { fspFigures } from './figures.ts'
import { type OpenOptions, openFsp, openMetrics } from './open.ts'
import { composeFsp, depotCompany, type FspParts } from './parts.ts'
import { socketApi } from './sockets.ts'
import { startTasks } from './tasks.ts'

export interface FspOptions extends OpenOptions {
  /** Port for its charge points; 0 takes any free port. */
  ocppPort: number
  /** Our certificate towards charge points: security profile 2, or 3 with `caFile`. Without it profile 1, on this machine only. */
  ocppTls?: OcppPort['tls']
  /** Whether charge points may send their passwords in the clear beyond this machine, as through a VPN. */
  isPlainOcppAllowed?: boolean
  /** AuthorizationKeys, in hexadecimal, of charge points that have none yet. */
  firstKeys?: (identity: string) => string
  /** What the registers take over at the first start; from then on the database decides. */
  first: FirstRegisters
  /** Lets charge points in that are not registered, and registers them with safe defaults. */
  acceptUnknown?: boolean
  /** What a message to a charge point costs by each route, £; 0 unless stated. */
  messageCostsGbp?: Partial<RouteCosts>
  /** Keys of programs for all depots, each for one feed. */
  feedKeys?: FirstAccess['feedKeys']
  /** Monitors at the DNO, by depot, for depots that have none yet. */
  firstMonitors?: ReadonlyMap<string, DepotMonitor>
  /** Password of the first sys-admin, `admin`, of a live FSP without accounts. */
  firstPassword?: string
  demoAccounts?: FirstAccess['demoAccounts']
  /** The folder in which feeds find files that are dropped there; none without. */
  feedFolder?: string
}

export interface RunningFsp {
  readonly url: string
  /** Address to which charge points append their identity. */
  readonly ocppUrl: string
  /** Where the metrics are; `null` without a port for them. */
  readonly metricsUrl: string | null
  /** Whether this start has made the first accounts. */
  readonly hasNewAccounts: boolean
  /** FA04: accepts the meter history of a past day and passes it on to the DNO. A repeat changes nothing. */
  importHistory(history: DepotHistory): Promise<void>
  /** Every instruction received, from the FSP's own records. */
  receivedInstructions(): Promise<ReceivedInterval[]>
  close(): Promise<void>
}

/** Starts the reference FSP: control API and token endpoint, depot API, OCPP central system, optimiser, metering. */
export async function startFsp(options: FspOptions): Promise<RunningFsp> {
  const { first } = options
  const open = await openFsp(options, { what: 'the FSP’s APIs', portSetting: 'RINGMAIN_FSP_PORT', first })
  const { context, listener, onClose, close } = open
  try {
    const parts = await composeFsp(context, options)
    const door = await serve(context, parts, listener, options)
    const metricsUrl = await openMetrics(options, open, () => fspFigures(context, parts))
    onClose(() => door.close())
    const central = await startCentralSystem(context, parts, {
      host: options.host,
      port: options.ocppPort,
      isPlainAllowed: options.isPlainOcppAllowed ?? false,
      ...(options.ocppTls ? { tls: options.ocppTls } : {}),
    })
    onClose(() => central.close())
    const timers = startTasks(context, parts)
    onClose(async () => {
      for (const timer of timers) timer.cancel()
      parts.gateways.close()
      parts.setpoints.close()
      parts.controller.close()
      parts.feeds.close()
      await parts.energySolver.close()
    })
    context.log.info({ url: listener.url, ocppUrl: central.url, units: parts.units.all.length }, 'FSP started')
    return {
      url: listener.url,
      ocppUrl: central.url,
      metricsUrl,
      hasNewAccounts: parts.hasNewAccounts,
      close,
      importHistory: (history) => parts.metering.importHistory(history),
      receivedInstructions: () => parts.instructions.received(),
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function serve(
  context: FspContext,
  parts: FspParts,
  listener: Listener,
  { metrics, tracing, portalFolder }: Pick<FspOptions, 'metrics' | 'tracing' | 'portalFolder'>,
): Promise<{ close(): void }> {
  const door = await openControlDoor(context, parts, listener, tracing)
  const { api } = door
  const entrance = parts.access.entrance()
  api.route('/', depotApi(depotActions(context, parts), entrance))
  api.route('/', depotPlanApi(context, parts, entrance))
  api.route('/', accessApi(parts.access, { clock: context.clock, company: depotCompany.companyName, runs: 'depots' }))
  api.route('/', emergencyApi(context, parts, entrance))
  api.route('/', chargePointApi(context, entrance, parts))
  api.route('/', chargePointCommandApi(context, entrance, parts))
  api.route('/', brandApi(context, entrance, parts))
  api.route('/', socketApi(context, parts, entrance))
  api.route('/', deliveryApi(context, parts, entrance))
  const isKnown = (depotId: string) => context.depots.some((depot) => depot.depotId === depotId)
  api.route('/', marketApi(context, { ...parts, isKnown }, entrance))
  api.route('/', earningsApi(parts.earnings, entrance))
  api.route('/', unknownApi(unknownParts(context, parts), entrance))
  api.route('/', registerApi(context, entrance))
  api.route('/', feederApi(context, parts.feederLoads, entrance))
  api.route('/', feedApi(context, parts.feeds, entrance))
  api.route('/', depotAlarmApi(context, parts.alarms, entrance))
  api.route('/', processApi(context, parts.health, entrance))
  api.route('/', commissioningApi(context, entrance, parts))
  api.route('/', routeApi(context, entrance, parts))
  const about = {
    title: 'Ringmain reference FSP',
    description: 'The control API for the DNO, and the depots’ feeds and state.',
  }
  const site = siteOf(api, about, { metrics, tracing, readiness: () => databaseFault(context) })
  site.route('/', depotPortal(portalFolder))
  listener.use(site.fetch, door.handlers, safetyHeaders(context.publicUrl))
  return door
}
