import type { Clock, Timer } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { HubAssignment } from '../../schemas/gateway.ts'
import {
  type Association,
  type AssociationNotice,
  type ChannelState,
  connectTcpMaster,
  type MasterChannel,
  type MeasurementBatch,
  malformedFrames,
  type Timers,
  type TlsOptions,
} from '../dnp3/index.ts'
import type { LinkContext } from './link-context.ts'

/** Where a hub is, and how it is to be called. */
export type HubAddress = Pick<HubAssignment, 'host' | 'port' | 'localAddress' | 'remoteAddress' | 'tlsName'>

/** Whether a hub is to be reached in the same way. */
export function sameAddress(a: HubAddress, b: HubAddress): boolean {
  const sameHost = a.host === b.host && a.port === b.port && a.tlsName === b.tlsName
  return sameHost && a.localAddress === b.localAddress && a.remoteAddress === b.remoteAddress
}

/** Told of what comes over the line. */
export interface LineEvents {
  onMeasurements(batch: MeasurementBatch): void
  onNotice(notice: AssociationNotice): void
  /** A new connection is there. */
  onConnected(): void
}

/** The DNP3 connection to one hub: opened and closed as often as need be, with counts over all its connections. */
export class HubLine {
  readonly #context: LinkContext
  readonly #log: Log
  readonly #events: LineEvents
  #channel: MasterChannel | null = null
  #association: Association | null = null
  /** Counts of channels that are gone. */
  #malformedBefore = 0
  #skippedBefore = 0
  #waiters: (() => void)[] = []

  constructor(context: LinkContext, log: Log, events: LineEvents) {
    this.#context = context
    this.#log = log
    this.#events = events
  }

  /** The logical link to the hub; `null` while the line is closed. */
  get association(): Association | null {
    return this.#association
  }

  /** Frames and fragments that could not be read. */
  get malformed(): number {
    const link = this.#channel === null ? 0 : malformedFrames(this.#channel.linkCounters)
    return this.#malformedBefore + link + (this.#association?.counters.malformed ?? 0)
  }

  /** Octets that were in no frame. */
  get skippedOctets(): number {
    return this.#skippedBefore + (this.#channel?.linkCounters.link.skippedOctets ?? 0)
  }

  /** Begins to connect, and keeps at it until closed. */
  open(address: HubAddress): void {
    const { clock, settings, permits } = this.#context
    const tls = this.#tls(address)
    if (tls === 'no certificate') return
    const { responseTimeoutMs, ...channelSettings } = settings
    const { host, port, localAddress, remoteAddress } = address
    const channel = connectTcpMaster({
      ...{ ...channelSettings, host, port, now: () => clock.now().toEpochMilli() },
      ...(tls === null ? {} : { tls }),
      reconnectTimers: clockTimers(clock),
      onState: (state, error) => this.#onState(state, error),
    })
    this.#channel = channel
    this.#association = channel.associate({
      ...{ localAddress, remoteAddress, responseTimeoutMs, permits },
      // Integrity polls are the gateway's own, so that they keep to its clock.
      startUp: { integrityPoll: false },
      onMeasurements: (batch) => this.#events.onMeasurements(batch),
      onNotice: (notice) => this.#events.onNotice(notice),
    })
  }

  /** Ends the connection; what is under way on it fails. */
  async close(): Promise<void> {
    const channel = this.#channel
    if (channel === null) return
    const [malformed, skipped] = [this.malformed, this.skippedOctets]
    this.#channel = this.#association = null
    this.#malformedBefore = malformed
    this.#skippedBefore = skipped
    this.#wake()
    await channel.close()
  }

  /** Waits while an attempt to connect is under way; it is bounded by the connect time-out. */
  async connecting(): Promise<void> {
    while (this.#channel?.state === 'connecting') {
      await new Promise<void>((resolve) => this.#waiters.push(resolve))
    }
  }

  /** By which TLS the hub is called, `null` for plain TCP. A hub that wants TLS is never called without. */
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

/** Waits that follow the clock, virtual or not. */
function clockTimers(clock: Clock): Timers {
  return {
    set: (ms, callback) => clock.at('reconnect', clock.now().plusMillis(Math.ceil(ms)), async () => callback()),
    clear: (timer) => (timer as Timer).cancel(),
  }
}
