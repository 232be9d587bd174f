/** From a captured packet to the IP packet in it: link layers, tags, labels and tunnels. What is not read is named. */
import { LinkType } from './pcap.ts'

/** Where an IP packet begins; or what stands in its place, which is worth naming; or null for what carries no DNP3. */
export type Network = { readonly at: number } | { readonly unread: string } | null

const EtherType = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  pppoe: 0x8864,
  bridged: 0x6558,
  macsec: 0x88e5,
} as const
const VLAN_TAGS = new Set([0x8100, 0x88a8, 0x9100])
/** A length in place of a type: IEEE 802.2 follows. */
const MAX_LENGTH = 1500
/** LLC and SNAP with the organisation code of Ethernet types. */
const SNAP = [0xaa, 0xaa, 0x03, 0, 0, 0]
const PPP_IPV4 = 0x0021
const PPP_IPV6 = 0x0057
const PPP_FRAMING = 0xff03

/** Finds the IP packet in a captured packet. */
export function networkOf(linkType: number, bytes: Uint8Array): Network {
  switch (linkType) {
    case LinkType.raw:
    case LinkType.rawBsd:
    case LinkType.rawOpenBsd:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return { at: 0 }
    case LinkType.null:
    case LinkType.loop:
      return { at: 4 }
    case LinkType.linuxCooked:
      return byType(bytes, 14)
    case LinkType.linuxCooked2:
      return bytes.length < 2 ? null : ofType(bytes, u16(bytes, 0), 20)
    case LinkType.ethernet:
      return byType(bytes, 12)
    case LinkType.ppp:
    case LinkType.pppHdlc:
      return ppp(bytes, bytes.length >= 2 && u16(bytes, 0) === PPP_FRAMING ? 2 : 0)
    case LinkType.ciscoHdlc:
      return byType(bytes, 2)
    default:
      return { unread: `link type ${linkType}` }
  }
}

/** What the type at a position says: tags are passed, labels and sessions opened. */
export function byType(bytes: Uint8Array, from: number): Network {
  let at = from
  while (at + 2 <= bytes.length && VLAN_TAGS.has(u16(bytes, at))) at += 4
  return at + 2 > bytes.length ? null : ofType(bytes, u16(bytes, at), at + 2)
}

/** The payload of a type of Ethernet at a position. */
export function ofType(bytes: Uint8Array, type: number, at: number): Network {
  switch (type) {
    case EtherType.ipv4:
    case EtherType.ipv6:
      return { at }
    case EtherType.mpls:
    case EtherType.mplsMulticast:
      return mpls(bytes, at)
    case EtherType.pppoe:
      return ppp(bytes, at + 6)
    case EtherType.bridged:
      return byType(bytes, at + 12)
    case EtherType.macsec:
      return { unread: 'MACsec' }
    default:
      return type <= MAX_LENGTH && SNAP.every((octet, i) => bytes[at + i] === octet) ? byType(bytes, at + 6) : null
  }
}

/** Labels up to the bottom of the stack; the first half octet behind it tells what follows (RFC 4928). */
function mpls(bytes: Uint8Array, from: number): Network {
  let at = from
  while (at + 4 < bytes.length && ((bytes[at + 2] as number) & 1) === 0) at += 4
  at += 4
  if (at >= bytes.length) return null
  const first = (bytes[at] as number) >>> 4
  if (first === 4 || first === 6) return { at }
  // A control word, then a bridged frame (RFC 4385).
  return first === 0 ? byType(bytes, at + 4 + 12) : { unread: 'MPLS without IP' }
}

function ppp(bytes: Uint8Array, at: number): Network {
  if (at + 2 > bytes.length) return null
  const protocol = u16(bytes, at)
  if (protocol === PPP_IPV4 || protocol === PPP_IPV6) return { at: at + 2 }
  // A compressed protocol field has one octet, which is odd.
  const short = bytes[at] as number
  if (short === PPP_IPV4 || short === PPP_IPV6) return { at: at + 1 }
  return null
}

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

export function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 0x1_0000 + u16(bytes, at + 2)
}
