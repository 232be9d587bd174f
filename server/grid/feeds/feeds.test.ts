import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { Alarm } from '../../../schemas/grid/alarms.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { gridJobs } from '../index.ts'

const { url } = await createTestDatabase('server')
const clock = new SimulatedClock(Instant.parse('2026-01-15T10:00:00Z'))
const server = await startTestServer(url, clock)
gridJobs(server.context)
const administrator = await server.person('ada', 'administrator')
const operator = await server.person('olivia', 'operator')
const form = {
  name: 'Site load',
  owner: 'Metering Ltd',
  cadenceS: 300,
  format: 'JSON by SFTP',
  amberS: 420,
  redS: 600,
  fields: { site: 'string', kw: ['number', 'null'] },
}
const register = (id: string, given: object = {}) =>
  administrator.ask(operations.registerFeed, { params: { id }, body: { ...form, ...given }, version: null })
const deliver = (id: string, body: object) => administrator.ask(operations.deliverToFeed, { params: { id }, body })
const go = (seconds: number) => clock.advanceTo(clock.now().plusSeconds(seconds))
const alarms = async (id: string): Promise<Alarm[]> =>
  (await administrator.ask(operations.listAlarms)).body.items.filter((a: Alarm) => a.source.id === id)
const freshness = async (id: string) =>
  (await administrator.ask(operations.listFeeds)).body.find((f: { feedId: string }) => f.feedId === id).freshness

test('a feed turns amber, then red, each with its alarm, and clears on the next delivery', async () => {
  expect(await register('site-load')).toMatchObject({ status: 200, body: { freshness: 'never' } })
  await deliver('site-load', { records: [{ site: 'Islington', kw: 41.5 }] })
  expect(await freshness('site-load')).toBe('green')
  await go(480)
  expect(await freshness('site-load')).toBe('amber')
  expect(await alarms('site-load')).toMatchObject([{ kind: 'feed-stale', priority: 'low', state: 'unacknowledged' }])
  await go(180)
  expect(await alarms('site-load')).toMatchObject([{ priority: 'high', occurrences: 2 }])
  await deliver('site-load', { records: [{ site: 'Islington', kw: null }] })
  expect(await alarms('site-load')).toMatchObject([{ state: 'cleared-unacknowledged' }])
})

test('a record of another form raises an alarm with its fields, is kept whole, and does not hide the good ones', async () => {
  await register('telematics')
  const odd = { site: 'Camden', power: 12 }
  const receipt = await deliver('telematics', { records: [{ site: 'Camden', kw: 1 }, odd, { site: 'Camden', kw: 2 }] })
  expect(receipt.body).toEqual({ taken: 2, kept: 1 })
  expect(await alarms('telematics')).toMatchObject([
    {
      kind: 'feed-drift',
      message: expect.stringContaining('kw: missing instead of number or null; power: unexpected field'),
    },
  ])
  const [failure] = (await administrator.ask(operations.listFeedFailures, { params: { id: 'telematics' } })).body
  expect(failure).toMatchObject({ kind: 'drift', record: odd })
  const [found] = (await administrator.ask(operations.listFeeds)).body.filter(
    (f: { feedId: string }) => f.feedId === 'telematics',
  )
  expect(found).toMatchObject({ lastRecord: { site: 'Camden', kw: 2 }, freshness: 'green' })
  await deliver('telematics', { records: [{ site: 'Camden', kw: 3 }] })
  expect(await alarms('telematics')).toMatchObject([{ state: 'cleared-unacknowledged' }])
})

test('any batch that fails raises an alarm at once, with what could not be read', async () => {
  await register('trips')
  await deliver('trips', { failure: 'line 17: unexpected end of file', content: 'id,from\n1,' })
  expect(await alarms('trips')).toMatchObject([{ kind: 'feed-failed', priority: 'high' }])
  expect((await administrator.ask(operations.listFeedFailures, { params: { id: 'trips' } })).body).toMatchObject([
    { kind: 'failed', record: 'id,from\n1,' },
  ])
  await deliver('trips', { records: [{ site: 'x', kw: 1 }] })
  expect(await alarms('trips')).toMatchObject([{ state: 'cleared-unacknowledged' }])
})

test('FM15 the second of two who change the terms of a feed is told, and what was delivered does not change their version', async () => {
  const { body: made } = await register('twice')
  await deliver('twice', { records: [{ site: 'Camden', kw: 1 }] })
  const change = (given: object) =>
    administrator.ask(operations.registerFeed, {
      params: { id: 'twice' },
      body: { ...form, ...given },
      version: made.etag,
    })
  const first = await change({ cadenceS: 60 })
  expect(first).toMatchObject({ status: 200, body: { cadenceS: 60, lastRecord: { site: 'Camden', kw: 1 } } })
  const second = await change({ owner: 'Others Ltd' })
  expect(second).toMatchObject({
    status: 412,
    body: { detail: expect.stringContaining('feed Site load is there, or has changed since you read it') },
  })
  expect(second.headers.get('etag')).toBe(`"${first.body.etag}"`)
  expect(await register('twice')).toMatchObject({ status: 412 })
  const [now] = (await administrator.ask(operations.listFeeds)).body.filter(
    (f: { feedId: string }) => f.feedId === 'twice',
  )
  expect(now).toMatchObject({ cadenceS: 60, owner: 'Metering Ltd', etag: first.body.etag })
})

test('FM15 every term of a feed counts for its version', async () => {
  let { etag } = (await register('whole')).body
  let body = form as object
  const changes = [
    { name: 'Load' },
    { owner: 'Ours' },
    { cadenceS: 60 },
    { format: 'CSV' },
    { amberS: 90 },
    { redS: 900 },
  ]
  for (const change of [...changes, { fields: { kw: 'number' } }]) {
    body = { ...body, ...change }
    const saved = await administrator.ask(operations.registerFeed, { params: { id: 'whole' }, body, version: etag })
    expect([saved.status, saved.body.etag]).toEqual([200, expect.not.stringMatching(`^${etag}$`)])
    etag = saved.body.etag
  }
})

test('bad forms and unknown feeds are refused', async () => {
  expect(await register('x', { amberS: 900 })).toMatchObject({ status: 422, body: { errors: [{ field: 'amberS' }] } })
  expect(await register('Not-An-Id')).toMatchObject({ status: 422, body: { errors: [{ field: 'id' }] } })
  expect(await deliver('nowhere', { records: [1] })).toMatchObject({ status: 404 })
  expect(await operator.ask(operations.registerFeed, { params: { id: 'x' }, body: form, version: null })).toMatchObject(
    {
      status: 403,
    },
  )
})
