/**
 * Masters that are called: a port for outstations (monitors behind a mobile network) to call. The source address of the
 * first frame identifies the caller; the connection then serves that outstation's association. An outstation that waits for
 * the master to speak first can be identified by its network address or certificate, with `identify`.
 *
 * Without TLS such a claim proves nothing: anybody can send a link address. So it never ends a connection that is in use. The present
 * connection is asked for a sign of life (link status, IEEE 1815-2012 clause 9.2.6); only if none comes the caller takes its place.
 */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Dial, Runtime, Wire, WireHandlers, WireTap } from '../app/runtime.ts'
import { FrameParser } from '../link/parser.ts'
import type { Association, AssociationOptions } from '../master/association.ts'
import { type ChannelOptions, MasterChannel } from '../master/channel.ts'
import { LinkBit } from '../spec/link.ts'
import type { StationCounters } from '../transport/station.ts'
import { type ListenOptions, listenSockets } from './endpoint.ts'
import { runtimeOf } from './runtime.ts'
import { SocketWire } from './socket-wire.ts'
import { certificateNames } from './tls.ts'

/** What is known of a caller before it speaks. */
export interface Caller {
  readonly address: string
  readonly port: number
  /** Names in its certificate; empty without TLS. */
  readonly certificateNames: readonly string[]
}

export interface MasterListenerOptions
  extends ListenOptions,
    Omit<ChannelOptions, 'onState' | 'reconnectMinMs' | 'reconnectMaxMs'>,
    Partial<Runtime> {
  /** Returns the outstation's link address if it is known before the outstation speaks. */
  readonly identify?: (caller: Caller) => number | undefined
  /** How long a caller may stay unidentified, in real ms; default 30,000. */
  readonly identifyTimeoutMs?: number
  /** Unidentified callers at a time; more are turned away; default 1,000. */
  readonly maxNameless?: number
  /** Called with each connection that was turned away, and why. */
  readonly onTurnedAway?: (caller: Caller, reason: TurnedAway) => void
  readonly tap?: () => WireTap
}

export type TurnedAway = 'silent' | 'unknown-address' | 'not-dnp3' | 'too-many' | 'in-use'

export interface MasterListener {
  readonly host: string
  readonly port: number
  /**
   * Adds an outstation, which may call from now on; `onState` reports when it has called (`open`) and when it is awaited
   * again. Throws if its address is in use here.
   */
  associate(options: AssociationOptions, onState?: ChannelOptions['onState']): Association
  /** What the layers below the application have counted for an outstation, over all its calls. */
  linkCounters(association: Association): StationCounters | undefined
  /** Removes an outstation and closes its connection. */
  dissociate(association: Association): Promise<void>
  close(): Promise<void>
}

/** Octets that may arrive before the first frame, or while a connection is being replaced. */
const MAX_HELD_OCTETS = 8192

/** Opens a port for outstations that call. Rejects if it is unavailable. */
export async function listenTcpMaster(options: MasterListenerOptions): Promise<MasterListener> {
  const desk = new Desk(options)
  const listening = await listenSockets(options, (socket) => desk.welcome(socket))
  return {
    host: listening.host,
    port: listening.port,
    associate: (association, onState) => desk.associate(association, onState),
    linkCounters: (association) => desk.placeOf(association)?.channel.linkCounters,
    dissociate: (association) => desk.dissociate(association),
    close: async () => {
      const closed = listening.close()
      await desk.close()
      await closed
    },
  }
}

/** An accepted connection: unidentified at first, then its outstation's. */
interface Visitor {
  readonly caller: Caller
  wire: Wire
  held: Uint8Array[]
  heldOctets: number
  /** The association's channel, once connected with it. */
  handlers: WireHandlers | null
  place: Place | null
  timer: unknown
  isClosed: boolean
}

/** An outstation's place: its channel connects by waiting here. */
interface Place {
  readonly channel: MasterChannel
  readonly association: Association
  waiting: WireHandlers | null
  visitor: Visitor | null
  next: Visitor | null
}

class Desk {
  private readonly options: MasterListenerOptions
  private readonly runtime: Runtime
  private readonly places = new Map<number, Place>()
  private readonly nameless = new Set<Visitor>()

  constructor(options: MasterListenerOptions) {
    this.options = options
    this.runtime = runtimeOf(options)
  }

  associate(options: AssociationOptions, onState?: ChannelOptions['onState']): Association {
    const address = options.remoteAddress
    if (this.places.has(address)) throw new RangeError(`address ${address} is in use on this port`)
    // The outstation does the waiting: between two connections there is nothing to wait for here.
    const channel = new MasterChannel(this.dial(address), this.runtime, {
      ...this.options,
      reconnectMinMs: 1,
      reconnectMaxMs: 1,
      ...(onState === undefined ? {} : { onState }),
    })
    const association = channel.associate(options)
    this.places.set(address, { channel, association, waiting: null, visitor: null, next: null })
    channel.open()
    return association
  }

  placeOf(association: Association): Place | undefined {
    const place = this.places.get(association.remoteAddress)
    return place?.association === association ? place : undefined
  }

  async dissociate(association: Association): Promise<void> {
    const place = this.placeOf(association)
    if (place === undefined) return
    this.places.delete(association.remoteAddress)
    place.next?.wire.close()
    await place.channel.close()
  }

  welcome(socket: Socket): void {
    const visitor = this.visitorOf(socket)
    const address = this.options.identify?.(visitor.caller)
    if (address !== undefined) this.seat(visitor, address, this.options.tls !== undefined)
    else if (this.nameless.size >= (this.options.maxNameless ?? 1_000)) this.turnAway(visitor, 'too-many')
    else {
      this.nameless.add(visitor)
      visitor.timer = this.runtime.timers.set(this.options.identifyTimeoutMs ?? 30_000, () =>
        this.turnAway(visitor, 'silent'),
      )
    }
  }

  async close(): Promise<void> {
    for (const visitor of this.nameless) visitor.wire.close()
    await Promise.all([...this.places.values()].map(({ association }) => this.dissociate(association)))
  }

  private visitorOf(socket: Socket): Visitor {
    const certificate = 'getPeerCertificate' in socket ? (socket as TLSSocket).getPeerCertificate() : null
    const visitor: Visitor = {
      caller: {
        address: socket.remoteAddress ?? '',
        port: socket.remotePort ?? 0,
        certificateNames: certificate === null ? [] : certificateNames(certificate),
      },
      wire: { send: () => {}, close: () => {} },
      held: [],
      heldOctets: 0,
      handlers: null,
      place: null,
      timer: null,
      isClosed: false,
    }
    const handlers: WireHandlers = {
      opened: () => {},
      received: (chunk) => this.onOctets(visitor, chunk),
      closed: (error) => this.onClosed(visitor, error),
    }
    visitor.wire = new SocketWire(socket, handlers, this.options.tap?.())
    return visitor
  }

  private onOctets(visitor: Visitor, chunk: Uint8Array): void {
    if (visitor.handlers !== null) {
      visitor.handlers.received(chunk)
      return
    }
    visitor.held.push(chunk.slice())
    visitor.heldOctets += chunk.length
    const address = this.nameless.has(visitor) ? sourceOf(visitor.held) : undefined
    if (address !== undefined) this.seat(visitor, address, false)
    else if (visitor.heldOctets > MAX_HELD_OCTETS) this.turnAway(visitor, 'not-dnp3')
  }

  private onClosed(visitor: Visitor, error: Error | undefined): void {
    visitor.isClosed = true
    this.forget(visitor)
    const { place } = visitor
    if (place?.next === visitor) place.next = null
    if (place?.visitor === visitor) place.visitor = null
    visitor.handlers?.closed(error)
  }

  /** @param isProven whether a certificate, not what the caller says, leads to the address. */
  private seat(visitor: Visitor, address: number, isProven: boolean): void {
    this.forget(visitor)
    const place = this.places.get(address)
    visitor.place = place ?? null
    if (place === undefined) this.turnAway(visitor, 'unknown-address')
    else if (place.waiting !== null) meet(place, visitor)
    else if (isProven) {
      // The same device, by its certificate: it has lost its connection, whether or not we have noticed.
      place.next?.wire.close()
      place.next = visitor
      place.visitor?.wire.close()
    } else this.askToStay(place, visitor)
  }

  /** Lets an unproved caller wait until the present connection has shown whether it lives. */
  private askToStay(place: Place, visitor: Visitor): void {
    if (place.next !== null) {
      this.turnAway(visitor, 'in-use')
      return
    }
    place.next = visitor
    place.channel.probe(() => {
      if (place.next !== visitor) return
      place.next = null
      this.turnAway(visitor, 'in-use')
    })
  }

  private turnAway(visitor: Visitor, reason: TurnedAway): void {
    this.forget(visitor)
    this.options.onTurnedAway?.(visitor.caller, reason)
    visitor.wire.close()
  }

  private forget(visitor: Visitor): void {
    this.nameless.delete(visitor)
    if (visitor.timer !== null) this.runtime.timers.clear(visitor.timer)
    visitor.timer = null
  }

  private dial(address: number): Dial {
    return (handlers) => {
      const place = this.places.get(address) as Place
      place.waiting = handlers
      queueMicrotask(() => {
        const { next } = place
        if (place.waiting !== handlers || next === null) return
        place.next = null
        if (!next.isClosed) meet(place, next)
      })
      return {
        send: (octets) => place.visitor?.wire.send(octets),
        close: () => {
          if (place.visitor !== null) place.visitor.wire.close()
          else if (place.waiting === handlers) {
            place.waiting = null
            queueMicrotask(() => handlers.closed())
          }
        },
      }
    }
  }
}

/** Joins caller and channel, and replays what the caller has said so far. */
function meet(place: Place, visitor: Visitor): void {
  const handlers = place.waiting as WireHandlers
  place.waiting = null
  place.visitor = visitor
  visitor.handlers = handlers
  const { held } = visitor
  visitor.held = []
  visitor.heldOctets = 0
  handlers.opened()
  for (const chunk of held) handlers.received(chunk)
}

/** Source address of the first whole frame from an outstation, or undefined. */
function sourceOf(chunks: readonly Uint8Array[]): number | undefined {
  let source: number | undefined
  const parser = new FrameParser((frame) => {
    if ((frame.control & LinkBit.dir) === 0) source ??= frame.source
  })
  for (const chunk of chunks) parser.push(chunk)
  return source
}
