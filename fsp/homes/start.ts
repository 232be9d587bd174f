import { databaseFault } from '../../platform/db/index.ts'
import { type Listener, safetyHeaders } from '../../platform/http/index.ts'
import type { DepotHistory } from '../../schemas/fsp/simulation.ts'
import type { FspContext } from '../app/context.ts'
import { fspFigures } from '../app/figures.ts'
import { openFsp, openMetrics } from '../app/open.ts'
import { startCentralSystem } from '../chargepoints/index.ts'
import { earningsApi } from '../earnings/index.ts'
import { openControlDoor, type ReceivedInterval, siteOf } from '../flexibility/index.ts'
import { depotPortal } from '../kit/index.ts'
import { marketApi } from '../offers/index.ts'
import { driverPage } from '../vans/index.ts'
import type { DrawnQuarter } from './meters.ts'
import type { HomesFspOptions, VanOptions } from './options.ts'
import { composeHomes, type HomesParts, homesCompany } from './parts.ts'
import { startTasks, startVanTasks } from './tasks.ts'
import { serveVans } from './van-apis.ts'
import type { VanParts } from './vans.ts'

export interface RunningHomesFsp {
  readonly url: string
  /** Address to which charge points append their identity; `null`: it has no port for them. */
  readonly ocppUrl: string | null
  /** Every instruction received, from the FSP's own records. */
  receivedInstructions(): Promise<ReceivedInterval[]>
  /** What each estate drew in the last two days, by FU and epoch ms of the quarter-hour: from the simulated homes, not from messages. */
  drawn(): Map<string, ReadonlyMap<number, DrawnQuarter>>
  /** FA04: accepts the meter history of a past day of a unit of homes and passes it on to the DNO. A repeat changes nothing. */
  importHistory(history: DepotHistory): Promise<void>
  close(): Promise<void>
}

/**
 * Starts an FSP of homes, of another company than the reference FSP: it registers estates with heat pumps, bids in tenders, submits
 * schedules for products B and C, turns heat pumps down, or up to heat water early, as instructed, and uploads what the meters read.
 */
export async function startHomesFsp(options: HomesFspOptions): Promise<RunningHomesFsp> {
  const first = options.vans?.first ?? null
  const open = await openFsp(options, { what: 'the homes’ FSP', portSetting: '--homes-port', first })
  const { context, listener, onClose, close } = open
  try {
    const parts = await composeHomes(context, options)
    const door = await serveDno(context, parts, listener, options)
    const figures = { units: parts.vans.units, flexUnits: parts.flexUnits }
    await openMetrics(options, open, () => fspFigures(context, figures))
    onClose(() => door.close())
    const central = options.vans ? await openOcpp(context, parts.vans, options.vans, options.host) : null
    onClose(async () => central?.close())
    const timers = [...startTasks(context, parts, options.estates), ...startVanTasks(context, parts.vans)]
    onClose(() => {
      for (const timer of timers) timer.cancel()
      parts.vans.close()
    })
    context.log.info({ url: listener.url, estates: options.estates.length }, 'the homes’ FSP started')
    return {
      url: listener.url,
      ocppUrl: central?.url ?? null,
      close,
      receivedInstructions: () => parts.instructions.received(),
      drawn: () =>
        new Map(
          options.estates.flatMap(({ siteId }) => {
            const unit = parts.flexUnits.ofDepot(siteId)
            return unit ? [[unit.fuId, parts.estates.drawn(siteId)]] : []
          }),
        ),
      importHistory: (history) => parts.vans.metering.importHistory(history),
    }
  } catch (error) {
    await close()
    throw error
  }
}

function openOcpp(context: FspContext, vans: VanParts, options: VanOptions, host: string) {
  const { ocppPort: port, ocppTls: tls, isPlainOcppAllowed: isPlainAllowed = false } = options
  return startCentralSystem(context, vans, { host, port, isPlainAllowed, ...(tls ? { tls } : {}) })
}

async function serveDno(
  context: FspContext,
  parts: HomesParts,
  listener: Listener,
  { metrics, tracing, portalFolder }: Pick<HomesFspOptions, 'metrics' | 'tracing' | 'portalFolder'>,
) {
  const door = await openControlDoor(context, parts, listener, tracing)
  serveVans(context, parts.vans, door.api, homesCompany.companyName)
  const entrance = parts.vans.access.entrance()
  door.api.route('/', marketApi(context, parts, entrance))
  door.api.route('/', earningsApi(parts.earnings, entrance))
  const about = {
    title: 'Hearth Flexibility, an FSP of homes',
    description: 'The control API for the DNO, the vans at homes and their drivers.',
  }
  const site = siteOf(door.api, about, { metrics, tracing, readiness: () => databaseFault(context) })
  site.route('/', driverPage())
  site.route('/', depotPortal(portalFolder))
  listener.use(site.fetch, door.handlers, safetyHeaders(context.publicUrl))
  return door
}
