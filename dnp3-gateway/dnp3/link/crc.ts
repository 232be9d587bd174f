/** CRC-16/DNP (polynomial 0x3D65 reflected to 0xA6BC, inverted), IEEE 1815-2012 clause 9.2.4 and Annex E. */

/** The step of an octet, for loops that copy or read besides. */
export const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, octet) => {
  let crc = octet
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa6bc : crc >>> 1
  return crc
})

/** Steps of two, three and four octets at once: the chain of look-ups is what takes the time. */
const CRC_2 = CRC_TABLE.map((crc) => (crc >>> 8) ^ (CRC_TABLE[crc & 0xff] as number))
const CRC_3 = CRC_2.map((crc) => (crc >>> 8) ^ (CRC_TABLE[crc & 0xff] as number))
const CRC_4 = CRC_3.map((crc) => (crc >>> 8) ^ (CRC_TABLE[crc & 0xff] as number))

/**
 * Copies `source[from..stop)` to `target[to..)` and returns the CRC of what was copied, begun with `crc` (0, or the step
 * of what came before) and not yet inverted.
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
  for (; at + 4 <= stop; at += 4, place += 4) {
    const a = source[at] as number
    const b = source[at + 1] as number
    const c = source[at + 2] as number
    const d = source[at + 3] as number
    target[place] = a
    target[place + 1] = b
    target[place + 2] = c
    target[place + 3] = d
    sum =
      (CRC_4[(sum ^ a) & 0xff] as number) ^
      (CRC_3[(sum >>> 8) ^ b] as number) ^
      (CRC_2[c] as number) ^
      (CRC_TABLE[d] as number)
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
