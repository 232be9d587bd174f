import { connect } from 'node:net'
import { z } from '@hono/zod-openapi'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { csvFile, operation } from '../../schemas/vocabulary/operation.ts'
import { StartupError } from '../errors/index.ts'
import { createLog } from '../log/index.ts'
import { createApi, createRouter, givenOf, listen, ProblemError, serveOperation } from './index.ts'

const listener = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: '--port' })
afterAll(() => listener.close())
const body = z.object({ intervals: z.array(z.object({ turnDownW: z.number() })) })
const stated = { tags: [], summary: '', access: { dno: true }, answer: z.object({ count: z.number() }) } as const
const takeThings = operation({ ...stated, method: 'post', path: '/things', body, maxBytes: 1_000 })
const takeFile = operation({ ...stated, method: 'post', path: '/files', body: csvFile(), maxBytes: 5_000 })
const frame = { problems: [] }
const router = createRouter()
serveOperation(router, takeThings, frame, async (c) => ({
  count: (givenOf(takeThings, c).body as z.infer<typeof body>).intervals.length,
}))
serveOperation(router, takeFile, frame, async (c) => ({ count: (await c.req.raw.text()).length }))
router.get('/broken', () => {
  throw new Error('a bug')
})
router.get('/refused', () => {
  throw new ProblemError('conflict', 'It is open already.')
})
const api = createApi(createLog('test', 'silent'))
api.route('/', router)
listener.use(api.fetch)

const post = (text: string) =>
  fetch(`${listener.url}/things`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text })

test('a body that breaks its contract gets a 422 that names the field', async () => {
  const response = await post(JSON.stringify({ intervals: [{ turnDownW: 1 }, { turnDownW: 'much' }] }))
  expect(response.status).toBe(422)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toMatchObject({
    type: 'urn:ringmain:problem:contract-broken',
    errors: [{ field: 'intervals[1].turnDownW' }],
  })
})

test('a body that is not JSON gets a 400, one that is too large a 413, an unknown address a 404', async () => {
  expect((await post('{"intervals":')).status).toBe(400)
  expect((await post(JSON.stringify({ intervals: [], padding: 'x'.repeat(2_000) }))).status).toBe(413)
  const missing = await fetch(`${listener.url}/nothing`)
  expect(missing.status).toBe(404)
  expect(await missing.json()).toMatchObject({ detail: 'GET /nothing is not part of this API.' })
})

test('a chunked body is accepted, and limited in size as well', async () => {
  const chunked = (text: string) => {
    const body = new Blob([text]).stream()
    const headers = { 'content-type': 'application/json' }
    return fetch(`${listener.url}/things`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
  }
  expect((await chunked(JSON.stringify({ intervals: [{ turnDownW: 1 }] }))).status).toBe(200)
  expect((await chunked(JSON.stringify({ intervals: [], padding: 'x'.repeat(2_000) }))).status).toBe(413)
})

test('FM32 a slow request is cut off and a complete one is not; a file has longer', async () => {
  const timeouts = { fileMs: 60_000, requestMs: 200 }
  const patient = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: '--port', timeouts })
  onTestFinished(() => patient.close(0))
  const heard: string[] = []
  patient.use(async (request) => {
    heard.push(await request.text())
    return new Response('taken')
  })
  /** Sends a piece, and the rest when the time of an ordinary request is long over. */
  const dawdle = (type: string) => {
    const socket = connect(patient.port, '127.0.0.1')
    let answer = ''
    socket.on('data', (data) => {
      answer += data
    })
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 4\r\n\r\nab`)
    setTimeout(() => socket.writable && socket.end('cd'), 600)
    return new Promise<string>((resolve) => socket.on('error', () => undefined).on('close', () => resolve(answer)))
  }
  expect(await dawdle('application/json')).toMatch(/^HTTP\/1\.1 408 /)
  expect(await dawdle('text/csv')).toMatch(/^HTTP\/1\.1 200 /)
  const whole = await fetch(patient.url, { method: 'POST', body: 'whole' })
  expect([await whole.text(), heard]).toEqual(['taken', ['abcd', 'whole']])
})

test('a chunked file is read as it arrives, and limited by what has been read', async () => {
  const send = (bytes: number) => {
    const body = new Blob(['x'.repeat(bytes)]).stream()
    const headers = { 'content-type': 'text/csv' }
    return fetch(`${listener.url}/files`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
  }
  expect(await (await send(4_000)).json()).toEqual({ count: 4_000 })
  expect((await send(6_000)).status).toBe(413)
  const stated = await fetch(`${listener.url}/files`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: 'x'.repeat(6_000),
  })
  expect(stated.status).toBe(413)
})

test('a refusal says what is wrong; a bug tells the caller nothing about itself', async () => {
  const refused = await fetch(`${listener.url}/refused`)
  expect(refused.status).toBe(409)
  expect(await refused.json()).toMatchObject({ detail: 'It is open already.' })
  const broken = await fetch(`${listener.url}/broken`)
  expect(broken.status).toBe(500)
  expect(JSON.stringify(await broken.json())).not.toContain('a bug')
})

test('a busy port is one sentence that names the port and the flag', async () => {
  const again = listen({ host: '127.0.0.1', port: listener.port, what: 'the server', portSetting: '--port' })
  await expect(again).rejects.toThrow(StartupError)
  await expect(again).rejects.toThrow(`Port ${listener.port} on 127.0.0.1, for the server, is in use`)
})
