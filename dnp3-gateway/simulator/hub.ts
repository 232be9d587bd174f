import type { Instant } from '@js-joda/core'
import type { Clock } from '../../platform/clock/index.ts'
import { codeOf, messageOf, StartupError } from '../../platform/errors/index.ts'
import {
  type ConfirmedEvent,
  createOutstation,
  Flag,
  listenTcpOutstation,
  type Outstation,
  type OutstationListener,
  type TlsOptions,
} from '../dnp3/index.ts'
import { monitorPoints, resetMonitor, setMonitor } from './points.ts'
import { type Relay, startRelay } from './relay.ts'
import { type RestOfNode, restLoadW } from './rest.ts'

/** A hub to simulate. */
export interface SimulatedHubOptions {
  readonly hubId: string
  /** The depot in the simulated world that the hub measures. */
  readonly depotId: string
  readonly name: string
  /** 0 takes a free port. */
  readonly port: number
  /** DNP3 link address. */
  readonly address: number
  readonly feeders: readonly number[]
  /** The feeder of the rest of its substation, which no depot is on; it is one of `feeders`. */
  readonly restOfNode?: RestOfNode
  /** An active power that changes by more than this makes an event, W; by default none does. */
  readonly powerDeadbandW?: number
  /** Events kept per class; default 500. */
  readonly maxEventsPerClass?: number
  /** Listens by mutual TLS. */
  readonly tls?: TlsOptions
  /** Told of each event that a master has confirmed: from then on the hub has forgotten it. */
  readonly onConfirmed?: (event: ConfirmedEvent) => void
}

/** One simulated LV monitor: an outstation on its own port, with handles that let tests make it fail. */
export class SimulatedHub {
  readonly options: SimulatedHubOptions
  readonly outstation: Outstation
  /** The relay to its master if started with `relays`, otherwise `null`. */
  relay: Relay | null = null
  readonly #host: string
  readonly #flags = new Map<number, number>()
  #listener: OutstationListener | null = null
  #driftMs = 0

  private constructor(options: SimulatedHubOptions, host: string, clock: Clock) {
    const { address, maxEventsPerClass, onConfirmed } = options
    this.options = options
    this.#host = host
    this.outstation = createOutstation({
      address,
      points: monitorPoints(options),
      now: () => clock.now().toEpochMilli() + this.#driftMs,
      ...(maxEventsPerClass === undefined ? {} : { maxEventsPerClass }),
      ...(onConfirmed === undefined ? {} : { onConfirmed }),
    })
  }

  static async start(
    options: SimulatedHubOptions,
    host: string,
    clock: Clock,
    relayed: boolean,
  ): Promise<SimulatedHub> {
    const hub = new SimulatedHub(options, host, clock)
    try {
      await hub.#listen(relayed ? 0 : options.port)
      if (relayed) hub.relay = await startRelay(host, options.port, () => hub.#listener?.port ?? 0)
    } catch (error) {
      throw new StartupError(
        `The simulated hub ${options.name} cannot listen on port ${options.port} of ${host} (${codeOf(error) || messageOf(error)}).`,
      )
    }
    return hub
  }

  /** The port that masters connect to. */
  get port(): number {
    return this.relay?.port ?? this.#listener?.port ?? this.options.port
  }

  /** Points in answers that reached a master, counted by the outstation. */
  get pointsAnswered(): number {
    return this.outstation.counters.pointsAnswered
  }

  /** Measures the flow on its feeders; a feeder unknown to the world carries nothing. */
  measure(feedersW: Readonly<Record<string, number>>, at: Instant): void {
    const { feeders, restOfNode } = this.options
    const powers = new Map(feeders.map((feeder) => [feeder, feedersW[feeder] ?? 0]))
    if (restOfNode) powers.set(restOfNode.feeder, restLoadW(restOfNode, at))
    const flagsOf = (index: number) => this.#flags.get(index) ?? Flag.online
    setMonitor(this.outstation, this.options.hubId, powers, at.toEpochMilli(), flagsOf)
  }

  /** Loses power for a moment: events, values and the connection are gone until it measures again (FM22). */
  async reboot(): Promise<void> {
    const port = this.#listener?.port ?? 0
    this.outstation.restart()
    resetMonitor(this.outstation, this.options)
    this.relay?.cut()
    await this.#listener?.close()
    await this.#listen(port)
  }

  /** Moves its clock by this many ms (FM24); a master that sets the time corrects it. */
  drift(ms: number): void {
    this.#driftMs += ms
  }

  /** Gives an analogue point these DNP3 flags from its next measurement on; `null` restores its own. */
  setFlags(index: number, flags: number | null): void {
    if (flags === null) this.#flags.delete(index)
    else this.#flags.set(index, flags)
  }

  async close(): Promise<void> {
    await this.relay?.close()
    await this.#listener?.close()
  }

  async #listen(port: number): Promise<void> {
    const { tls } = this.options
    this.#listener = await listenTcpOutstation(this.outstation, {
      host: this.#host,
      port,
      ...(tls === undefined ? {} : { tls }),
    })
  }
}
