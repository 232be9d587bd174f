/** A master's connection to one host, maintained with jittered backoff, and the associations that use it. */
import type { Dial, Runtime, Timers, Wire } from '../app/runtime.ts'
import { RESERVED_ADDRESS } from '../spec/link.ts'
import {
  newPeer,
  newStationCounters,
  type Peer,
  Station,
  type StationCounters,
  type StationTrace,
} from '../transport/station.ts'
import { Association, type AssociationOptions } from './association.ts'
import { CHANNEL, type ChannelEvent, type ChannelState } from './channel-table.ts'

export interface ChannelOptions {
  /** First wait before a new attempt to connect, in real ms; doubles with each failure; default 500. */
  readonly reconnectMinMs?: number
  /** Longest wait; default 60,000. Each wait is multiplied by a random factor between ½ and 1. */
  readonly reconnectMaxMs?: number
  /** Timers for the waits before new attempts; default the runtime's. With a virtual clock's, reconnection follows virtual time. */
  readonly reconnectTimers?: Timers
  /** Ask for link status after this much silence, in real ms; 0 never asks; default 60,000. */
  readonly keepAliveMs?: number
  /** Drop the connection if the answer takes longer, in real ms; default 10,000. */
  readonly linkTimeoutMs?: number
  /** Sees frames and fragments, for a live log. */
  readonly trace?: StationTrace
  /** Called on each change of state; `error` says why a connection failed or ended. */
  readonly onState?: (state: ChannelState, error?: Error) => void
}

const DEFAULT_MAX_FRAGMENT = 4096

interface Member {
  readonly association: Association
  readonly peer: Peer
}

export class MasterChannel {
  state: ChannelState = 'idle'
  /** Counts below the application, over all connections. */
  readonly linkCounters: StationCounters = newStationCounters()
  private readonly dial: Dial
  private readonly runtime: Runtime
  private readonly options: ChannelOptions
  private readonly members = new Map<number, Member>()
  /** The last peer heard: most channels have only one. */
  private recent: Peer | null = null
  private station: Station
  private wire: Wire | null = null
  private failures = 0
  private retryTimer: unknown = null
  private keepAliveTimer: unknown = null
  private heard = false
  /** Whether a link status request awaits its answer. */
  private asked = false
  private closers: (() => void)[] = []
  /** Told when a probe has been answered. */
  private provers: (() => void)[] = []

  constructor(dial: Dial, runtime: Runtime, options: ChannelOptions = {}) {
    this.dial = dial
    this.runtime = runtime
    this.options = options
    this.station = this.newStation()
  }

  /** Adds an outstation. Throws if its address is in use on this channel. */
  associate(options: AssociationOptions): Association {
    const local = options.localAddress ?? 1
    const remote = options.remoteAddress
    if (!isAddress(local) || !isAddress(remote)) throw new RangeError('addresses are 0–65519')
    if (this.members.has(remote)) throw new RangeError(`address ${remote} is in use on this channel`)
    const peer = newPeer(local, remote, options.maxFragmentOctets ?? DEFAULT_MAX_FRAGMENT, this.linkCounters.transport)
    const association = new Association(options, this.runtime, (fragment) => this.send(peer, fragment))
    peer.receiver = association.receiver
    this.members.set(remote, { association, peer })
    if (this.state === 'open') association.onUp()
    return association
  }

  /** Removes an outstation; its queued operations fail with `closed`. */
  async dissociate(association: Association): Promise<void> {
    if (this.members.get(association.remoteAddress)?.association !== association) return
    this.members.delete(association.remoteAddress)
    this.recent = null
    await association.close()
  }

  /** Connects, and keeps reconnecting until closed. */
  open(): this {
    if (this.state === 'idle') {
      this.move('open')
      this.connect()
    }
    return this
  }

  /** Closes for good: ends the associations, flushes and closes the connection. Resolves when done. */
  async close(): Promise<void> {
    this.move('close')
    this.clearTimers()
    const associations = [...this.members.values()].map(({ association }) => association.close())
    this.wire?.close()
    await Promise.all(associations)
    if (this.state !== 'closed') await new Promise<void>((resolve) => this.closers.push(resolve))
  }

  /**
   * Asks for link status at once, in addition to the watch on silence: a dead connection is dropped after `linkTimeoutMs`, and `onAlive` is
   * called if the peer answers.
   */
  probe(onAlive: () => void): void {
    if (this.state !== 'open') return
    this.provers.push(onAlive)
    if (this.asked) return
    this.runtime.timers.clear(this.keepAliveTimer)
    this.ask()
  }

  private newStation(): Station {
    return new Station({
      isMaster: true,
      send: (octets) => this.wire?.send(octets),
      route: (destination, source) => {
        if (this.recent?.remote !== source) this.recent = this.members.get(source)?.peer ?? null
        return this.recent?.local === destination ? this.recent : undefined
      },
      counters: this.linkCounters,
      ...(this.runtime.alloc === undefined ? {} : { alloc: this.runtime.alloc }),
      ...(this.options.trace === undefined ? {} : { trace: this.options.trace }),
    })
  }

  private send(peer: Peer, fragment: Uint8Array): boolean {
    if (this.state !== 'open') return false
    this.station.sendFragment(peer, fragment)
    return true
  }

  private connect(): void {
    this.station = this.newStation()
    const { station } = this
    this.wire = this.dial({
      opened: () => this.onOpened(),
      received: (chunk) => {
        this.onHeard()
        station.receive(chunk)
      },
      closed: (error) => this.onClosed(error),
    })
  }

  private onOpened(): void {
    if (!this.move('opened')) return
    for (const { association, peer } of this.members.values()) {
      peer.reassembler.reset()
      peer.secondary = 'unreset'
      association.onUp()
    }
    this.watch()
  }

  private onClosed(error?: Error): void {
    const wasOpen = this.state === 'open'
    this.wire = null
    this.clearTimers()
    this.move('wire-closed', error)
    if (wasOpen) for (const { association } of this.members.values()) association.onDown()
    if (this.state === 'waiting') this.retryLater()
    if (this.state === 'closed') for (const resolve of this.closers.splice(0)) resolve()
  }

  private get reconnectTimers(): Timers {
    return this.options.reconnectTimers ?? this.runtime.timers
  }

  private retryLater(): void {
    const { reconnectMinMs = 500, reconnectMaxMs = 60_000 } = this.options
    const wait = Math.min(reconnectMaxMs, reconnectMinMs * 2 ** Math.min(this.failures, 30))
    this.failures++
    this.retryTimer = this.reconnectTimers.set(wait * (0.5 + this.runtime.random() / 2), () => {
      this.retryTimer = null
      if (this.move('retry')) this.connect()
    })
  }

  /**
   * The peer is alive. Only now does the backoff end: a peer that accepts connections and drops them must not be called
   * ever more often. An answer to a link status request restarts the watch.
   */
  private onHeard(): void {
    this.heard = true
    this.failures = 0
    if (!this.asked || this.state !== 'open') return
    this.runtime.timers.clear(this.keepAliveTimer)
    this.watch()
    for (const tell of this.provers.splice(0)) tell()
  }

  /** Asks for link status on a silent connection; drops a dead one, so that a new one is made. */
  private watch(): void {
    const { keepAliveMs = 60_000 } = this.options
    this.heard = false
    this.asked = false
    if (keepAliveMs <= 0) return
    this.keepAliveTimer = this.runtime.timers.set(keepAliveMs, () => {
      this.keepAliveTimer = null
      const [first] = this.members.values()
      if (this.heard || first === undefined) return this.watch()
      this.ask()
    })
  }

  private ask(): void {
    const [first] = this.members.values()
    if (first === undefined) return
    this.asked = true
    this.keepAliveTimer = this.runtime.timers.set(this.options.linkTimeoutMs ?? 10_000, () => {
      this.keepAliveTimer = null
      this.wire?.close()
    })
    this.station.requestLinkStatus(first.peer)
  }

  private clearTimers(): void {
    const { timers } = this.runtime
    if (this.retryTimer !== null) this.reconnectTimers.clear(this.retryTimer)
    if (this.keepAliveTimer !== null) timers.clear(this.keepAliveTimer)
    this.retryTimer = this.keepAliveTimer = null
    this.provers = []
  }

  private move(event: ChannelEvent, error?: Error): boolean {
    const next = CHANNEL[this.state][event]
    if (next === this.state) return false
    this.state = next
    this.options.onState?.(next, error)
    return true
  }
}

function isAddress(address: number): boolean {
  return Number.isInteger(address) && address >= 0 && address < RESERVED_ADDRESS
}
