import type { Clock } from '../../../platform/clock/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import type { WorldState } from '../../../schemas/fsp/simulation.ts'
import { type AuthorizationKeys, ChargePoint } from '../charge-points/charge-point.ts'
import { commandsOf } from '../charge-points/commands.ts'
import type { SpokenVersion } from '../charge-points/speech.ts'
import { isoOf } from '../common/local-time.ts'
import { randomOf } from '../common/random.ts'
import type { OcppCounts } from '../common/tally.ts'
import { buildingLoadW } from '../sites/building.ts'
import type { Site, SiteFactory } from '../sites/site.ts'
import { type SendMinutes, SiteLoadFeed } from '../sites/site-load.ts'
import { warmUp } from '../sites/unmanaged.ts'
import type { Mounting } from '../vehicles/layout.ts'

const minuteMs = 60_000
/** After a longer standstill (a sleeping laptop) earlier minutes are not played; only their energy is computed. */
const longestCatchUpMs = 24 * 60 * minuteMs

/** One running depot. */
export interface LiveDepot {
  readonly site: Site
  readonly units: readonly ChargePoint[]
  readonly feed: SiteLoadFeed
  /** Energy through its charge points since the start, Wh. */
  energyWh(): number
  /** What the building takes beyond its usual load, W; 0 unless somebody has put it there. */
  addedLoadW: number
}

export interface WorldOptions {
  factory: SiteFactory
  /** Where a charge point connects: to the FSP, or to the gateway of its route. */
  ocppUrlOf: (depotId: string, mounting: Mounting) => string
  keys: AuthorizationKeys
  ca?: string
  /** The version of OCPP that units speak: 1.6 unless another is stated. */
  speaks?: SpokenVersion
  /** How the site load of a depot is handed over. */
  siteLoadOf: (depot: DepotSeed) => SendMinutes
  clock: Clock
  log: Log
}

/** The depots, minute by minute. */
export class World {
  readonly depots: readonly LiveDepot[]
  readonly units: readonly ChargePoint[]
  readonly counts: OcppCounts = { sent: {}, received: {}, refused: {} }
  readonly #seed: number
  readonly #clock: Clock
  readonly #log: Log
  #minuteMs: number
  #linked = 0

  constructor(options: WorldOptions) {
    this.#seed = options.factory.seed
    this.#clock = options.clock
    this.#log = options.log
    this.#minuteMs = Math.floor(this.#nowMs() / minuteMs) * minuteMs
    this.depots = options.factory.depots.map((depot) => this.#open(options.factory.make(depot), options))
    this.units = this.depots.flatMap(({ units }) => units)
  }

  /** Makes units without a link try again. */
  async connect(): Promise<void> {
    await Promise.all(this.units.filter((unit) => !unit.settled).map((unit) => unit.connect()))
    const linked = this.units.filter((unit) => unit.link.ready).length
    if (linked !== this.#linked) this.#log.info({ linked, units: this.units.length }, 'links to the central system')
    this.#linked = linked
  }

  /** Plays the minutes up to an instant, each with its messages. */
  async playTo(atMs: number): Promise<void> {
    const last = Math.floor(atMs / minuteMs) * minuteMs
    if (last - this.#minuteMs > longestCatchUpMs) this.#minuteMs = last - longestCatchUpMs
    while (this.#minuteMs < last) {
      this.#minuteMs += minuteMs
      await this.#play(this.#minuteMs)
    }
  }

  async deliverSiteLoad(): Promise<void> {
    await Promise.all(this.depots.map(({ feed }) => feed.deliver()))
  }

  /** Momentary power on every feeder. */
  state(): WorldState {
    const nowMs = this.#nowMs()
    const depots = this.depots.map((live) => ({
      depotId: live.site.depot.depotId,
      feedersW: feedersW(live, this.#buildingW(live, nowMs), nowMs),
    }))
    return { at: isoOf(nowMs), depots }
  }

  /** Load of a depot's building, with what somebody has added. */
  #buildingW({ site, addedLoadW }: LiveDepot, atMs: number): number {
    return buildingLoadW(site.depot, this.#seed, atMs) + addedLoadW
  }

  #nowMs(): number {
    return this.#clock.now().toEpochMilli()
  }

  async #play(atMs: number): Promise<void> {
    for (const { site, units } of this.depots) {
      for (const unit of units) unit.electrical.advance(atMs)
      site.traffic.step(atMs, site.sockets)
    }
    await Promise.all(this.units.map((unit) => unit.minute(atMs)))
    for (const live of this.depots) {
      const vehiclesW = live.units.reduce((sum, unit) => sum + unitPowerW(unit, atMs), 0)
      const buildingW = this.#buildingW(live, atMs)
      live.feed.add({ atMs, siteLoadW: buildingW + vehiclesW, feedersW: feedersW(live, buildingW, atMs) })
    }
  }

  #open(site: Site, { ocppUrlOf, keys, ca, speaks, clock, log, siteLoadOf }: WorldOptions): LiveDepot {
    warmUp(site, this.#seed, this.#minuteMs)
    const units = site.mountings.map((mounting) => {
      const { identity, model } = mounting
      const random = randomOf(this.#seed, 'register', identity)
      const registersWh = Array.from({ length: model.sockets }, () => Math.floor(random() * 5_000_000))
      return new ChargePoint({
        mounting,
        ocppUrl: ocppUrlOf(site.depot.depotId, mounting),
        keys,
        ...(ca === undefined ? {} : { ca }),
        ...(speaks === undefined ? {} : { speaks }),
        registersWh,
        clock,
        log,
        counts: this.counts,
        commands: commandsOf,
      })
    })
    const read = () =>
      units.reduce(
        (sum, unit) => sum + unit.electrical.connectors.reduce((all, { registerWh }) => all + registerWh, 0),
        0,
      )
    const startWh = read()
    const feed = new SiteLoadFeed(site.depot.depotId, siteLoadOf(site.depot), log)
    return { site, units, feed, energyWh: () => read() - startWh, addedLoadW: 0 }
  }
}

/** Power on each cable of a depot, W: the building's load shared among its cables, and what its charge points take. */
function feedersW(
  { site: { depot }, units }: Pick<LiveDepot, 'site' | 'units'>,
  loadW: number,
  nowMs: number,
): Record<string, number> {
  const powers: Record<string, number> = {}
  const buildings = depot.feeders.filter(({ role }) => role === 'building')
  for (const [i, { feeder }] of buildings.entries()) powers[feeder] = partOf(loadW, buildings.length, i)
  for (const { feeder, role } of depot.feeders) if (role === 'ev') powers[feeder] = 0
  for (const unit of units) powers[unit.feeder] = (powers[unit.feeder] ?? 0) + unitPowerW(unit, nowMs)
  return powers
}

function unitPowerW(unit: ChargePoint, nowMs: number): number {
  unit.electrical.advance(nowMs)
  return unit.electrical.connectors.reduce((sum, connector) => sum + unit.electrical.powerW(connector, nowMs), 0)
}

/** Watts of the i-th of n equal integer parts, which sum to the whole. */
function partOf(wholeW: number, parts: number, index: number): number {
  return Math.round((wholeW * (index + 1)) / parts) - Math.round((wholeW * index) / parts)
}
