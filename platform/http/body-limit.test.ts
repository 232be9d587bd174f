import { once } from 'node:events'
import { connect } from 'node:net'
import { z } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { anyone } from '../../schemas/vocabulary/access.ts'
import { bodyLimitOf, csvFile, type Operation, operation } from '../../schemas/vocabulary/operation.ts'
import { pour } from '../../test/support/pouring.ts'
import { createLog } from '../log/index.ts'
import { BodyBudget } from './body-limit.ts'
import { createApi, createRouter, givenOf, listen, ProblemError, serveOperation } from './index.ts'

const listener = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: '--port' })
afterAll(() => listener.close(0))
const mebibyte = 1024 * 1024
const stated = { method: 'post', tags: [], summary: '', answer: z.object({ length: z.number() }) } as const
const body = z.object({ text: z.string() })
const open = operation({ ...stated, path: '/open', access: anyone, body })
const closed = operation({ ...stated, path: '/closed', access: { dno: true }, body, maxBytes: 4 * mebibyte })
const usual = operation({ ...stated, path: '/usual', access: { dno: true }, body })
const file = operation({ ...stated, path: '/file', access: { dno: true }, body: csvFile(), maxBytes: 2 * mebibyte })

const router = createRouter()
for (const each of [open, closed, usual] as Operation[])
  serveOperation(router, each, frameOf(each), async (c) => ({
    length: (givenOf(each, c).body as { text: string }).text.length,
  }))
serveOperation(router, file, frameOf(file), async (c) => ({ length: (await c.req.raw.text()).length }))
const api = createApi(createLog('test', 'silent'))
api.route('/', router)
listener.use(api.fetch)

function frameOf({ access }: Operation) {
  const middleware = createMiddleware(async (c, next) => {
    if (access !== 'anyone' && c.req.header('authorization') !== 'Bearer good')
      throw new ProblemError('unauthenticated', 'Log in.')
    await next()
  })
  return { problems: [], middleware }
}

const post = (path: string, bytes: number, headers?: Record<string, string>) =>
  pour(`${listener.url}${path}`, bytes, headers)

describe('SEC05 the body of somebody who is not admitted', () => {
  test('is not read: the answer comes before it', async () => {
    const heard = await post(closed.path, 30 * mebibyte)
    expect(heard.status).toBe(401)
    expect(heard.sent).toBeLessThan(mebibyte)
  })

  test('is read up to 64 kB where anybody may call', async () => {
    const heard = await post(open.path, 30 * mebibyte)
    expect(heard.status).toBe(413)
    expect(heard.text).toContain('at most 65536 bytes')
    // 64 kB, and what the sockets of this machine hold between the two ends.
    expect(heard.sent).toBeLessThan(4 * mebibyte)
  })

  test('costs no memory', async () => {
    const before = process.memoryUsage()
    await Promise.all(Array.from({ length: 20 }, () => post(open.path, 30 * mebibyte)))
    const after = process.memoryUsage()
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(30 * mebibyte)
  })
})

describe('SEC05 the body of somebody who is admitted', () => {
  const good = { authorization: 'Bearer good' }
  const send = (path: string, text: string, type = 'application/json') =>
    fetch(`${listener.url}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': type },
      body: new Blob([text]).stream(),
      duplex: 'half',
    } as RequestInit)

  test('is read up to what the operation states, however it comes', async () => {
    const text = JSON.stringify({ text: 'x'.repeat(3 * mebibyte) })
    expect((await send(closed.path, text)).status).toBe(200)
    expect((await send(usual.path, text)).status).toBe(413)
    const heard = await post(usual.path, 30 * mebibyte, good)
    expect([heard.status, heard.text]).toEqual([413, expect.stringContaining('at most 1048576 bytes')])
    expect((await send(file.path, 'x'.repeat(mebibyte), 'text/csv')).status).toBe(200)
    expect((await send(file.path, 'x'.repeat(3 * mebibyte), 'text/csv')).status).toBe(413)
  })

  test('that states its length is refused before it is sent', async () => {
    const socket = connect(listener.port, '127.0.0.1')
    socket.write(
      `POST ${usual.path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\ncontent-length: 99000000\r\n\r\n`,
    )
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 413 /)
    await once(socket, 'close')
  })

  test('leaves a connection that can be used again, and an answer that is whole', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(usual.path, 'x'.repeat(2 * mebibyte))))
    for (const answer of answers) expect(await answer.json()).toMatchObject({ type: 'urn:ringmain:problem:too-large' })
    expect((await send(usual.path, '{"text":"x"}')).status).toBe(200)
  })
})

describe('SEC05 all bodies together', () => {
  let budget: BodyBudget
  beforeEach(() => {
    budget = new BodyBudget(1_000)
  })

  test('hold a bounded number of bytes, and what is answered is free again', () => {
    budget.take(600)
    expect(() => budget.take(500)).toThrow(ProblemError)
    expect(budget.held).toBe(600)
    budget.give(600)
    budget.take(500)
    expect(budget.held).toBe(500)
  })
})

test('SEC05 an operation open to anybody takes 64 kB at most, whatever it states', () => {
  expect(bodyLimitOf({ access: anyone, body, maxBytes: 32 * mebibyte })).toBe(64 * 1024)
  expect(bodyLimitOf({ access: { dno: true }, body })).toBe(mebibyte)
  expect(bodyLimitOf({ access: { dno: true }, body: csvFile() })).toBe(256 * mebibyte)
})
