/**
 * Transport function, receiving side, IEEE 1815-2012 clause 8.2: segments with FIR, FIN and a 6-bit sequence become
 * fragments of bounded size.
 *
 * | state      | FIR            | no FIR, next sequence | no FIR, same octets again | no FIR, else |
 * | ---------- | -------------- | --------------------- | ------------------------- | ------------ |
 * | idle       | start          | drop                  | drop                      | drop         |
 * | assembling | drop all, start | append               | ignore                    | drop all     |
 */
import { TransportBit } from '../spec/link.ts'

/** What went wrong below the application; counts only grow. */
export interface TransportCounters {
  fragments: number
  /** Segments without a first segment, or out of sequence. */
  badSequence: number
  /** Fragments abandoned because another began. */
  abandoned: number
  /** Fragments over the size limit. */
  tooLong: number
}

export function newTransportCounters(): TransportCounters {
  return { fragments: 0, badSequence: 0, abandoned: 0, tooLong: 0 }
}

const INITIAL_OCTETS = 512

/**
 * Buffers that hold no fragment at the moment, shared by all peers: most fragments are complete within one read, and
 * with a buffer each, thousands of peers would keep theirs out of cache.
 */
const spare: Uint8Array[] = []
const MAX_SPARE = 16

export class Reassembler {
  readonly counters: TransportCounters
  private readonly maxOctets: number
  private buffer: Uint8Array | null = null
  private length = 0
  private expected = -1
  private lastFrom = 0

  constructor(maxOctets: number, counters: TransportCounters = newTransportCounters()) {
    this.maxOctets = maxOctets
    this.counters = counters
  }

  /**
   * Takes `segment[0..length)`, transport header first. Returns the fragment when this segment ends it, else null;
   * the fragment is valid until the next call or `release`. A fragment in a single segment is not copied.
   */
  push(segment: Uint8Array, length: number): Uint8Array | null {
    if (length < 1) return null
    const header = segment[0] as number
    const first = (header & TransportBit.fir) !== 0
    const final = (header & TransportBit.fin) !== 0
    if (first) {
      if (this.expected >= 0) this.counters.abandoned++
      this.expected = -1
      if (final) return this.deliver(segment.subarray(1, length))
      this.length = 0
    } else if (!this.follows(header, segment, length)) return null
    return this.append(segment, length, header, final)
  }

  /** Octets of an incomplete fragment. */
  get pending(): number {
    return this.expected < 0 ? 0 : this.length
  }

  /** Discards a half-received fragment. */
  reset(): void {
    this.expected = -1
    this.length = 0
    this.release()
  }

  /** The last fragment has been used: its buffer is free for others. */
  release(): void {
    if (this.buffer === null || this.expected >= 0) return
    if (spare.length < MAX_SPARE) spare.push(this.buffer)
    this.buffer = null
  }

  private follows(header: number, segment: Uint8Array, length: number): boolean {
    const sequence = header & TransportBit.sequence
    if (this.expected >= 0 && sequence === this.expected) return true
    if (this.expected >= 0 && this.repeats(sequence, segment, length)) return false
    this.counters.badSequence++
    this.reset()
    return false
  }

  /** A segment repeated octet for octet is ignored (clause 8.2). */
  private repeats(sequence: number, segment: Uint8Array, length: number): boolean {
    if (sequence !== ((this.expected - 1) & TransportBit.sequence)) return false
    const octets = this.length - this.lastFrom
    if (length - 1 !== octets || this.buffer === null) return false
    for (let i = 0; i < octets; i++) if (this.buffer[this.lastFrom + i] !== segment[i + 1]) return false
    return true
  }

  private append(segment: Uint8Array, length: number, header: number, final: boolean): Uint8Array | null {
    const total = this.length + length - 1
    if (total > this.maxOctets) {
      this.counters.tooLong++
      this.reset()
      return null
    }
    const buffer = this.room(total)
    buffer.set(segment.subarray(1, length), this.length)
    this.lastFrom = this.length
    this.length = total
    this.expected = final ? -1 : (header + 1) & TransportBit.sequence
    return final ? this.deliver(buffer.subarray(0, total)) : null
  }

  /** Grows by doubling: most peers' fragments fit a few hundred octets, and thousands of peers share a process. */
  private room(octets: number): Uint8Array {
    if (this.buffer !== null && this.buffer.length >= octets) return this.buffer
    const before = this.buffer ?? spare.pop() ?? null
    if (before !== null && before.length >= octets) {
      this.buffer = before
      return before
    }
    let size = before === null ? INITIAL_OCTETS : before.length
    while (size < octets) size *= 2
    const grown = new Uint8Array(Math.min(size, Math.max(this.maxOctets, octets)))
    if (this.buffer !== null) grown.set(this.buffer.subarray(0, this.length))
    this.buffer = grown
    return grown
  }

  private deliver(fragment: Uint8Array): Uint8Array {
    this.counters.fragments++
    return fragment
  }
}
