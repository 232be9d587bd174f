import { SimulatedHub, type SimulatedHubOptions } from '../../dnp3-gateway/simulator/index.ts'
import { randomOf } from '../../fsp/simulator/common/random.ts'
import type { SimulatedClock, Timer } from '../../platform/clock/index.ts'
import { depots, feeder } from './area.ts'
import type { Hub } from './faults.ts'
import type { TcpWire } from './tcp-wire.ts'

/** A change that a hub handed over and that was confirmed to it: the hub has forgotten it. */
export interface ConfirmedChange {
  readonly hubId: string
  /** Its static group and index, as point maps name it. */
  readonly group: number
  readonly index: number
  readonly value: number
  /** By the hub's own clock, epoch ms. */
  readonly timeMs: number
}

const host = '127.0.0.1'
const measureMs = 60_000

/** So few that a hub which nobody reads for some minutes loses the oldest; three of them are made in a minute. */
const maxEventsPerClass = 24

/** A feeder's power is drawn from these each minute, W: above what its site may import at times. */
const power = { leastW: 20_000, mostW: 130_000 }

/** Event groups, and the static groups of the same points. */
const staticGroups = new Map([
  [2, 1],
  [32, 30],
])

/** The hubs of the area's depots: real outstations whose values change each minute, each behind a wire that stays. */
export class Monitors {
  /** What was confirmed to the hubs, in order. */
  readonly confirmed: ConfirmedChange[] = []
  readonly #hubs = new Map<Hub, SimulatedHub>()
  readonly #clock: SimulatedClock
  readonly #timer: Timer

  private constructor(clock: SimulatedClock) {
    this.#clock = clock
    this.#timer = clock.every('hubs measure', measureMs, async () => this.#measure())
  }

  static async open(wires: readonly TcpWire[], clock: SimulatedClock): Promise<Monitors> {
    const monitors = new Monitors(clock)
    for (const [n, depot] of depots.entries()) {
      const hub = await monitors.#start(depot)
      const wire = wires[n]
      if (!wire) throw new Error(`there is no way to ${depot.hub}`)
      wire.target = { host, port: hub.port }
      monitors.#hubs.set(depot.hub, hub)
    }
    monitors.#measure()
    return monitors
  }

  /** A hub; throws if there is none. */
  hub(place: Hub): SimulatedHub {
    const hub = this.#hubs.get(place)
    if (!hub) throw new Error(`there is no ${place}`)
    return hub
  }

  /** Has a hub measure so often at once that it loses the oldest changes. */
  overflow(place: Hub): void {
    for (let i = 0; i < maxEventsPerClass; i++) this.#measureOne(this.hub(place), `again ${i}`)
  }

  async close(): Promise<void> {
    this.#timer.cancel()
    await Promise.all([...this.#hubs.values()].map((hub) => hub.close()))
  }

  #start({ hubId, name, hubAddress }: (typeof depots)[number]): Promise<SimulatedHub> {
    const onConfirmed: SimulatedHubOptions['onConfirmed'] = (event) => {
      const group = staticGroups.get(event.group)
      if (group === undefined) throw new Error(`a hub made an event of group ${event.group}`)
      this.confirmed.push({ hubId, group, index: event.index, value: event.value, timeMs: event.timeMs })
    }
    return SimulatedHub.start(
      {
        hubId,
        depotId: name,
        name,
        port: 0,
        address: hubAddress,
        feeders: [feeder],
        powerDeadbandW: 1,
        maxEventsPerClass,
        onConfirmed,
      },
      host,
      this.#clock,
      true,
    )
  }

  #measure(): void {
    for (const hub of this.#hubs.values()) this.#measureOne(hub, '')
  }

  #measureOne(hub: SimulatedHub, which: string): void {
    const at = this.#clock.now()
    const share = randomOf(at.toEpochMilli(), hub.options.hubId, which)()
    hub.measure({ [feeder]: Math.round(power.leastW + share * (power.mostW - power.leastW)) }, at)
  }
}
