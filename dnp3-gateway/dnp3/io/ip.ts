/** Synthetic TCP segments for captures of our own conversations. */

const TCP = 6

/** An endpoint of a synthetic conversation. */
export interface Endpoint {
  readonly address: readonly [number, number, number, number]
  readonly port: number
}

const HEADERS = 40
const PSH_ACK = 0x18

/** An IPv4 packet with one TCP segment; its checksums are correct, so that every tool reads it. */
export function tcpPacket(
  from: Endpoint,
  to: Endpoint,
  sequence: number,
  ack: number,
  payload: Uint8Array,
): Uint8Array {
  const out = new Uint8Array(HEADERS + payload.length)
  const view = new DataView(out.buffer)
  out[0] = 0x45
  view.setUint16(2, out.length)
  view.setUint16(6, 0x4000)
  out[8] = 64
  out[9] = TCP
  out.set(from.address, 12)
  out.set(to.address, 16)
  view.setUint16(10, checksum(out.subarray(0, 20), 0))
  view.setUint16(20, from.port)
  view.setUint16(22, to.port)
  view.setUint32(24, sequence >>> 0)
  view.setUint32(28, ack >>> 0)
  out[32] = 0x50
  out[33] = PSH_ACK
  view.setUint16(34, 0xffff)
  out.set(payload, HEADERS)
  const pseudo = sum(out.subarray(12, 20)) + TCP + out.length - 20
  view.setUint16(36, checksum(out.subarray(20), pseudo))
  return out
}

function sum(bytes: Uint8Array): number {
  let total = 0
  for (let i = 0; i < bytes.length; i += 2) total += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0)
  return total
}

function checksum(bytes: Uint8Array, start: number): number {
  let total = start + sum(bytes)
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16)
  return ~total & 0xffff
}
