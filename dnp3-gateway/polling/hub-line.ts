import type { Clock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { HubAssignment } from '../../schemas/grid/gateway.ts'
import {
  type Association,
  type AssociationNotice,
  type AssociationOptions,
  type ChannelState,
  connectTcpMaster,
  type MeasurementBatch,
  malformedFrames,
  type StationCounters,
  type Timers,
  type TlsOptions,
} from '../dnp3/index.ts'
import type { Gate } from './gate.ts'
import type { LinkContext } from './link-context.ts'

/** Where a hub is and how to connect to it. */
export type HubAddress = Pick<HubAssignment, 'host' | 'port' | 'dialsIn' | 'localAddress' | 'remoteAddress' | 'tlsName'>

/** Whether two addresses lead to a hub in the same way. */
export function sameAddress(a: HubAddress, b: HubAddress): boolean {
  const sameHost = a.host === b.host && a.port === b.port && a.tlsName === b.tlsName && a.dialsIn === b.dialsIn
  return sameHost && a.localAddress === b.localAddress && a.remoteAddress === b.remoteAddress
}

/** Receives what arrives over the line. */
export interface LineEvents {
  onMeasurements(batch: MeasurementBatch): void
  onNotice(notice: AssociationNotice): void
  /** Called on each new connection. */
  onConnected(): void
}

/** An open line: a connection that the gateway makes and re-makes, or a place kept for a hub that calls in. */
interface Connection {
  readonly association: Association
  readonly linkCounters: StationCounters
  /** Whether a connection attempt is in progress; a time-out bounds it. */
  isConnecting(): boolean
  /** Whether requests can be sent now. A connection that we make ourselves is tried by sending one. */
  canAsk(): boolean
  close(): Promise<void>
}

/** The DNP3 connection to one hub, opened and closed as needed, with counts over all its connections. */
export class HubLine {
  readonly #context: LinkContext
  readonly #log: Log
  readonly #events: LineEvents
  #connection: Connection | null = null
  /** Counts of closed connections. */
  #malformedBefore = 0
  #skippedBefore = 0
  #waiters: (() => void)[] = []

  constructor(context: LinkContext, log: Log, events: LineEvents) {
    this.#context = context
    this.#log = log
    this.#events = events
  }

  /** The logical link to the hub; `null` while the line is closed or the hub has not called in. */
  get association(): Association | null {
    return this.#connection?.canAsk() ? this.#connection.association : null
  }

  /** Whether the hub can be asked now: a connection attempt in progress is no open line. */
  get isOpen(): boolean {
    return this.#connection !== null && !this.#connection.isConnecting() && this.#connection.canAsk()
  }

  /** Frames and fragments that could not be read. */
  get malformed(): number {
    const connection = this.#connection
    if (connection === null) return this.#malformedBefore
    const { association, linkCounters } = connection
    return this.#malformedBefore + malformedFrames(linkCounters) + association.counters.malformed
  }

  /** Octets that belong to no frame. */
  get skippedOctets(): number {
    return this.#skippedBefore + (this.#connection?.linkCounters.link.skippedOctets ?? 0)
  }

  /** Starts connecting, or waiting for the hub to call in, and keeps at it until closed. */
  open(address: HubAddress): void {
    this.#connection = address.dialsIn === true ? this.#await(address) : this.#call(address)
  }

  #call(address: HubAddress): Connection | null {
    const { clock, gate, settings } = this.#context
    const tls = this.#tls(address)
    if (tls === 'no certificate') return null
    const { responseTimeoutMs: _, ...channelSettings } = settings
    const { host, port } = address
    const channel = connectTcpMaster({
      ...channelSettings,
      host,
      port,
      now: () => clock.now().toEpochMilli(),
      ...(tls === null ? {} : { tls }),
      reconnectTimers: gatedTimers(clock, gate),
      onState: (state, error) => this.#onState(state, error),
    })
    return {
      association: channel.associate(this.#associationOptions(address)),
      linkCounters: channel.linkCounters,
      isConnecting: () => channel.state === 'connecting',
      canAsk: () => true,
      close: () => channel.close(),
    }
  }

  #await(address: HubAddress): Connection | null {
    const onState = (state: ChannelState, error?: Error) => this.#onState(state, error)
    const place = this.#context.reception?.expect(address, this.#associationOptions(address), onState) ?? 'no port'
    if (typeof place === 'string') {
      this.#log.error({ reason: place, remoteAddress: address.remoteAddress }, 'hub cannot call in: not polled')
      return null
    }
    const { association, linkCounters } = place
    return {
      association,
      linkCounters,
      isConnecting: () => false,
      canAsk: () => place.isOpen(),
      close: () => place.leave(),
    }
  }

  #associationOptions({ localAddress, remoteAddress }: HubAddress): AssociationOptions {
    const { settings, permits } = this.#context
    return {
      localAddress,
      remoteAddress,
      responseTimeoutMs: settings.responseTimeoutMs,
      permits,
      // The gateway makes its own integrity polls, so that they keep to its clock.
      startUp: { integrityPoll: false },
      onMeasurements: (batch) => this.#events.onMeasurements(batch),
      onNotice: (notice) => this.#events.onNotice(notice),
    }
  }

  /** Ends the connection; operations in progress fail. */
  async close(): Promise<void> {
    const connection = this.#connection
    if (connection === null) return
    const [malformed, skipped] = [this.malformed, this.skippedOctets]
    this.#connection = null
    this.#malformedBefore = malformed
    this.#skippedBefore = skipped
    this.#wake()
    await connection.close()
  }

  /** Waits for a connection attempt in progress; the connect time-out bounds it. */
  async connecting(): Promise<void> {
    while (this.#connection?.isConnecting()) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve))
    }
  }

  /** The TLS options for calling the hub; `null` for plain TCP. A hub that requires TLS is never called without it. */
  #tls({ tlsName }: HubAddress): TlsOptions | null | 'no certificate' {
    const { identity } = this.#context
    if (tlsName === undefined) return null
    if (identity !== null) return { identity, peerNames: [tlsName] }
    this.#log.error('hub requires TLS, but the gateway has no certificate: not polled')
    return 'no certificate'
  }

  #onState(state: ChannelState, error?: Error): void {
    if (state === 'open') this.#events.onConnected()
    if (state === 'waiting') this.#log.debug({ error: error?.message }, 'no connection to hub')
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake()
  }
}

/** Waits by the clock, virtual or not, then for the gate. */
function gatedTimers(clock: Clock, gate: Gate): Timers {
  return {
    set: (ms, callback) => {
      let cancelAttempt: (() => void) | null = null
      const timer = clock.after('reconnect', ms, async () => {
        cancelAttempt = gate.enter(callback)
      })
      return () => {
        timer.cancel()
        cancelAttempt?.()
      }
    },
    clear: (cancel) => (cancel as () => void)(),
  }
}
