/**
 * One end of a stream of frames, shared by master and outstation: frames in, fragments out, and back. Knows addresses,
 * directions and the link services; no timers, no I/O.
 */
import { encodeFrame, type LinkFrame, primaryControl, secondaryControl } from '../link/frame.ts'
import { FrameParser, type LinkCounters, newLinkCounters } from '../link/parser.ts'
import { SECONDARY, type SecondaryState, secondaryEvent } from '../link/secondary.ts'
import { isBroadcast, LinkBit, LinkPrimary, linkFunctionSpec } from '../spec/link.ts'
import { newTransportCounters, Reassembler, type TransportCounters } from './reassembler.ts'
import { type Alloc, frameFragment, segmentCount } from './segmenter.ts'

/** Everything counted below the application, by connection or by device. */
export interface StationCounters {
  readonly link: LinkCounters
  readonly transport: TransportCounters
  /** Frames with the wrong direction bit, an address that is not ours, or an unsuitable link function. */
  misdirected: number
  linkServices: number
  octetsIn: number
  octetsOut: number
}

export function newStationCounters(): StationCounters {
  return {
    link: newLinkCounters(),
    transport: newTransportCounters(),
    misdirected: 0,
    linkServices: 0,
    octetsIn: 0,
    octetsOut: 0,
  }
}

/** Frames refused by the link layer plus fragments refused by the transport: the total of "malformed" below the application. */
export function malformedFrames(counters: StationCounters): number {
  const { link, transport } = counters
  return (
    link.badHeaderCrc +
    link.badLength +
    link.badBodyCrc +
    transport.badSequence +
    transport.tooLong +
    transport.abandoned
  )
}

/** A pair of addresses on a connection, and its transport state. */
export interface Peer {
  readonly local: number
  readonly remote: number
  readonly reassembler: Reassembler
  secondary: SecondaryState
  sendSequence: number
  receiver: FragmentReceiver
}

/** The receiver of a peer's fragments. */
export interface FragmentReceiver {
  /** Takes a fragment, valid during the call only; `broadcast` is the address it was sent to, or 0. */
  receive(fragment: Uint8Array, broadcast: number): void
}

const NOBODY: FragmentReceiver = { receive: () => {} }

/** Sees what passes through a station, for logs. Frames and fragments are valid during the call only. */
export interface StationTrace {
  frame(direction: 'in' | 'out', frame: Readonly<LinkFrame>): void
  fragment(direction: 'in' | 'out', source: number, destination: number, fragment: Uint8Array): void
  /** Something could not be read; `fault` is the counter that grew. */
  fault(fault: string): void
}

export interface StationOptions {
  /** Masters send with the direction bit set. */
  readonly isMaster: boolean
  readonly send: (octets: Uint8Array) => void
  /** Finds the peer of a frame, or undefined to drop it. */
  readonly route: (destination: number, source: number) => Peer | undefined
  /** All peers that a broadcast reaches. */
  readonly broadcastPeers?: (source: number) => Iterable<Peer>
  readonly counters?: StationCounters
  readonly trace?: StationTrace
  /** Memory for outgoing octets; default plain arrays. */
  readonly alloc?: Alloc
}

/** A peer with fresh transport state; `maxFragment` limits its reassembly in octets. */
export function newPeer(local: number, remote: number, maxFragment: number, counters: TransportCounters): Peer {
  return {
    local,
    remote,
    reassembler: new Reassembler(maxFragment, counters),
    secondary: 'unreset',
    sendSequence: 0,
    receiver: NOBODY,
  }
}

const SEQUENCES = 64

const FAULTS = ['badHeaderCrc', 'badLength', 'badBodyCrc', 'badSequence', 'abandoned', 'tooLong'] as const

export class Station {
  readonly counters: StationCounters
  private readonly isMaster: boolean
  private readonly send: StationOptions['send']
  private readonly route: StationOptions['route']
  private readonly broadcastPeers: StationOptions['broadcastPeers']
  private readonly trace: StationTrace | undefined
  private readonly alloc: Alloc | undefined
  private readonly parser: FrameParser
  /** Parses our own octets again, for the trace. */
  private readonly outgoing: FrameParser | null

  constructor({ isMaster, send, route, broadcastPeers, counters, trace, alloc }: StationOptions) {
    this.isMaster = isMaster
    this.send = send
    this.route = route
    this.broadcastPeers = broadcastPeers
    this.trace = trace
    this.alloc = alloc
    this.counters = counters ?? newStationCounters()
    const { link } = this.counters
    if (trace === undefined) this.parser = new FrameParser((frame) => this.onFrame(frame), link)
    else {
      this.parser = new FrameParser((frame) => {
        trace.frame('in', frame)
        this.onFrame(frame)
      }, link)
    }
    this.outgoing = trace === undefined ? null : new FrameParser((frame) => trace.frame('out', frame))
  }

  /** Takes octets from the wire. */
  receive(chunk: Uint8Array): void {
    this.counters.octetsIn += chunk.length
    const { trace } = this
    if (trace === undefined) this.parser.push(chunk)
    else this.receiveTraced(chunk, trace)
  }

  private receiveTraced(chunk: Uint8Array, trace: StationTrace): void {
    const { link, transport } = this.counters
    const before = { ...link, ...transport }
    this.parser.push(chunk)
    const after = { ...link, ...transport }
    for (const name of FAULTS) if (after[name] > before[name]) trace.fault(name)
  }

  /** Sends a fragment as unconfirmed user data, all frames in one write. */
  sendFragment(peer: Peer, fragment: Uint8Array): void {
    this.trace?.fragment('out', peer.local, peer.remote, fragment)
    const control = primaryControl(this.isMaster, LinkPrimary.unconfirmedUserData)
    const segments = segmentCount(fragment.length)
    // A first segment may have any sequence (clause 8.2); some receivers lose a fragment if its sequence wraps within.
    if (peer.sendSequence + segments > SEQUENCES) peer.sendSequence = 0
    const octets = frameFragment(fragment, control, peer.remote, peer.local, peer.sendSequence, this.alloc)
    peer.sendSequence = (peer.sendSequence + segments) % SEQUENCES
    this.write(octets)
  }

  /** Asks the peer's link layer for a sign of life (clause 9.2.6). */
  requestLinkStatus(peer: Peer): void {
    this.write(encodeFrame(primaryControl(this.isMaster, LinkPrimary.requestLinkStatus), peer.remote, peer.local))
  }

  private write(octets: Uint8Array): void {
    this.counters.octetsOut += octets.length
    this.outgoing?.push(octets)
    this.send(octets)
  }

  private onFrame(frame: LinkFrame): void {
    const fromMaster = (frame.control & LinkBit.dir) !== 0
    if (fromMaster === this.isMaster) {
      this.counters.misdirected++
    } else if (isBroadcast(frame.destination)) {
      this.onBroadcast(frame)
    } else {
      const peer = this.route(frame.destination, frame.source)
      if (peer === undefined) this.counters.misdirected++
      else this.onPeerFrame(peer, frame)
    }
  }

  /** Broadcasts carry user data only and are never answered at the link (clause 9.2.4.1.4). */
  private onBroadcast(frame: LinkFrame): void {
    const spec = linkFunctionSpec(frame.control)
    const peers = this.broadcastPeers?.(frame.source)
    if (spec === undefined || !spec.primary || spec.counted || !spec.data || peers === undefined) {
      this.counters.misdirected++
      return
    }
    for (const peer of peers) this.pass(peer, frame, frame.destination)
  }

  private onPeerFrame(peer: Peer, frame: LinkFrame): void {
    if ((frame.control & LinkBit.prm) === 0) {
      this.counters.linkServices++
      return
    }
    const step = SECONDARY[peer.secondary][secondaryEvent(frame.control)]
    peer.secondary = step.next
    if (step.reply >= 0) {
      this.counters.linkServices++
      this.write(encodeFrame(secondaryControl(this.isMaster, step.reply), peer.remote, peer.local))
    }
    if (step.deliver) this.pass(peer, frame, 0)
  }

  private pass(peer: Peer, frame: LinkFrame, broadcast: number): void {
    const fragment = peer.reassembler.push(frame.payload, frame.length)
    if (fragment === null) return
    this.trace?.fragment('in', peer.remote, broadcast === 0 ? peer.local : broadcast, fragment)
    peer.receiver.receive(fragment, broadcast)
    peer.reassembler.release()
  }
}
