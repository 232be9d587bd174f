import { connect } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { headBounds, headFault } from './heads.ts'
import { listen } from './index.ts'

const listener = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: '--port' })
afterAll(() => listener.close(0))
let heard = 0
listener.use(() => {
  heard++
  return new Response('taken')
})

/** Sends a head, and what it is answered. */
function send(address: string, ...headers: string[]): Promise<string> {
  const socket = connect(listener.port, '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => {
    answer += data
  })
  socket.write([`GET ${address} HTTP/1.1`, 'host: x', ...headers, 'connection: close', '', ''].join('\r\n'))
  return new Promise((resolve) => socket.on('error', () => undefined).on('close', () => resolve(answer)))
}

const times = (count: number) => Array.from({ length: count }, (_, n) => `x-${n}: 1`)

describe('SEC12 a head', () => {
  test.each([
    ['of 99 kB', () => send('/', `x: ${'a'.repeat(99_000)}`), 431],
    ['just above 16 kB', () => send('/', `x: ${'a'.repeat(17_000)}`), 431],
    ['with 200 headers', () => send('/', ...times(200)), 431],
    ['with an address of 9,000 characters', () => send(`/${'a'.repeat(9_000)}`), 414],
    ['with 3,000 parameters', () => send(`/?${'a&'.repeat(3_000)}`), 414],
    ['that has its length twice', () => send('/', 'content-length: 1', 'content-length: 2'), 400],
    ['with a length and chunks', () => send('/', 'content-length: 1', 'transfer-encoding: chunked'), 400],
    ['with a line that ends in a bare CR', () => send('/', 'x: 1\ry: 2'), 400],
  ])('%s is refused before anything handles it', async (_, ask, status) => {
    heard = 0
    expect(await ask()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(heard).toBe(0)
  })

  test('as browsers, proxies and our own programs send it is taken', async () => {
    const cookies = `cookie: ${'ringmain_session=0123456789;'.repeat(100)}`
    expect(await send(`/?cursor=${'a'.repeat(500)}&limit=500`, ...times(60), cookies)).toContain('taken')
  })

  test('says in a problem document what was too much', async () => {
    expect(await send(`/?${'a&'.repeat(3_000)}`)).toContain('urn:ringmain:problem:address-too-long')
  })

  test('costs no more to refuse when it is longer', () => {
    const cost = (parameters: number) => {
      const request = { url: `/?${'a&'.repeat(parameters)}` }
      const before = performance.now()
      for (let n = 0; n < 2_000; n++) headFault(request)
      return performance.now() - before
    }
    cost(headBounds.parameters)
    // Fifteen times as long: in a quadratic time it would cost 225 times as much.
    expect(cost(3_900) / Math.max(cost(260), 0.1)).toBeLessThan(60)
  })
})
