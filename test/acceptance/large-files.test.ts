import { Instant } from '@js-joda/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import type { Answer, TestCall } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'
import { collectGarbage } from '../support/memory.ts'
import { startTestServer } from '../support/server.ts'

const { db, url } = await createTestDatabase('server')
const clock = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
const server = await startTestServer(url, clock)
const planner = await server.person('priya', 'planner')

const megabyte = 1_000_000
const heading = 'nodeId;name;kind;parentId;licenceArea;ratingWinterKva;remarks\r\n'
const remarks = 'as surveyed, '.repeat(80)
const row = (n: number) =>
  n === 0
    ? `g0;City Road;gsp;;LPN;720000;${remarks}\r\n`
    : `p${n};"Primary; number ${n}";primary;g0;LPN;60000;${remarks}\r\n`

/** A network file of so many bytes and more, made while it is sent; `after` comes at its end. */
function* networkFile(bytes: number, after = '', counted = { rows: 0 }): Generator<string> {
  yield `\uFEFF${heading}`
  let sent = 0
  while (sent < bytes) {
    let piece = ''
    for (let i = 0; i < 60; i++) piece += row(counted.rows++)
    sent += piece.length
    yield piece
  }
  yield after
}

/** Sends a file as it is made. With `cut` the connection breaks off after so many pieces. */
async function send(
  operation: Operation,
  pieces: Iterable<string>,
  { cut, ...call }: Omit<TestCall, 'body' | 'text'> & { cut?: number } = {},
): Promise<Pick<Answer, 'status' | 'body'>> {
  const encoder = new TextEncoder()
  const source = pieces[Symbol.iterator]()
  let count = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = source.next()
      if (count++ === cut) controller.error(new Error('cut off'))
      else if (next.done) controller.close()
      else controller.enqueue(encoder.encode(next.value || '\n'))
    },
  })
  const { path, init } = requestOf(operation, { ...call, body })
  const response = await fetch(`${server.url}${path}`, { ...init, headers: { ...init.headers, ...planner.headers } })
  return { status: response.status, body: await response.json() }
}

const nodeCount = async () => (await planner.ask(operations.listNodes, { query: { limit: '1' } })).body.items.length
const imports = async () => (await planner.ask(operations.listNetworkImports)).body

/** The most memory that is in use beyond what was before, MB, looked at while `work` goes on. */
async function memoryOf<T>(work: () => Promise<T>): Promise<{ result: T; mostMb: number }> {
  collectGarbage()
  const before = process.memoryUsage()
  let most = 0
  const look = setInterval(() => {
    const { heapUsed, external } = process.memoryUsage()
    most = Math.max(most, heapUsed + external - before.heapUsed - before.external)
  }, 50)
  try {
    return { result: await work(), mostMb: most / megabyte }
  } finally {
    clearInterval(look)
  }
}

afterEach(() => db.$client`delete from network_node`)

describe('FM30 a network file of 100 MB, with byte order mark and semicolons', () => {
  test('is read as it arrives, in bounded memory, and imported; how far it is can be seen meanwhile', async () => {
    const { result, mostMb } = await memoryOf(async () => {
      const sending = send(operations.importNetwork, networkFile(100 * megabyte))
      await vi.waitFor(async () => expect((await imports())[0]).toMatchObject({ state: 'reading' }), 10_000)
      await vi.waitFor(async () => expect((await imports())[0].rows).toBeGreaterThan(0), 30_000)
      return sending
    })
    const outcome = result.body
    expect(outcome).toMatchObject({ state: 'imported', flawCount: 0, created: outcome.rows })
    expect(outcome.rows).toBeGreaterThan(90_000)
    expect((await planner.ask(operations.listNodes, { query: { search: 'p77777' } })).body.items).toMatchObject([
      { name: 'Primary; number 77777' },
    ])
    expect(server.announced).toContain('network')
    // The file itself would be 100 MB, its rows as objects several times that.
    expect(mostMb).toBeLessThan(250)
  }, 180_000)

  test('with a formula near its end: the line and the column are named, and nothing is stored', async () => {
    const wrong = `x;=HYPERLINK("a");primary;g0;LPN;60000;\r\ny;Y;primary;g0;LPN;60;\r\nz;Z;prim`
    const counted = { rows: 0 }
    const answer = await send(operations.importNetwork, networkFile(20 * megabyte, wrong, counted))
    const line = (after: number) => `line ${1 + counted.rows + after}`
    expect(answer.status).toBe(422)
    const { errors } = answer.body
    expect(errors.map((e: { field: string }) => e.field)).toEqual([
      `${line(1)}, name`,
      `${line(2)}, ratingWinterKva`,
      line(3),
    ])
    expect(errors[2].message).toContain('is the file cut off?')
    expect(await nodeCount()).toBe(0)
  }, 120_000)
})

test('FM29 an upload whose connection breaks off in the middle leaves nothing, and can be sent again with its key', async () => {
  const before = (await imports()).length
  await expect(
    send(operations.importNetwork, networkFile(20 * megabyte), { cut: 100, idempotencyKey: 'first' }),
  ).rejects.toThrow()
  expect(await nodeCount()).toBe(0)
  const again = await send(operations.importNetwork, networkFile(megabyte), { idempotencyKey: 'first' })
  expect(again.body).toMatchObject({ state: 'imported' })
  expect(await imports()).toHaveLength(before + 1)
}, 60_000)

test('a file of an unknown layout is refused to its sender, however long it is', async () => {
  const answer = await send(operations.importNetwork, [
    'a,b\n',
    ...Array.from({ length: 20 }, () => '1,2\n'.repeat(100_000)),
  ])
  expect(answer.status).toBe(422)
  expect(answer.body.detail).toContain('fit no known layout')
}, 60_000)

describe('FM30 half-hourly load history and load forecasts', () => {
  const start = Date.parse('2025-01-01T00:00:00Z')
  const history = function* (rows: number, after: string) {
    yield 'nodeId,at,meanW,maxW\n'
    for (let n = 0; n < rows; n += 1_000)
      yield Array.from(
        { length: 1_000 },
        (_, i) => `p1,${new Date(start + (n + i) * 1_800_000).toISOString()},${1000 + i},${2000 + i}\n`,
      ).join('')
    yield after
  }
  const forecast = function* (rows: number, after: string) {
    yield 'node_id,period_start,load_w\n'
    for (let n = 0; n < rows; n += 1_000)
      yield Array.from(
        { length: 1_000 },
        (_, i) => `p1,${new Date(start + (n + i) * 900_000).toISOString()},${1000 + i}\n`,
      ).join('')
    yield after
  }
  const stored = async () => [
    ...(await db.$client`select count(*)::int as n from node_half_hour`),
    ...(await db.$client`select count(*)::int as n from load_forecast`),
  ]

  test('of 100,000 rows are taken whole, or refused with the line that is wrong and nothing stored', async () => {
    expect((await send(operations.importNetwork, networkFile(1))).status).toBe(200)
    const stamp = { query: { stamp: 'period-start' } }
    const twice = 'p1,2025-01-01T00:30:00Z,5,5\n'
    const refused = await send(operations.uploadLoadHistory, history(100_000, twice), stamp)
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toEqual([{ field: 'line 100002, at', message: 'this half-hour is already on line 3' }])
    const cut = await send(operations.uploadLoads, forecast(100_000, 'p1,2030-01-01T00:00:00Z'))
    expect(cut.body.errors).toMatchObject([{ field: 'line 100002' }])
    expect(await stored()).toEqual([{ n: 0 }, { n: 0 }])
    expect((await send(operations.uploadLoadHistory, history(100_000, ''), stamp)).body).toMatchObject({
      rows: 100_000,
      nodes: 1,
    })
    expect((await send(operations.uploadLoads, forecast(100_000, ''))).body).toEqual({ stored: 100_000 })
    expect(await stored()).toEqual([{ n: 100_000 }, { n: 100_000 }])
  }, 120_000)

  test('a demand schedule with too many lines is refused at the first line too many', async () => {
    const body = 'x'.repeat(100)
    const lines = function* () {
      yield 'season,dayType,from,limitW\n'
      for (let n = 0; n < 40; n++) yield `,weekday,00:00,${body}\n`.repeat(1_000)
    }
    const answer = await send(operations.uploadDemandSchedule, lines(), {
      params: { id: crypto.randomUUID() },
      query: { validFrom: '2026-02-01', validTo: '2026-12-31' },
    })
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toContainEqual({
      field: 'line 24002',
      message: expect.stringContaining('at most 24000'),
    })
  }, 60_000)
})
