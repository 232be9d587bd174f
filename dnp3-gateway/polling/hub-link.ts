import type { Clock, Timer } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { HubAssignment } from '../../schemas/gateway.ts'
import type { Spool } from '../delivery/spool.ts'
import {
  type Association,
  type AssociationNotice,
  type ChannelState,
  connectTcpMaster,
  type Dnp3Error,
  type MasterChannel,
  type MeasurementBatch,
  malformedFrames,
  type Outcome,
  type ResponseSummary,
  type Timers,
  type TlsIdentity,
  type TlsOptions,
} from '../dnp3/index.ts'
import { driftLimitMs, measureDrift } from './clock-drift.ts'
import { DeadBandFilter } from './dead-band.ts'
import type { PointMap, PointMapCache } from './point-map.ts'
import { Quarantine, type QuarantineRules, rubbishOf } from './quarantine.ts'
import { readingsOf } from './readings.ts'
import type { PollKind } from './schedule.ts'
import { type HubStatus, newHubStatus } from './status.ts'
import { UnmappedPoints } from './unmapped.ts'

/** Time-outs of real sockets, and how often devices' clocks are compared; all by default. */
export interface LinkSettings {
  /** Longest wait for each response fragment, real ms. */
  readonly responseTimeoutMs: number
  readonly connectTimeoutMs: number
  /** A connection that is silent for so long is asked for a sign of life, and given up without one (FM25), real ms. */
  readonly keepAliveMs: number
  readonly linkTimeoutMs: number
  /** First and longest wait before a new attempt to connect, by the clock; jittered. */
  readonly reconnectMinMs: number
  readonly reconnectMaxMs: number
  readonly driftCheckMs: number
  readonly quarantine: QuarantineRules
}

/** What all links of a gateway share. */
export interface LinkContext {
  readonly clock: Clock
  readonly log: Log
  readonly spool: Spool
  readonly maps: PointMapCache
  readonly settings: LinkSettings
  /** Whether a request may be sent to a hub at all. */
  readonly permits: (request: Uint8Array) => boolean
  /** What the gateway shows to hubs that are called by TLS; `null` if it has no certificate. */
  readonly identity: TlsIdentity | null
}

type HubAddress = Pick<HubAssignment, 'host' | 'port' | 'localAddress' | 'remoteAddress' | 'tlsName'>

/** One hub: its connection, its polls and what is known of it. Nothing that it does or fails to do touches another hub. */
export class HubLink {
  readonly #context: LinkContext
  readonly #log: Log
  readonly #status: HubStatus
  readonly #unmapped = new UnmappedPoints()
  readonly #quarantine: Quarantine
  readonly #filter: DeadBandFilter
  #address: HubAddress
  #map: PointMap
  #channel: MasterChannel | null = null
  #association: Association | null = null
  /** Malformed frames and skipped octets of channels that are gone. */
  #malformedBefore = 0
  #skippedBefore = 0
  #polling = false
  /** What we hold may have gaps (a new connection, a restart, an overflow): the next poll reads everything. */
  #stale = true
  #nextDriftCheckMs = 0
  #stateWaiters: (() => void)[] = []

  constructor(hub: HubAssignment, context: LinkContext) {
    this.#context = context
    this.#log = context.log.child({ hub: hub.name, hubId: hub.hubId })
    this.#status = newHubStatus(hub.hubId, hub.name)
    this.#quarantine = new Quarantine(context.settings.quarantine)
    this.#filter = new DeadBandFilter(hub.integrityPollS)
    this.#address = hub
    this.#map = context.maps.get(hub.pointMap)
  }

  get status(): Readonly<HubStatus> {
    this.#count()
    return this.#status
  }

  /** Takes a changed assignment; only another address costs the connection. */
  async change(hub: HubAssignment): Promise<void> {
    this.#filter.setInterval(hub.integrityPollS)
    this.#map = this.#context.maps.get(hub.pointMap)
    if (sameAddress(this.#address, hub)) return
    const opened = this.#channel !== null
    await this.close()
    this.#address = hub
    if (opened) this.open()
  }

  /** Polls the hub once and does all that its answer asks for. While a poll is still under way, another one is not begun. */
  async poll(kind: PollKind): Promise<void> {
    if (this.#polling || this.#quarantine.untilMs !== null) return
    this.#polling = true
    try {
      await this.#connecting()
      const association = this.#association
      if (association === null) return
      const read = await this.#read(association, kind)
      if (read && this.#stale) await this.#read(association, 'integrity')
      await association.idle()
      if (kind === 'integrity' && this.#status.link === 'online') await this.#checkClock(association)
    } finally {
      this.#polling = false
    }
  }

  /** Judges what the hub has sent of late; puts it into quarantine or takes it out (FM27). */
  judge(nowMs: number): void {
    this.#count()
    const verdict = this.#quarantine.judge(this.#rubbish(), nowMs)
    if (verdict === null) return
    this.#status.quarantinedUntilMs = this.#quarantine.untilMs
    if (verdict === 'end') {
      this.#log.info('hub leaves quarantine')
      this.open()
      return
    }
    this.#status.link = 'offline'
    const until = new Date(this.#quarantine.untilMs ?? nowMs).toISOString()
    this.#log.error({ until, malformedFrames: this.#status.malformedFrames }, 'hub sends rubbish and is quarantined')
    void this.close()
  }

  async close(): Promise<void> {
    this.#count()
    const channel = this.#channel
    if (channel === null) return
    this.#malformedBefore = this.#status.malformedFrames
    this.#skippedBefore += channel.linkCounters.link.skippedOctets
    this.#channel = this.#association = null
    this.#wake()
    await channel.close()
  }

  /** Begins to connect, and keeps at it until closed. */
  open(): void {
    const { clock, settings } = this.#context
    const tls = this.#tls()
    if (tls === 'no certificate') return
    const { responseTimeoutMs, ...channelSettings } = settings
    const channel = connectTcpMaster({
      ...channelSettings,
      ...{ host: this.#address.host, port: this.#address.port, now: () => clock.now().toEpochMilli() },
      ...(tls === null ? {} : { tls }),
      reconnectTimers: clockTimers(clock),
      onState: (state, error) => this.#onState(state, error),
    })
    this.#channel = channel
    this.#association = channel.associate({
      ...{ localAddress: this.#address.localAddress, remoteAddress: this.#address.remoteAddress, responseTimeoutMs },
      // Integrity polls are the gateway's own, so that they keep to its clock.
      startUp: { integrityPoll: false },
      permits: this.#context.permits,
      onMeasurements: (batch) => this.#take(batch),
      onNotice: (notice) => this.#onNotice(notice),
    })
  }

  /** By which TLS the hub is called, `null` for plain TCP. A hub that wants TLS is never called without. */
  #tls(): TlsOptions | null | 'no certificate' {
    const { tlsName } = this.#address
    const { identity } = this.#context
    if (tlsName === undefined) return null
    if (identity !== null) return { identity, peerNames: [tlsName] }
    this.#log.error('hub is to be called by TLS, but the gateway has no certificate: it is not polled')
    return 'no certificate'
  }

  /** Waits while an attempt to connect is under way; it is bounded by the connect time-out. */
  async #connecting(): Promise<void> {
    while (this.#channel?.state === 'connecting') {
      await new Promise<void>((resolve) => this.#stateWaiters.push(resolve))
    }
  }

  async #read(association: Association, kind: PollKind): Promise<boolean> {
    this.#status.polls++
    const whole = kind === 'integrity' || this.#stale
    const outcome = await (whole ? association.integrityPoll() : association.classPoll([1, 2, 3]))
    if (outcome.ok && whole) this.#stale = false
    this.#note(outcome)
    return outcome.ok
  }

  #note(outcome: Outcome<ResponseSummary>): void {
    const status = this.#status
    // An answer that our own spool could not take is no fault of the hub.
    if (outcome.ok || outcome.error.code === 'handler-failed') {
      status.lastAnswerMs = this.#context.clock.now().toEpochMilli()
      if (status.link === 'offline') this.#log.info('hub answers')
      status.link = 'online'
      return
    }
    status.failedPolls++
    if (status.link === 'online' || status.polls === 1)
      this.#log.warn({ error: shortOf(outcome.error) }, 'hub does not answer')
    status.link = 'offline'
  }

  /** Readings are in the spool before the hub is told that it may forget its events. */
  #take(batch: MeasurementBatch): void {
    const { count, text } = readingsOf(batch, this.#map, this.#filter, (group, index) =>
      this.#unmapped.note(group, index),
    )
    const { found, total } = this.#unmapped.takeNew()
    this.#status.unmappedPoints = total
    this.#status.leftOut = this.#filter.leftOut
    if (found.length > 0) this.#log.warn({ points: found }, 'hub answers with points that its point map does not know')
    if (count === 0) return
    try {
      this.#context.spool.append(this.#status.hubId, count, text)
      this.#status.readings += count
    } catch (error) {
      this.#status.refusedReadings += count
      this.#filter.forget()
      throw error
    }
  }

  #onNotice(notice: AssociationNotice): void {
    if (notice.kind === 'restarted') {
      this.#stale = true
      this.#status.restarts++
      this.#log.info('hub has restarted')
    } else if (notice.kind === 'event-gap') {
      this.#stale = true
      this.#status.eventGaps++
      this.#log.warn('hub lost events: its buffer was full')
    } else if (notice.kind === 'recovery-failed') {
      this.#log.warn({ recovery: notice.recovery, code: notice.code }, 'hub did not take a recovery')
    }
  }

  #onState(state: ChannelState, error?: Error): void {
    if (state === 'open') {
      this.#stale = true
      this.#nextDriftCheckMs = 0
    }
    if (state === 'waiting') this.#log.debug({ error: error?.message }, 'no connection to hub')
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#stateWaiters.splice(0)) wake()
  }

  async #checkClock(association: Association): Promise<void> {
    const { clock, settings } = this.#context
    const nowMs = clock.now().toEpochMilli()
    if (nowMs < this.#nextDriftCheckMs) return
    this.#nextDriftCheckMs = nowMs + settings.driftCheckMs
    const driftMs = await measureDrift(association, () => clock.now().toEpochMilli())
    if (driftMs === 'unsure') {
      this.#nextDriftCheckMs = 0
      return
    }
    this.#status.clockDriftMs = driftMs
    if (driftMs === null || Math.abs(driftMs) <= driftLimitMs) return
    this.#log.warn({ driftMs }, 'clock of hub is off: it is set')
    await association.timeSync()
    // The next poll measures again, so that the flag goes when the clock has taken the time.
    this.#nextDriftCheckMs = 0
  }

  #count(): void {
    const { linkCounters } = this.#channel ?? {}
    if (!linkCounters) return
    const here = malformedFrames(linkCounters) + (this.#association?.counters.malformed ?? 0)
    this.#status.malformedFrames = this.#malformedBefore + here
  }

  #rubbish(): number {
    const skipped = this.#skippedBefore + (this.#channel?.linkCounters.link.skippedOctets ?? 0)
    return rubbishOf(this.#status.malformedFrames, skipped)
  }
}

/** Whether a hub is to be reached in the same way. */
export function sameAddress(a: HubAddress, b: HubAddress): boolean {
  const sameHost = a.host === b.host && a.port === b.port && a.tlsName === b.tlsName
  return sameHost && a.localAddress === b.localAddress && a.remoteAddress === b.remoteAddress
}

function shortOf({ code, message, cause }: Dnp3Error): string {
  return cause instanceof Error ? `${code}: ${cause.message}` : `${code}: ${message}`
}

/** Waits that follow the clock, virtual or not. */
function clockTimers(clock: Clock): Timers {
  return {
    set: (ms, callback) => clock.at('reconnect', clock.now().plusMillis(Math.ceil(ms)), async () => callback()),
    clear: (timer) => (timer as Timer).cancel(),
  }
}
