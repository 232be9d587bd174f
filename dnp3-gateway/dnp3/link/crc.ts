/** CRC-16/DNP (polynomial 0x3D65 reflected to 0xA6BC, inverted), IEEE 1815-2012 clause 9.2.4 and Annex E. */

/** One octet's step, for loops that also copy or read. */
export const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, octet) => {
  let crc = octet
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa6bc : crc >>> 1
  return crc
})

/** `STEPS[n * 256 + octet]`: the step of an octet followed by n others. The chain of look-ups dominates the run time. */
const STEPS = new Uint16Array(8 * 256)
STEPS.set(CRC_TABLE)
for (let i = 256; i < STEPS.length; i++) {
  const before = STEPS[i - 256] as number
  STEPS[i] = (before >>> 8) ^ (CRC_TABLE[before & 0xff] as number)
}

/**
 * Copies `source[from..stop)` to `target[to..)` and returns the CRC of the copied octets, starting with `crc` (0, or the
 * CRC of the octets before) and not yet inverted.
 */
export function copyWithCrc(
  source: Uint8Array,
  from: number,
  stop: number,
  target: Uint8Array,
  to: number,
  crc: number,
): number {
  let sum = crc
  let at = from
  let place = to
  for (; at + 8 <= stop; at += 8, place += 8) {
    const a = source[at] as number
    const b = source[at + 1] as number
    const c = source[at + 2] as number
    const d = source[at + 3] as number
    const e = source[at + 4] as number
    const f = source[at + 5] as number
    const g = source[at + 6] as number
    const h = source[at + 7] as number
    target[place] = a
    target[place + 1] = b
    target[place + 2] = c
    target[place + 3] = d
    target[place + 4] = e
    target[place + 5] = f
    target[place + 6] = g
    target[place + 7] = h
    sum =
      (STEPS[1792 + ((sum ^ a) & 0xff)] as number) ^
      (STEPS[1536 + ((sum >>> 8) ^ b)] as number) ^
      (STEPS[1280 + c] as number) ^
      (STEPS[1024 + d] as number) ^
      (STEPS[768 + e] as number) ^
      (STEPS[512 + f] as number) ^
      (STEPS[256 + g] as number) ^
      (STEPS[h] as number)
  }
  for (; at < stop; at++, place++) {
    const octet = source[at] as number
    target[place] = octet
    sum = (sum >>> 8) ^ (CRC_TABLE[(sum ^ octet) & 0xff] as number)
  }
  return sum
}

/** The CRC of `bytes[from..to)`. */
export function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0
  for (let i = from; i < to; i++) {
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number)
  }
  return ~crc & 0xffff
}

/** Writes the CRC of `bytes[from..to)` at `to`, low octet first. */
export function putCrc(bytes: Uint8Array, from: number, to: number): void {
  const crc = crc16(bytes, from, to)
  bytes[to] = crc & 0xff
  bytes[to + 1] = crc >>> 8
}

/** Whether the two octets at `to` are the CRC of `bytes[from..to)`. */
export function crcMatches(bytes: Uint8Array, from: number, to: number): boolean {
  const crc = crc16(bytes, from, to)
  return bytes[to] === (crc & 0xff) && bytes[to + 1] === crc >>> 8
}
