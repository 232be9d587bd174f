/** Transport function, sending side (IEEE 1815-2012 clause 8.2): one buffer of link frames per fragment. */
import { CRC_TABLE, copyWithCrc } from '../link/crc.ts'
import { frameOctets, putHeader } from '../link/frame.ts'
import { LinkSize, MAX_SEGMENT, TransportBit } from '../spec/link.ts'

/** Size on the wire of a fragment of this size, all its frames together, in octets. */
export function fragmentOctets(length: number): number {
  const full = Math.floor(length / MAX_SEGMENT)
  const rest = length - full * MAX_SEGMENT
  return full * LinkSize.maxFrame + (rest > 0 ? frameOctets(rest + 1) : 0)
}

/** How many link frames a fragment of this size takes. */
export function segmentCount(length: number): number {
  return Math.ceil(length / MAX_SEGMENT)
}

/** Allocates memory with arbitrary contents. */
export type Alloc = (octets: number) => Uint8Array

const newArray: Alloc = (octets) => new Uint8Array(octets)

/**
 * All frames of a fragment in one new array, for one write. `sequence` is the first segment's transport sequence;
 * the caller's next fragment starts at `sequence + segmentCount(length)`.
 */
export function frameFragment(
  fragment: Uint8Array,
  control: number,
  destination: number,
  source: number,
  sequence: number,
  alloc: Alloc = newArray,
): Uint8Array {
  const out = alloc(fragmentOctets(fragment.length))
  let at = 0
  for (let from = 0, n = sequence; from < fragment.length; from += MAX_SEGMENT, n++) {
    const stop = Math.min(from + MAX_SEGMENT, fragment.length)
    const flags = (from === 0 ? TransportBit.fir : 0) | (stop === fragment.length ? TransportBit.fin : 0)
    at = putHeader(out, at, control, destination, source, stop - from + 1)
    at = putSegment(out, at, flags | (n & TransportBit.sequence), fragment, from, stop)
  }
  return out
}

/** Writes transport header and octets in blocks of 16, each with its CRC. */
function putSegment(
  out: Uint8Array,
  start: number,
  header: number,
  fragment: Uint8Array,
  from: number,
  stop: number,
): number {
  let at = start
  out[at++] = header
  let crc = CRC_TABLE[header] as number
  for (let next = from, room = LinkSize.block - 1; ; room = LinkSize.block) {
    const end = Math.min(next + room, stop)
    crc = copyWithCrc(fragment, next, end, out, at, crc)
    at += end - next
    out[at] = ~crc & 0xff
    out[at + 1] = (~crc >>> 8) & 0xff
    at += LinkSize.crc
    if (end >= stop) return at
    next = end
    crc = 0
  }
}
