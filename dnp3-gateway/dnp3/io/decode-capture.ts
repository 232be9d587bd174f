/** Decodes captures to application fragments: what two stations said to each other, and what could not be read and why. */
import { describeFragment, type FragmentDescription } from '../app/describe.ts'
import type { LinkFrame } from '../link/frame.ts'
import { FrameParser, type LinkCounters } from '../link/parser.ts'
import { LinkBit, LinkPrimary, linkFunctionSpec } from '../spec/link.ts'
import { Reassembler, type TransportCounters } from '../transport/reassembler.ts'
import { PacketReader, type Segment } from './packets.ts'
import { readCapture } from './pcap.ts'
import { DNP3_PORT } from './port.ts'
import { type Piece, TcpStream } from './tcp-stream.ts'

/** An application fragment, or a fault below the application, in the order in which the capture completes them. */
export type DecodedRecord =
  | ({
      /** Number of the packet that completes it. */
      readonly frame: number
      readonly source: number
      readonly destination: number
      readonly timeMs: number
    } & FragmentDescription)
  | { readonly frame: number; readonly timeMs: number; readonly error: string }

export interface DecodeOptions {
  /** TCP or UDP port of the outstations; default 20000. */
  readonly port?: number
  /** Largest fragment to reassemble, in octets; default 65,536. */
  readonly maxFragmentOctets?: number
}

/** Decodes a pcap or pcapng file. Throws `CaptureError` if it is neither. */
export function* decodeCapture(file: Uint8Array, options: DecodeOptions = {}): Generator<DecodedRecord> {
  const port = options.port ?? DNP3_PORT
  const flows = new Map<string, Flow>()
  const reader = new PacketReader()
  const unread = new Set<string>()
  let last = { frame: 0, timeMs: Number.NaN }
  for (const packet of readCapture(file)) {
    last = { frame: packet.number, timeMs: packet.timeMs }
    const segment = reader.read(packet)
    if (segment === null) continue
    if ('unread' in segment) {
      if (!unread.has(segment.unread)) yield { ...last, error: `packet: ${segment.unread} is not read` }
      unread.add(segment.unread)
      continue
    }
    if (segment.sourcePort !== port && segment.destinationPort !== port) continue
    const key = `${segment.protocol} ${segment.source}:${segment.sourcePort} ${segment.destination}:${segment.destinationPort}`
    let flow = flows.get(key)
    if (flow === undefined) {
      flow = new Flow(options.maxFragmentOctets ?? 65_536)
      flows.set(key, flow)
    }
    yield* flow.take(segment, packet.number, packet.timeMs)
  }
  for (const flow of flows.values()) yield* flow.end()
  const lost = reader.fragments.lost + reader.fragments.pending
  if (lost > 0) yield { ...last, error: `ip: ${lost} packets lack fragments that are not in the capture` }
}

/** One direction of one conversation. */
class Flow {
  private readonly stream = new TcpStream()
  private readonly parser: FrameParser
  private readonly links = new Map<number, Reassembler>()
  private readonly maxOctets: number
  private out: DecodedRecord[] = []
  private frame = 0
  private timeMs = 0
  private before: Record<string, number> = {}

  constructor(maxOctets: number) {
    this.maxOctets = maxOctets
    this.parser = new FrameParser((frame) => this.onFrame(frame))
  }

  take(segment: Segment, frame: number, timeMs: number): DecodedRecord[] {
    this.out = []
    if (segment.protocol === 'udp') {
      // A datagram holds whole frames: none continues in the next.
      this.parser.reset()
      this.read({ payload: segment.payload, frame, timeMs, missing: 0 })
      return this.out
    }
    if (segment.syn) {
      for (const piece of this.stream.flush()) this.read(piece)
      this.parser.reset()
    }
    for (const piece of this.stream.push(segment.sequence, segment.payload, segment.syn, frame, timeMs))
      this.read(piece)
    return this.out
  }

  /** Reads what waited for a missing segment, and reports what was still incomplete when the capture ended. */
  end(): DecodedRecord[] {
    this.out = []
    for (const piece of this.stream.flush()) this.read(piece)
    for (const { pending } of this.links.values()) this.fault(unfinished(pending, 'when the capture ended'))
    if (this.parser.pending > 0) this.fault(`link: ${this.parser.pending} octets of a frame when the capture ended`)
    return this.out
  }

  private read({ payload, frame, timeMs, missing }: Piece): void {
    this.frame = frame
    this.timeMs = timeMs
    if (missing > 0) this.onGap(missing)
    this.parser.push(payload)
    this.note('link', this.parser.counters)
  }

  /** What the gap has cut is given up; the stream is read again from the next frame on. */
  private onGap(missing: number): void {
    this.fault(`tcp: ${missing} octets are missing from the capture`)
    this.parser.reset()
    for (const link of this.links.values()) {
      this.fault(unfinished(link.pending, 'at the gap'))
      link.reset()
    }
  }

  private fault(error: string | null): void {
    if (error !== null) this.out.push({ frame: this.frame, timeMs: this.timeMs, error })
  }

  private onFrame(frame: LinkFrame): void {
    const spec = linkFunctionSpec(frame.control)
    if (spec === undefined || !spec.data) return
    if ((frame.control & LinkBit.prm) === 0 || frame.length === 0) return
    if (spec.code !== LinkPrimary.confirmedUserData && spec.code !== LinkPrimary.unconfirmedUserData) return
    const key = frame.destination * 0x1_0000 + frame.source
    let link = this.links.get(key)
    if (link === undefined) {
      link = new Reassembler(this.maxOctets)
      this.links.set(key, link)
    }
    const fragment = link.push(frame.payload, frame.length)
    this.note(`transport ${key}`, link.counters)
    if (fragment === null) return
    const { source, destination } = frame
    this.out.push({ frame: this.frame, source, destination, timeMs: this.timeMs, ...describeFragment(fragment) })
  }

  /** Reports the faults counted since the last call. */
  private note(layer: string, counters: LinkCounters | TransportCounters): void {
    for (const [name, count] of Object.entries(counters)) {
      const reason = FAULTS[name]
      const key = `${layer} ${name}`
      if (reason === undefined || count === (this.before[key] ?? 0)) continue
      this.before[key] = count
      this.out.push({ frame: this.frame, timeMs: this.timeMs, error: `${layer.split(' ')[0]}: ${reason}` })
    }
  }
}

function unfinished(octets: number, when: string): string | null {
  return octets === 0 ? null : `transport: fragment unfinished after ${octets} octets ${when}`
}

const FAULTS: Readonly<Record<string, string>> = {
  badHeaderCrc: 'header with a wrong CRC',
  badLength: 'length below 5',
  badBodyCrc: 'user data with a wrong CRC',
  badSequence: 'segment out of sequence, or without a first segment',
  abandoned: 'fragment abandoned when another began',
  tooLong: 'fragment longer than the limit',
}
