import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import {
  createOutboundFetch,
  ForbiddenAddress,
  fetchBounded,
  isInternalAddress,
  isLoopbackHost,
  outboundUrlFault,
  specialRanges,
} from './index.ts'

const heard: { method: string | undefined; body: string; header: string | undefined }[] = []
/** Answers in progress. */
const busy = new Set<ServerResponse>()
const peer = createServer(async (request, response) => {
  busy.add(response)
  response.on('close', () => busy.delete(response))
  let body = ''
  for await (const chunk of request) body += chunk
  heard.push({ method: request.method, body, header: request.headers['x-key']?.toString() })
  if (request.url === '/away') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
  else if (request.url === '/slow') return
  else if (request.url === '/endless') void pour(response, 'x'.repeat(64 * 1024), 0)
  else if (request.url === '/drip') void pour(response, 'x', 20)
  else if (request.url === '/long') response.writeHead(200, { 'content-length': '999000000' }).write('x')
  else if (request.url === '/head') response.writeHead(200, { 'x-long': 'x'.repeat(30_000) }).end()
  else if (request.url === '/empty') response.writeHead(204).end()
  else response.writeHead(200, { 'content-type': 'text/plain' }).end(`heard ${body}`)
}).listen(0, '127.0.0.1')
afterAll(() => {
  peer.closeAllConnections()
  peer.close()
})
/** Answers and never ends; counts what the caller takes. */
async function pour(response: ServerResponse, piece: string, everyMs: number): Promise<void> {
  response.writeHead(200)
  poured = 0
  while (!response.destroyed) {
    poured += piece.length
    const isTaken = response.write(piece)
    if (everyMs > 0) await setTimeout(everyMs)
    else if (!isTaken) await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
}
let poured = 0
const port = () => (peer.address() as AddressInfo).port
const at = (path = '/', host = '127.0.0.1') => `http://${host}:${port()}${path}`

describe('FM41 addresses inside one’s own network', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::ffff:10.0.0.1',
    'fd00::1',
    'fe80::1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'not an address',
  ])('%s is one', (address) => expect(isInternalAddress(address)).toBe(true))

  test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('%s is none', (address) =>
    expect(isInternalAddress(address)).toBe(false),
  )

  // One row of each registry entry, first and last address, and the neighbours that are public.
  test.each(specialRanges)('SEC17 $range is one ($name, $source)', ({ range }) => {
    for (const address of endsOf(range)) expect(isInternalAddress(address), address).toBe(true)
  })

  test.each([
    ...['192.0.2.1', '198.51.100.7', '203.0.113.9', '192.88.99.1', '192.31.196.1', '192.52.193.1', '192.175.48.1'],
    ...['240.0.0.1', '255.255.255.255', '::127.0.0.1', '::a00:1', '::ffff:7f00:1', '::ffff:0:10.0.0.1'],
    ...['64:ff9b:1::1', '100::1', '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:10::1', '2001:20::1'],
    ...['2001:db8::1', '2620:4f:8000::1', '3fff::1', '5f00::1', 'fec0::1', 'fe80::1%eth0', 'fe80::1%1'],
  ])('SEC17 %s is one', (address) => expect(isInternalAddress(address)).toBe(true))

  test.each([
    ...['192.0.1.255', '192.0.3.0', '198.51.101.0', '203.0.112.255', '172.15.255.255', '223.255.255.255'],
    ...['::ffff:8.8.8.8', '2001:200::1', '2001:4860:4860::8888', '2a00:1450::1', '2620:fe::fe', '3ffe:ffff::1'],
  ])('SEC17 %s is none', (address) => expect(isInternalAddress(address)).toBe(false))

  test('SEC17 this machine’s own addresses are not called either, whatever they are', async () => {
    const own = Object.values(networkInterfaces())
      .flat()
      .map((one) => one?.address ?? '')
    const outbound = createOutboundFetch()
    for (const address of own) {
      const host = address.includes(':') ? `[${address}]` : address
      await expect(outbound(`http://${host}:${port()}/`), address).rejects.toThrow(ForbiddenAddress)
    }
  })

  test.each(['127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost', 'LOCALHOST.', 'fsp.localhost', '::ffff:127.0.0.1'])(
    '%s is this machine only',
    (host) => expect(isLoopbackHost(host)).toBe(true),
  )

  test.each(['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '127.0.0.1.example', 'server'])(
    '%s is not this machine only',
    (host) => expect(isLoopbackHost(host)).toBe(false),
  )

  test('are refused in every notation', () => {
    for (const url of [
      'https://127.0.0.1',
      'https://2130706433',
      'https://0x7f.1',
      'https://[::1]',
      'https://db.internal',
      'https://0177.0.0.1',
      'https://0x7f000001',
      'https://127.1',
      'https://017700000001',
      'https://127.0.0.1.',
      'https://localhost.',
      'https://db.internal.',
      'https://[::ffff:127.0.0.1]',
      'https://[::ffff:0:7f00:1]',
      'https://[fec0::1]',
      'https://[2001:0:7f00::1]',
      'https://192.0.2.1',
      'https://１２７.0.0.1',
      'https://router.home.arpa',
    ])
      expect(outboundUrlFault(url, false), url).toContain('internal')
    expect(outboundUrlFault('http://fsp.example', false)).toBe('must be an https address')
    expect(outboundUrlFault('https://u:p@fsp.example', true)).toContain('password')
    expect(outboundUrlFault('nonsense', true)).toContain('https')
    expect([outboundUrlFault('https://fsp.example/x', false), outboundUrlFault(at(), true)]).toEqual([null, null])
  })

  test('are never called, by address or by name', async () => {
    const outbound = createOutboundFetch()
    heard.length = 0
    await expect(outbound(at())).rejects.toThrow(ForbiddenAddress)
    await expect(outbound(at('/', '[::ffff:7f00:1]'))).rejects.toThrow('internal address')
    // The name is resolved for the connection, and what it leads to is looked at there: no second look-up could answer otherwise.
    await expect(outbound(at('/', 'localhost'))).rejects.toThrow(/localhost leads to the internal address/)
    expect(heard).toEqual([])
  })
})

describe('what may be called', () => {
  const outbound = createOutboundFetch({ isForbidden: (address) => address === '10.0.0.1' })

  test('is called with method, headers and body, over a connection that is kept', async () => {
    heard.length = 0
    for (let n = 0; n < 3; n++) {
      const answer = await outbound(at('/', n === 1 ? 'localhost' : '127.0.0.1'), {
        method: 'POST',
        body: `piece ${n}`,
        headers: { 'x-key': 'k' },
      })
      expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
        ...[200, `heard piece ${n}`, 'text/plain'],
      ])
    }
    expect(heard[2]).toEqual({ method: 'POST', body: 'piece 2', header: 'k' })
    expect((await outbound(at('/empty'))).status).toBe(204)
  })

  test('does not redirect the caller, and is abandoned after its time-out', async () => {
    await expect(outbound(at('/away'))).rejects.toThrow('redirection')
    await expect(fetchBounded(at('/away'))).rejects.toThrow()
    await expect(outbound(at('/slow'), { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })
})

describe('an answer', () => {
  const outbound = createOutboundFetch({ isForbidden: null, maxBytes: 100_000, deadlineMs: 300 })

  test('SEC11 is received up to its limit and no further', async () => {
    const answer = await outbound(at('/endless'))
    await expect(answer.text()).rejects.toThrow('longer than 100000 bytes')
    await expect.poll(() => peerConnections()).toBe(0)
    // What lay in the sockets' buffers is lost, but nothing is asked for.
    expect(poured).toBeLessThan(8 * 1024 * 1024)
  })

  test('SEC11 that says it is longer is not waited for', async () => {
    await expect(outbound(at('/long'))).rejects.toThrow('longer than 100000 bytes')
  })

  test('SEC11 that drips in ends at its deadline, not when the peer pleases', async () => {
    const answer = await outbound(at('/drip'))
    await expect(answer.text()).rejects.toThrow()
    await expect.poll(() => peerConnections()).toBe(0)
  })

  test('SEC11 with an endless head is refused', async () => {
    await expect(outbound(at('/head'))).rejects.toThrow()
  })

  test('SEC11 that nobody bounds has bounds all the same', async () => {
    const answer = await fetchBounded(at('/endless'))
    await expect(answer.text()).rejects.toThrow('longer than 262144 bytes')
  })
})

/** Connections that are not idle. */
function peerConnections(): number {
  return busy.size
}

/** First and last address of a range. */
function endsOf(range: string): string[] {
  const [net = '', prefix = ''] = range.split('/')
  const isV6 = net.includes(':')
  const [bits, width] = isV6 ? [128, 16] : [32, 8]
  const first = numberOf(net, isV6)
  const last = first | ((1n << BigInt(bits - Number(prefix))) - 1n)
  const textOf = (value: bigint) => {
    const groups = Array.from({ length: bits / width }, (_, i) =>
      Number((value >> BigInt(bits - width * (i + 1))) & ((1n << BigInt(width)) - 1n)),
    )
    return isV6 ? groups.map((group) => group.toString(16)).join(':') : groups.join('.')
  }
  return [textOf(first), textOf(last)]
}

function numberOf(address: string, isV6: boolean): bigint {
  if (!isV6) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
  const [head = '', tail = ''] = address.split('::')
  const [left, right] = [head, tail].map((part) => part.split(':').filter(Boolean)) as [string[], string[]]
  const groups = [...left, ...Array(8 - left.length - right.length).fill('0'), ...right]
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n)
}
