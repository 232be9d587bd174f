/** Decodes captures to application fragments: what two stations said to each other, and what could not be read and why. */
import { describeFragment, type FragmentDescription } from '../app/describe.ts'
import type { LinkFrame } from '../link/frame.ts'
import { FrameParser, type LinkCounters } from '../link/parser.ts'
import { LinkBit, LinkPrimary, linkFunctionSpec } from '../spec/link.ts'
import { Reassembler, type TransportCounters } from '../transport/reassembler.ts'
import { type Segment, segmentOf } from './ip.ts'
import { readCapture } from './pcap.ts'
import { DNP3_PORT } from './port.ts'
import { TcpStream } from './tcp-stream.ts'

/** An application fragment, or a fault below the application, in the order of the capture. */
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
  for (const packet of readCapture(file)) {
    const segment = segmentOf(packet)
    if (segment === null || (segment.sourcePort !== port && segment.destinationPort !== port)) continue
    const key = `${segment.protocol} ${segment.source}:${segment.sourcePort} ${segment.destination}:${segment.destinationPort}`
    let flow = flows.get(key)
    if (flow === undefined) {
      flow = new Flow(options.maxFragmentOctets ?? 65_536)
      flows.set(key, flow)
    }
    yield* flow.take(segment, packet.number, packet.timeMs)
  }
  for (const flow of flows.values()) yield* flow.unfinished()
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
    this.frame = frame
    this.timeMs = timeMs
    this.out = []
    if (segment.syn) this.parser.reset()
    if (segment.protocol === 'udp') {
      // A datagram holds whole frames: none continues in the next.
      this.parser.reset()
      this.parser.push(segment.payload)
      this.note('link', this.parser.counters)
    } else {
      for (const payload of this.stream.push(segment.sequence, segment.payload, segment.syn)) {
        this.parser.push(payload)
        this.note('link', this.parser.counters)
      }
    }
    return this.out
  }

  /** Reports what was still incomplete when the capture ended. */
  unfinished(): DecodedRecord[] {
    return [...this.links.values()]
      .filter(({ pending }) => pending > 0)
      .map(({ pending }) => ({
        frame: this.frame,
        timeMs: this.timeMs,
        error: `transport: fragment unfinished after ${pending} octets when the capture ended`,
      }))
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

const FAULTS: Readonly<Record<string, string>> = {
  badHeaderCrc: 'header with a wrong CRC',
  badLength: 'length below 5',
  badBodyCrc: 'user data with a wrong CRC',
  badSequence: 'segment out of sequence, or without a first segment',
  abandoned: 'fragment abandoned when another began',
  tooLong: 'fragment longer than the limit',
}
