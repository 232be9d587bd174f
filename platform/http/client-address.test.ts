import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressThrough, callerAddress, networkOf, trustedProxiesOf } from './client-address.ts'

const none = trustedProxiesOf([])
const proxies = trustedProxiesOf(['10.0.0.0/8', '192.168.1.7', 'fd00::/8'])

test.each([
  ['a connection without a proxy', '203.0.113.5', '', '203.0.113.5'],
  ['a stranger’s header', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
  ['one proxy', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['a forged entry before the proxy’s', '10.1.2.3', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
  ['two proxies', '10.1.2.3', '198.51.100.1, 192.168.1.7', '198.51.100.1'],
  ['a forged entry that names a proxy', '10.1.2.3', '198.51.100.9, 10.9.9.9, 198.51.100.1', '198.51.100.1'],
  ['proxies alone', '10.1.2.3', '10.4.5.6', '10.4.5.6'],
  ['a proxy that states nothing', '10.1.2.3', '', '10.1.2.3'],
  ['an entry that is no address', '10.1.2.3', '198.51.100.1, unknown', '10.1.2.3'],
  ['an entry with a port', '10.1.2.3', '198.51.100.1:4711', '198.51.100.1'],
  ['an IPv6 entry with a port', '10.1.2.3', '[2001:DB8::1]:4711', '2001:db8::1'],
  ['an IPv4 connection to an IPv6 socket', '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['an IPv6 proxy', 'fd00::1', '2001:db8:0:0::1', '2001:db8::1'],
  ['a link-local connection', 'fe80::1%eth0', '', 'fe80::1'],
  ['a socket that has been closed', undefined, '198.51.100.1', 'unknown'],
])('SEC06 the caller’s address with %s', (_, peer, forwarded, expected) => {
  expect(addressThrough(peer, forwarded, proxies)).toBe(expected)
})

test('SEC06 nothing that a caller writes changes its address, with or without a proxy', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (written) => {
      expect(addressThrough('203.0.113.5', written, none)).toBe('203.0.113.5')
      expect(addressThrough('10.1.2.3', `${written}, 203.0.113.5`, proxies)).toBe('203.0.113.5')
    }),
  )
})

test('several headers are read as one', () => {
  const request = {
    socket: { remoteAddress: '10.1.2.3' },
    headers: { 'x-forwarded-for': ['198.51.100.1', '192.168.1.7'] },
  }
  expect(callerAddress(request as never, proxies)).toBe('198.51.100.1')
})

test.each([
  ['198.51.100.1', '198.51.100.1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:1:ffff::1', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test.each(['10.0.0.0/33', 'proxy.example', '10.0.0.0/', '10.0.0.0/8/8', '', 'fd00::/x', '10.0.0.0/-1'])(
  '%j is no address and no range',
  (range) => {
    expect(() => trustedProxiesOf(['10.0.0.1', range])).toThrow(`${range} is not an address or a range`)
  },
)
