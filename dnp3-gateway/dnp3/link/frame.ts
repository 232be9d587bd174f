/** Link frames as values and as octets, IEEE 1815-2012 clause 9.2.4. */
import { LinkBit, LinkSize } from '../spec/link.ts'
import { putCrc } from './crc.ts'

/** A received frame. `payload` is the parser's own buffer: valid only until the callback returns. */
export interface LinkFrame {
  control: number
  destination: number
  source: number
  payload: Uint8Array
  /** Octets of `payload` in use, 0–250. */
  length: number
}

/** Octets on the wire of a frame with this much user data. */
export function frameOctets(userData: number): number {
  return LinkSize.header + userData + LinkSize.crc * Math.ceil(userData / LinkSize.block)
}

/** Writes the ten header octets at `at`, for `userData` octets that follow in blocks. Returns the next position. */
export function putHeader(
  out: Uint8Array,
  at: number,
  control: number,
  destination: number,
  source: number,
  userData: number,
): number {
  out[at] = 0x05
  out[at + 1] = 0x64
  out[at + 2] = LinkSize.minLength + userData
  out[at + 3] = control
  out[at + 4] = destination & 0xff
  out[at + 5] = destination >>> 8
  out[at + 6] = source & 0xff
  out[at + 7] = source >>> 8
  putCrc(out, at, at + 8)
  return at + LinkSize.header
}

/** A whole frame as a new array; for link service frames and tests. */
export function encodeFrame(
  control: number,
  destination: number,
  source: number,
  userData: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const out = new Uint8Array(frameOctets(userData.length))
  let at = putHeader(out, 0, control, destination, source, userData.length)
  for (let from = 0; from < userData.length; from += LinkSize.block) {
    const block = userData.subarray(from, from + LinkSize.block)
    out.set(block, at)
    putCrc(out, at, at + block.length)
    at += block.length + LinkSize.crc
  }
  return out
}

/** Control octet of a frame from the primary station; `fcb` undefined leaves FCV clear. */
export function primaryControl(fromMaster: boolean, code: number, fcb?: boolean): number {
  const counted = fcb === undefined ? 0 : LinkBit.fcv | (fcb ? LinkBit.fcb : 0)
  return (fromMaster ? LinkBit.dir : 0) | LinkBit.prm | counted | code
}

/** Control octet of a secondary station's answer. */
export function secondaryControl(fromMaster: boolean, code: number): number {
  return (fromMaster ? LinkBit.dir : 0) | code
}
