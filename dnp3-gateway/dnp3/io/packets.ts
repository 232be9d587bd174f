/** IP packets to TCP and UDP payloads, through extension headers, fragments and tunnels. */
import { IpFragments } from './ip-fragments.ts'
import { byType, networkOf, ofType, u16, u32 } from './layers.ts'
import type { Packet } from './pcap.ts'

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

/** A segment; the name of an encapsulation that is not read; or null where there is neither. */
export type Found = Segment | { readonly unread: string } | null

const Protocol = { ipv4: 4, tcp: 6, udp: 17, ipv6: 41, gre: 47, esp: 50 } as const
/** IPv6 extension headers that are passed: hop by hop, routing, destination, mobility. */
const EXTENSIONS = new Set([0, 43, 60, 135])
const FRAGMENT = 44
const AUTHENTICATION = 51
const VXLAN_PORT = 4789
/** Tunnels within tunnels, at most. */
const MAX_DEPTH = 8

/** Finds the segments in the packets of one capture, in order: fragments are kept until they are complete. */
export class PacketReader {
  readonly fragments = new IpFragments()

  /** What a packet holds. */
  read({ linkType, bytes }: Packet): Found {
    const network = networkOf(linkType, bytes)
    if (network === null || 'unread' in network) return network
    return this.ip(bytes, network.at, 0)
  }

  private ip(bytes: Uint8Array, at: number, depth: number): Found {
    if (at >= bytes.length || depth > MAX_DEPTH) return null
    const version = (bytes[at] as number) >>> 4
    if (version === 4) return this.ipv4(bytes, at, depth)
    return version === 6 ? this.ipv6(bytes, at, depth) : null
  }

  private ipv4(bytes: Uint8Array, at: number, depth: number): Found {
    if (at + 20 > bytes.length) return null
    const header = ((bytes[at] as number) & 0x0f) * 4
    if (header < 20) return null
    // A length of 0 is written by network cards that cut segments themselves.
    const total = u16(bytes, at + 2)
    const end = total === 0 ? bytes.length : Math.min(bytes.length, at + total)
    const source = hex(bytes.subarray(at + 12, at + 16))
    const destination = hex(bytes.subarray(at + 16, at + 20))
    const protocol = bytes[at + 9] as number
    const place = u16(bytes, at + 6)
    const [from, isLast] = [(place & 0x1fff) * 8, (place & 0x2000) === 0]
    const payload = bytes.subarray(at + header, end)
    if (from === 0 && isLast) return this.upper(payload, protocol, source, destination, depth)
    const key = `${source} ${destination} ${protocol} ${u16(bytes, at + 4)}`
    const whole = this.fragments.take(key, from, payload, isLast)
    return whole === null ? null : this.upper(whole, protocol, source, destination, depth)
  }

  private ipv6(bytes: Uint8Array, from: number, depth: number): Found {
    if (from + 40 > bytes.length) return null
    const end = Math.min(bytes.length, from + 40 + u16(bytes, from + 4))
    const source = hex(bytes.subarray(from + 8, from + 24))
    const destination = hex(bytes.subarray(from + 24, from + 40))
    return this.extensions(bytes.subarray(from + 40, end), bytes[from + 6] as number, source, destination, depth)
  }

  private extensions(bytes: Uint8Array, first: number, source: string, destination: string, depth: number): Found {
    let [at, next] = [0, first]
    while (at + 8 <= bytes.length) {
      const length = bytes[at + 1] as number
      if (EXTENSIONS.has(next)) [next, at] = [bytes[at] as number, at + 8 + 8 * length]
      else if (next === AUTHENTICATION) [next, at] = [bytes[at] as number, at + 8 + 4 * length]
      else if (next === FRAGMENT) return this.ipv6Fragment(bytes, at, source, destination, depth)
      else break
    }
    return this.upper(bytes.subarray(at), next, source, destination, depth)
  }

  private ipv6Fragment(bytes: Uint8Array, at: number, source: string, destination: string, depth: number): Found {
    const next = bytes[at] as number
    const place = u16(bytes, at + 2)
    const key = `${source} ${destination} ${u32(bytes, at + 4)}`
    const whole = this.fragments.take(key, place & 0xfff8, bytes.subarray(at + 8), (place & 1) === 0)
    return whole === null ? null : this.extensions(whole, next, source, destination, depth)
  }

  private upper(bytes: Uint8Array, protocol: number, source: string, destination: string, depth: number): Found {
    switch (protocol) {
      case Protocol.tcp:
        return tcp(bytes, source, destination)
      case Protocol.udp:
        return this.udp(bytes, source, destination, depth)
      case Protocol.ipv4:
      case Protocol.ipv6:
        return this.ip(bytes, 0, depth + 1)
      case Protocol.gre:
        return this.gre(bytes, depth)
      case AUTHENTICATION:
        return bytes.length < 8 ? null : this.extensions(bytes, AUTHENTICATION, source, destination, depth)
      case Protocol.esp:
        return { unread: 'ESP (encrypted)' }
      default:
        return null
    }
  }

  /** Checksum, key and sequence follow the flags that announce them (RFC 2890); version 1 is PPTP's (RFC 2637). */
  private gre(bytes: Uint8Array, depth: number): Found {
    if (bytes.length < 4) return null
    const flags = u16(bytes, 0)
    if ((flags & 7) !== 0 || (flags & 0x4000) !== 0) return { unread: 'GRE of another version than 0' }
    const at = 4 + [0x8000, 0x2000, 0x1000].reduce((sum, bit) => sum + ((flags & bit) === 0 ? 0 : 4), 0)
    const network = ofType(bytes, u16(bytes, 2), at)
    return network === null || 'unread' in network ? network : this.ip(bytes, network.at, depth + 1)
  }

  private udp(bytes: Uint8Array, source: string, destination: string, depth: number): Found {
    if (bytes.length < 8) return null
    const [sourcePort, destinationPort] = [u16(bytes, 0), u16(bytes, 2)]
    if (destinationPort === VXLAN_PORT) {
      const network = byType(bytes, 8 + 8 + 12)
      return network === null || 'unread' in network ? network : this.ip(bytes, network.at, depth + 1)
    }
    const payload = bytes.subarray(8)
    return { protocol: 'udp', source, destination, sourcePort, destinationPort, sequence: 0, syn: false, payload }
  }
}

function tcp(bytes: Uint8Array, source: string, destination: string): Segment | null {
  if (bytes.length < 20) return null
  const header = ((bytes[12] as number) >>> 4) * 4
  if (header < 20 || header > bytes.length) return null
  return {
    protocol: 'tcp',
    source,
    destination,
    sourcePort: u16(bytes, 0),
    destinationPort: u16(bytes, 2),
    sequence: u32(bytes, 4),
    syn: ((bytes[13] as number) & 0x02) !== 0,
    payload: bytes.subarray(header),
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}
