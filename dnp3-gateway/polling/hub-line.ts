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

/** Where a hub is, and how it is to be called. */
export type HubAddress = Pick<HubAssignment, 'host' | 'port' | 'dialsIn' | 'localAddress' | 'remoteAddress' | 'tlsName'>

/** Whether a hub is to be reached in the same way. */
export function sameAddress(a: HubAddress, b: HubAddress): boolean {
  const sameHost = a.host === b.host && a.port === b.port && a.tlsName === b.tlsName && a.dialsIn === b.dialsIn
  return sameHost && a.localAddress === b.localAddress && a.remoteAddress === b.remoteAddress
}

/** Told of what comes over the line. */
export interface LineEvents {
  onMeasurements(batch: MeasurementBatch): void
  onNotice(notice: AssociationNotice): void
  /** A new connection is there. */
  onConnected(): void
}

/** An open line: a connection that the gateway makes and makes again, or a place kept for a hub that calls. */
interface Connection {
  readonly association: Association
  readonly linkCounters: StationCounters
  /** Whether an attempt to connect is under way, and bounded by a time-out. */
  isConnecting(): boolean
  /** Whether anything can be asked of the hub now. A connection that we make ourselves is tried by asking. */
  canAsk(): boolean
  close(): Promise<void>
}

/** The DNP3 connection to one hub: opened and closed as often as need be, with counts over all its connections. */
export class HubLine {
  readonly #context: LinkContext
  readonly #log: Log
  readonly #events: LineEvents
  #connection: Connection | null = null
  /** Counts of connections that are gone. */
  #malformedBefore = 0
  #skippedBefore = 0
  #waiters: (() => void)[] = []

  constructor(context: LinkContext, log: Log, events: LineEvents) {
    this.#context = context
    this.#log = log
    this.#events = events
  }

  /** The logical link to the hub; `null` while the line is closed, or the hub has not called. */
  get association(): Association | null {
    return this.#connection?.canAsk() ? this.#connection.association : null
  }

  /** Frames and fragments that could not be read. */
  get malformed(): number {
    const connection = this.#connection
    if (connection === null) return this.#malformedBefore
    const { association, linkCounters } = connection
    return this.#malformedBefore + malformedFrames(linkCounters) + association.counters.malformed
  }

  /** Octets that were in no frame. */
  get skippedOctets(): number {
    return this.#skippedBefore + (this.#connection?.linkCounters.link.skippedOctets ?? 0)
  }

  /** Begins to connect, or to await the hub's call, and keeps at it until closed. */
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
      this.#log.error({ reason: place, remoteAddress: address.remoteAddress }, 'hub cannot call: it is not polled')
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
      // Integrity polls are the gateway's own, so that they keep to its clock.
      startUp: { integrityPoll: false },
      onMeasurements: (batch) => this.#events.onMeasurements(batch),
      onNotice: (notice) => this.#events.onNotice(notice),
    }
  }

  /** Ends the connection; what is under way on it fails. */
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

  /** Waits while an attempt to connect is under way; it is bounded by the connect time-out. */
  async connecting(): Promise<void> {
    while (this.#connection?.isConnecting()) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve))
    }
  }

  /** The TLS identity and name for the call, `null` for plain TCP. A hub that wants TLS is never called without. */
  #tls({ tlsName }: HubAddress): TlsOptions | null | 'no certificate' {
    const { identity } = this.#context
    if (tlsName === undefined) return null
    if (identity !== null) return { identity, peerNames: [tlsName] }
    this.#log.error('hub is to be called by TLS, but the gateway has no certificate: it is not polled')
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

/** Waits that follow the clock, virtual or not; then the gate. */
function gatedTimers(clock: Clock, gate: Gate): Timers {
  return {
    set: (ms, callback) => {
      let withdraw: (() => void) | null = null
      const timer = clock.at('reconnect', clock.now().plusMillis(Math.ceil(ms)), async () => {
        withdraw = gate.enter(callback)
      })
      return () => {
        timer.cancel()
        withdraw?.()
      }
    },
    clear: (cancel) => (cancel as () => void)(),
  }
}
