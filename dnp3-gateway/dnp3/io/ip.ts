/** IP packets to TCP and UDP payloads, and synthetic TCP segments for captures of our own conversations. */
import { LinkType, type Packet } from './pcap.ts'

/** A TCP segment or a UDP datagram. */
export interface Segment {
  readonly protocol: 'tcp' | 'udp'
  /** Addresses in hexadecimal: they only need to be distinct. */
  readonly source: string
  readonly destination: string
  readonly sourcePort: number
  readonly destinationPort: number
  /** TCP sequence number of the first octet; 0 for UDP. */
  readonly sequence: number
  /** Whether the segment begins a stream. */
  readonly syn: boolean
  readonly payload: Uint8Array
}

const TCP = 6
const UDP = 17
const ETHERTYPE_IPV4 = 0x0800
const ETHERTYPE_IPV6 = 0x86dd
const VLAN_TAGS = new Set([0x8100, 0x88a8])

/** The segment in a packet; null if there is none (ARP, fragments after the first, truncated packets). */
export function segmentOf({ linkType, bytes }: Packet): Segment | null {
  const at = networkAt(linkType, bytes)
  if (at < 0 || at >= bytes.length) return null
  const version = (bytes[at] as number) >>> 4
  if (version === 4) return ipv4(bytes, at)
  return version === 6 ? ipv6(bytes, at) : null
}

function networkAt(linkType: number, bytes: Uint8Array): number {
  switch (linkType) {
    case LinkType.raw:
    case LinkType.rawBsd:
    case LinkType.rawOpenBsd:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return 0
    case LinkType.null:
      return 4
    case LinkType.linuxCooked:
      return 16
    case LinkType.linuxCooked2:
      return 20
    case LinkType.ethernet:
      return ethernet(bytes)
    default:
      return -1
  }
}

function ethernet(bytes: Uint8Array): number {
  let at = 12
  while (at + 2 <= bytes.length && VLAN_TAGS.has(u16(bytes, at))) at += 4
  if (at + 2 > bytes.length) return -1
  const type = u16(bytes, at)
  return type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6 ? at + 2 : -1
}

function ipv4(bytes: Uint8Array, at: number): Segment | null {
  if (at + 20 > bytes.length) return null
  const header = ((bytes[at] as number) & 0x0f) * 4
  const fragmented = (u16(bytes, at + 6) & 0x1fff) !== 0
  if (header < 20 || fragmented) return null
  const end = Math.min(bytes.length, at + u16(bytes, at + 2) || bytes.length)
  const source = hex(bytes.subarray(at + 12, at + 16))
  const destination = hex(bytes.subarray(at + 16, at + 20))
  return transport(bytes.subarray(0, end), at + header, bytes[at + 9] as number, source, destination)
}

function ipv6(bytes: Uint8Array, at: number): Segment | null {
  if (at + 40 > bytes.length) return null
  const end = Math.min(bytes.length, at + 40 + u16(bytes, at + 4))
  const source = hex(bytes.subarray(at + 8, at + 24))
  const destination = hex(bytes.subarray(at + 24, at + 40))
  return transport(bytes.subarray(0, end), at + 40, bytes[at + 6] as number, source, destination)
}

function transport(bytes: Uint8Array, at: number, protocol: number, source: string, destination: string) {
  if (protocol !== TCP && protocol !== UDP) return null
  const least = protocol === TCP ? 20 : 8
  if (at + least > bytes.length) return null
  const header = protocol === TCP ? ((bytes[at + 12] as number) >>> 4) * 4 : 8
  if (header < least || at + header > bytes.length) return null
  const segment: Segment = {
    protocol: protocol === TCP ? 'tcp' : 'udp',
    source,
    destination,
    sourcePort: u16(bytes, at),
    destinationPort: u16(bytes, at + 2),
    sequence: protocol === TCP ? u32(bytes, at + 4) : 0,
    syn: protocol === TCP && ((bytes[at + 13] as number) & 0x02) !== 0,
    payload: bytes.subarray(at + header),
  }
  return segment
}

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

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 0x1_0000 + u16(bytes, at + 2)
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((octet) => octet.toString(16).padStart(2, '0')).join('')
}
