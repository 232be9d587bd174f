import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** The proxies in front of this process. Only they are believed when they state whose request they pass on. */
export type TrustedProxies = BlockList

/**
 * Reads addresses and ranges such as `10.0.0.7`, `10.0.0.0/8` or `fd00::/8`.
 * Throws a RangeError that names the first one that is neither.
 */
export function trustedProxiesOf(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList()
  for (const range of ranges) {
    const [text = '', length, ...more] = range.split('/')
    const address = plainAddress(text)
    const bits = address?.includes(':') ? 128 : 32
    const prefix = length === undefined ? bits : Number(length)
    if (!address || more.length > 0 || !/^\d{1,3}$/.test(length ?? String(bits)) || prefix > bits)
      throw new RangeError(`${range} is not an address or a range such as 10.0.0.0/8.`)
    list.addSubnet(address, prefix, familyOf(address))
  }
  return list
}

/** The address that a request comes from: that of its connection or, through trusted proxies, of the client that called the outermost of them. */
export function callerAddress(request: Pick<IncomingMessage, 'socket' | 'headers'>, trusted: TrustedProxies): string {
  const stated = request.headers['x-forwarded-for']
  return addressThrough(request.socket.remoteAddress, [stated ?? []].flat().join(','), trusted)
}

/**
 * Follows `X-Forwarded-For` from its right end: each proxy appends the address of its caller, so an entry is as good as the one that wrote
 * it. What stands left of the first address that is no trusted proxy was written by anybody (OWASP ASVS 5.0, 4.1.3).
 * @param peer address of the connection; a socket that has been closed has none.
 */
export function addressThrough(peer: string | undefined, forwardedFor: string, trusted: TrustedProxies): string {
  let nearest = plainAddress(peer ?? '')
  if (nearest === null) return 'unknown'
  for (const hop of forwardedFor.split(',').reverse()) {
    if (!trusted.check(nearest, familyOf(nearest))) break
    const address = plainAddress(hop)
    if (address === null) break
    nearest = address
  }
  return nearest
}

/**
 * What counts as one caller when attempts are counted: an IPv4 address, or the /64 of an IPv6 address, since every customer of a
 * provider has at least that many addresses.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const after = tail?.split(':').filter(Boolean) ?? []
  const whole = [...groups, ...Array(Math.max(8 - groups.length - after.length, 0)).fill('0'), ...after]
  return `${whole.slice(0, 4).join(':')}::/64`
}

/** An address in its one usual form, without port, brackets or zone; `null` if the text is none. An IPv4 address in an IPv6 one is IPv4. */
function plainAddress(text: string): string | null {
  const bare = text
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
  if (isIP(bare) !== 6) return isIP(bare) === 4 ? bare : null
  const usual = new URL(`http://[${bare}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(usual)
  if (!mapped) return usual
  return mapped
    .slice(1)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
    .join('.')
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4'
}
