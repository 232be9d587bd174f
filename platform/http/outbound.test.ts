import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { createOutboundFetch, ForbiddenAddress, isInternalAddress, outboundUrlFault } from './index.ts'

const heard: { method: string | undefined; body: string; header: string | undefined }[] = []
const peer = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  heard.push({ method: request.method, body, header: request.headers['x-key']?.toString() })
  if (request.url === '/away') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
  else if (request.url === '/slow') return
  else if (request.url === '/empty') response.writeHead(204).end()
  else response.writeHead(200, { 'content-type': 'text/plain' }).end(`heard ${body}`)
}).listen(0, '127.0.0.1')
afterAll(() => {
  peer.closeAllConnections()
  peer.close()
})
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

  test('are refused in every notation', () => {
    for (const url of [
      'https://127.0.0.1',
      'https://2130706433',
      'https://0x7f.1',
      'https://[::1]',
      'https://db.internal',
    ])
      expect(outboundUrlFault(url, false)).toContain('internal')
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
  const outbound = createOutboundFetch((address) => address === '10.0.0.1')

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
    await expect(createOutboundFetch(null)(at('/away'))).rejects.toThrow()
    await expect(outbound(at('/slow'), { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })
})
