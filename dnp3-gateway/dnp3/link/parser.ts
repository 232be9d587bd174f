/**
 * Frame parser: finds frames in a stream cut anywhere, checks every CRC, and recovers after garbage.
 *
 * ```
 *          05 64 found            LEN ≥ 5, CRC right         all blocks' CRCs right
 *  sync ───────────────▶ header ─────────────────────▶ body ────────────────────────▶ sync (frame delivered)
 *   └──────────────────────┴────────────────────────────┘ (counted; the search resumes one octet further)
 *   └──────────────────────┴────────────────────────────┘ (counted; the search goes on one octet further)
 * ```
 * After a fault the search restarts right after the rejected start octets, so that a good frame that begins inside the
 * remains of a bad one is not lost. The parser never holds more than one frame (292 octets) and never throws.
 */
import { LinkSize } from '../spec/link.ts'
import { copyWithCrc, crcMatches } from './crc.ts'
import { frameOctets, type LinkFrame } from './frame.ts'

/** What the parser has counted; counts only grow. */
export interface LinkCounters {
  frames: number
  /** Octets skipped in search of a frame. */
  skippedOctets: number
  badHeaderCrc: number
  badLength: number
  badBodyCrc: number
}

export function newLinkCounters(): LinkCounters {
  return { frames: 0, skippedOctets: 0, badHeaderCrc: 0, badLength: 0, badBodyCrc: 0 }
}

export type ParserState = 'sync' | 'header' | 'body'

/** `starved`: the step needs octets that have not arrived. */
type Step = (parser: FrameParser) => ParserState | 'starved'

/**
 * Frame objects, in use during a callback: all parsers share the free ones, so that thousands of connections do not each
 * keep one out of cache. There are as many as callbacks nest.
 */
const spare: LinkFrame[] = []

function newFrame(): LinkFrame {
  return { control: 0, destination: 0, source: 0, payload: new Uint8Array(LinkSize.maxUserData), length: 0 }
}

const CAPACITY = 2 * LinkSize.maxFrame
const NOTHING = new Uint8Array(0)

export class FrameParser {
  state: ParserState = 'sync'
  readonly counters: LinkCounters
  private readonly onFrame: (frame: LinkFrame) => void
  /** The beginning of an incomplete frame; made the first time that one arrives in pieces. */
  private held: Uint8Array = NOTHING
  private bytes: Uint8Array = NOTHING
  private at = 0
  private end = 0

  constructor(onFrame: (frame: LinkFrame) => void, counters: LinkCounters = newLinkCounters()) {
    this.onFrame = onFrame
    this.counters = counters
  }

  /** Takes the next octets of the stream; calls back for each whole frame. The chunk is not kept. */
  push(chunk: Uint8Array): void {
    let from = 0
    while (this.end > 0 && from < chunk.length) {
      const take = Math.min(chunk.length - from, CAPACITY - this.end)
      this.held.set(chunk.subarray(from, from + take), this.end)
      this.end += take
      from += take
      this.run()
      this.keepRest()
    }
    if (from < chunk.length) this.runInPlace(from === 0 ? chunk : chunk.subarray(from))
  }

  /** Octets of an incomplete frame. */
  get pending(): number {
    return this.state === 'sync' ? 0 : this.end
  }

  /** Discards a half-received frame; for a new connection. */
  reset(): void {
    this.state = 'sync'
    this.at = 0
    this.end = 0
  }

  /** If nothing is held over, frames are read in place; only an incomplete one is copied. */
  private runInPlace(chunk: Uint8Array): void {
    this.bytes = chunk
    this.at = 0
    this.end = chunk.length
    this.run()
    this.end -= this.at
    if (this.end > 0) {
      if (this.held === NOTHING) this.held = new Uint8Array(CAPACITY)
      this.held.set(chunk.subarray(this.at, this.at + this.end))
    }
    this.bytes = this.held
    this.at = 0
  }

  private keepRest(): void {
    if (this.at === 0) return
    this.held.copyWithin(0, this.at, this.end)
    this.end -= this.at
    this.at = 0
  }

  private run(): void {
    for (;;) {
      const next = STEPS[this.state](this)
      if (next === 'starved') return
      this.state = next
    }
  }

  /** Searches for the start octets; keeps a single trailing 05. */
  static sync(p: FrameParser): ParserState | 'starved' {
    const from = p.at
    const { bytes, end } = p
    let at = from
    while (at < end && !(bytes[at] === 0x05 && (at + 1 === end || bytes[at + 1] === 0x64))) at++
    p.counters.skippedOctets += at - from
    p.at = at
    return at + 1 < end ? 'header' : 'starved'
  }

  static header(p: FrameParser): ParserState | 'starved' {
    const { bytes, at } = p
    if (p.end - at < LinkSize.header) return 'starved'
    if (!crcMatches(bytes, at, at + 8)) {
      p.counters.badHeaderCrc++
      return p.reject()
    }
    if ((bytes[at + 2] as number) < LinkSize.minLength) {
      p.counters.badLength++
      return p.reject()
    }
    return 'body'
  }

  static body(p: FrameParser): ParserState | 'starved' {
    const { bytes, at } = p
    const userData = (bytes[at + 2] as number) - LinkSize.minLength
    const octets = frameOctets(userData)
    if (p.end - at < octets) return 'starved'
    const frame = spare.pop() ?? newFrame()
    if (!p.takeBlocks(at + LinkSize.header, userData, frame.payload)) {
      spare.push(frame)
      p.counters.badBodyCrc++
      return p.reject()
    }
    frame.control = bytes[at + 3] as number
    frame.destination = (bytes[at + 4] as number) | ((bytes[at + 5] as number) << 8)
    frame.source = (bytes[at + 6] as number) | ((bytes[at + 7] as number) << 8)
    frame.length = userData
    p.at = at + octets
    p.counters.frames++
    p.onFrame(frame)
    spare.push(frame)
    return 'sync'
  }

  /** Copies the user data without its CRCs; false if one of them is wrong. */
  private takeBlocks(from: number, userData: number, payload: Uint8Array): boolean {
    const { bytes } = this
    let source = from
    for (let done = 0; done < userData; done += LinkSize.block) {
      const stop = source + Math.min(LinkSize.block, userData - done)
      const crc = ~copyWithCrc(bytes, source, stop, payload, done, 0) & 0xffff
      if (bytes[stop] !== (crc & 0xff) || bytes[stop + 1] !== crc >>> 8) return false
      source = stop + LinkSize.crc
    }
    return true
  }

  private reject(): ParserState {
    this.at += 1
    this.counters.skippedOctets += 1
    return 'sync'
  }
}

const STEPS: Readonly<Record<ParserState, Step>> = {
  sync: FrameParser.sync,
  header: FrameParser.header,
  body: FrameParser.body,
}
