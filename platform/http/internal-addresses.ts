import { BlockList, isIP } from 'node:net'

/** A row of a registry of special-purpose addresses. */
export interface SpecialRange {
  readonly range: string
  readonly name: string
  readonly source: string
}

/**
 * The ranges that are not of the public internet: those of the IANA IPv4 and IPv6 Special-Purpose Address Registries (as of 2026-11) that
 * are not globally reachable, or that lead elsewhere (translators, tunnels, relays), multicast, and what the registries leave to the RFCs.
 */
export const specialRanges: readonly SpecialRange[] = [
  { range: '0.0.0.0/8', name: 'this network', source: 'RFC 791' },
  { range: '10.0.0.0/8', name: 'private use', source: 'RFC 1918' },
  { range: '100.64.0.0/10', name: 'shared address space', source: 'RFC 6598' },
  { range: '127.0.0.0/8', name: 'loopback', source: 'RFC 1122' },
  { range: '169.254.0.0/16', name: 'link-local, and the metadata of clouds', source: 'RFC 3927' },
  { range: '172.16.0.0/12', name: 'private use', source: 'RFC 1918' },
  { range: '192.0.0.0/24', name: 'IETF protocol assignments', source: 'RFC 6890' },
  { range: '192.0.2.0/24', name: 'documentation (TEST-NET-1)', source: 'RFC 5737' },
  { range: '192.31.196.0/24', name: 'AS112', source: 'RFC 7535' },
  { range: '192.52.193.0/24', name: 'AMT', source: 'RFC 7450' },
  { range: '192.88.99.0/24', name: 'deprecated 6to4 relay anycast', source: 'RFC 7526' },
  { range: '192.168.0.0/16', name: 'private use', source: 'RFC 1918' },
  { range: '192.175.48.0/24', name: 'direct delegation AS112', source: 'RFC 7534' },
  { range: '198.18.0.0/15', name: 'benchmarking', source: 'RFC 2544' },
  { range: '198.51.100.0/24', name: 'documentation (TEST-NET-2)', source: 'RFC 5737' },
  { range: '203.0.113.0/24', name: 'documentation (TEST-NET-3)', source: 'RFC 5737' },
  { range: '224.0.0.0/4', name: 'multicast', source: 'RFC 5771' },
  { range: '240.0.0.0/4', name: 'reserved, and limited broadcast', source: 'RFC 1112' },
  { range: '::/96', name: 'unspecified, loopback, IPv4-compatible', source: 'RFC 4291' },
  { range: '::ffff:0:0:0/96', name: 'IPv4-translated', source: 'RFC 2765' },
  { range: '64:ff9b::/96', name: 'IPv4-IPv6 translation', source: 'RFC 6052' },
  { range: '64:ff9b:1::/48', name: 'IPv4-IPv6 translation, local', source: 'RFC 8215' },
  { range: '100::/64', name: 'discard only', source: 'RFC 6666' },
  { range: '100:0:0:1::/64', name: 'dummy prefix', source: 'RFC 9780' },
  { range: '2001::/23', name: 'IETF protocol assignments, Teredo and ORCHID among them', source: 'RFC 2928' },
  { range: '2001:db8::/32', name: 'documentation', source: 'RFC 3849' },
  { range: '2002::/16', name: '6to4', source: 'RFC 3056' },
  { range: '2620:4f:8000::/48', name: 'direct delegation AS112', source: 'RFC 7534' },
  { range: '3fff::/20', name: 'documentation', source: 'RFC 9637' },
  { range: '5f00::/16', name: 'segment routing (SRv6) SIDs', source: 'RFC 9602' },
  { range: 'fc00::/7', name: 'unique local', source: 'RFC 4193' },
  { range: 'fe80::/10', name: 'link-local', source: 'RFC 4291' },
  { range: 'fec0::/10', name: 'deprecated site-local', source: 'RFC 3879' },
  { range: 'ff00::/8', name: 'multicast', source: 'RFC 4291' },
]

const special = new BlockList()
for (const { range } of specialRanges) {
  const [net = '', prefix] = range.split('/')
  special.addSubnet(net, Number(prefix), net.includes(':') ? 'ipv6' : 'ipv4')
}

/**
 * Whether an address is not to be called for an outsider: not one of the public internet, or not an address at all. An IPv4-mapped IPv6
 * address (`::ffff:a.b.c.d`) is checked as IPv4. An address with a zone is of one link only.
 */
export function isInternalAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0 || address.includes('%')) return true
  return special.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** Whether a host name of a URL is an address of this machine only: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  if (/^(.{1,200}\.)?localhost\.?$/i.test(bare)) return true
  return isIP(bare) === 4 ? bare.startsWith('127.') : loopback.check(bare.split('%')[0] ?? '', 'ipv6')
}

const loopback = new BlockList()
loopback.addAddress('::1', 'ipv6')
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')
