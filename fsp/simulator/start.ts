import type { Clock } from '../../platform/clock/index.ts'
import { listen } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { WorldState } from '../../schemas/fsp/simulation.ts'
import type { AuthorizationKeys } from './charge-points/charge-point.ts'
import type { SpokenVersion } from './charge-points/speech.ts'
import { supplierFaults } from './common/supplier-faults.ts'
import type { OcppCounts } from './common/tally.ts'
import { gatewaysOf } from './gateways/of-world.ts'
import { History } from './sites/history.ts'
import { siteFactory, type WorldSeeds } from './sites/site.ts'
import { clampSupplier, wholeSite } from './suppliers/site-load.ts'
import type { SessionRecord } from './vehicles/sessions.ts'
import { type Controls, controlsOf } from './world/controls.ts'
import { worldRoutes } from './world/routes.ts'
import { World } from './world/world.ts'

/** How often a unit without a link tries again, by the clock. */
const reconnectMs = 10_000
const minuteMs = 60_000
const siteLoadMs = 5 * minuteMs

export interface ChargePointSimulatorOptions extends WorldSeeds {
  /** Whether units reach the FSP by the gateways of their routes, which are simulated too; else all connect to it themselves. */
  withGateways?: { latencyMs: number; lossShare: number }
  /** Central system of the FSP, without the identity: `ws://127.0.0.1:7811/ocpp`. It may be unreachable: units try again. */
  ocppUrl: string
  /** What the charge points prove themselves with. */
  keys: AuthorizationKeys
  /** Authorities (PEM) that the central system's certificate must come from, if not the usual ones. */
  ca?: string
  /** The version of OCPP that they speak: 1.6 unless another is stated. */
  speaks?: SpokenVersion
  /** Address of the FSP's API for site loads, and the key that the feed sends. */
  fspUrl: string
  siteLoadKey: string
  /**
   * Suppliers of data in the place of a meter of the whole site: clamps on each cable, and the vehicles' telematics. Their key for
   * deliveries, and the share of deliveries that fail (0 to 1). The FSP must have registered `suppliedFeeds`.
   */
  suppliers?: { key: string; faultShare: number }
  /** Seed of vehicles, loads and meters. */
  seed: number
  /** Real charging sessions instead of generated vehicles. */
  sessions?: readonly SessionRecord[]
  host: string
  /** 0 takes any free port. */
  port: number
  clock: Clock
  log: Log
}

export interface RunningChargePoints {
  /** Serves the world’s operations (schemas/fsp/simulation.ts). */
  readonly url: string
  readonly counts: OcppCounts
  readonly controls: Controls
  /** Momentary power on every feeder: what `url` serves to others. */
  world(): WorldState
  /** Energy through each depot's charge points since the start, Wh: exact, not taken from messages. */
  energyWh(): Map<string, number>
  /** Makes every unit without a link try to connect now. */
  connect(): Promise<void>
  /** Cuts a gateway off from the FSP until it is let go again. */
  holdGateway(gatewayId: string, isHeld: boolean): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the simulated charge points with their vehicles and buildings. Its tasks must be the first on the clock, so that other tasks see
 * at the end of a minute what happened in it. Every task waits for the messages that it sends.
 */
export async function startChargePointSimulator(options: ChargePointSimulatorOptions): Promise<RunningChargePoints> {
  const { clock, log, ocppUrl } = options
  const factory = siteFactory(options, options.seed, options.sessions)
  const fspUrl = options.fspUrl.replace(/\/+$/, '')
  const { suppliers } = options
  const faultOf = supplierFaults(options.seed, suppliers?.faultShare ?? 0)
  const listener = await listen({
    host: options.host,
    port: options.port,
    what: 'the simulated world',
    portSetting: '--port',
  })
  const gateways = await gatewaysOf(options)
  const world = new World({
    factory,
    ocppUrlOf: (depotId, mounting) => gateways.urlFor(depotId, mounting) ?? ocppUrl.replace(/\/+$/, ''),
    keys: options.keys,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.speaks === undefined ? {} : { speaks: options.speaks }),
    siteLoadOf: (depot) =>
      suppliers
        ? clampSupplier({ fspUrl, key: suppliers.key }, depot, faultOf)
        : wholeSite({ fspUrl, key: options.siteLoadKey }, depot),
    clock,
    log,
  })
  listener.use(worldRoutes(world, { history: new History(factory), factory, faultOf, log, clock }).fetch)
  const connect = async () => {
    await gateways.connect()
    await world.connect()
    await gateways.settle()
  }
  await connect()
  const timers = [
    clock.every('charge points: connect', reconnectMs, connect),
    clock.every('charge points: minute', minuteMs, async (at) => {
      await world.playTo(at.toEpochMilli())
      await gateways.settle()
    }),
    clock.every('charge points: site load', siteLoadMs, () => world.deliverSiteLoad()),
  ]
  log.info({ url: listener.url, units: world.units.length }, 'charge points started')
  return {
    url: listener.url,
    counts: world.counts,
    controls: controlsOf(world),
    world: () => world.state(),
    energyWh: () =>
      new Map(
        world.depots.map(({ site, units, energyWh }) => {
          for (const unit of units) unit.electrical.advance(unit.nowMs())
          return [site.depot.depotId, energyWh()]
        }),
      ),
    connect,
    holdGateway: (gatewayId, isHeld) => gateways.hold(gatewayId, isHeld),
    async close() {
      for (const timer of timers) timer.cancel()
      await Promise.all(world.units.map((unit) => unit.link.hold()))
      await gateways.close()
      await listener.close(0)
    },
  }
}
