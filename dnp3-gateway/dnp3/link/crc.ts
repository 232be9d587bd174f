/** CRC-16/DNP (polynomial 0x3D65 reflected to 0xA6BC, inverted), IEEE 1815-2012 clause 9.2.4 and Annex E. */

/** The step of an octet, for loops that copy or read besides. */
export const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, octet) => {
  let crc = octet
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa6bc : crc >>> 1
  return crc
})

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
