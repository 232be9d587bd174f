import { BlockList, isIP } from 'node:net'
import type { ServerContext } from '../../access/index.ts'

/** Addresses that lead into somebody's own network (RFC 6890, RFC 4193, RFC 4291): an FSP has no business there (FM41). */
const internal = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  internal.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  internal.addSubnet(net, prefix, 'ipv6')

/** Whether an IP address is an internal one. An IPv4 address in IPv6 clothes counts as what it is. */
export function isForbiddenAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return true
  return internal.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** Why a URL may not be named by an FSP; `null` when it may. A name is checked again, by what it leads to, at each call. */
export function urlFault(url: string, arePrivateAllowed: boolean): string | null {
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return 'must be an https address'
  if (parsed.username || parsed.password) return 'must not hold a user name or password'
  if (arePrivateAllowed) return null
  if (parsed.protocol !== 'https:') return 'must be an https address'
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  if (/(^|\.)(localhost|local|internal)\.?$/i.test(host)) return `must not lead to the internal host ${host}`
  return isIP(host) !== 0 && isForbiddenAddress(host) ? `must not lead to the internal address ${host}` : null
}

/** Whether FSPs may live at internal addresses, as they do where everything runs on one machine. */
export function arePrivateAddressesAllowed(context: ServerContext): boolean {
  return context.arePrivateAddressesAllowed ?? context.environment === 'demo'
}
