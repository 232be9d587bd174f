import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'
import { siteHalfHours } from './half-hours.ts'
import { placesWithoutSynthetic, storeSyntheticHistory } from './synthetic-history.ts'

const { db, url } = await createTestDatabase('server')
const clock = new SimulatedClock(Instant.parse('2026-01-15T12:10:00Z'))
const server = await startTestServer(url, clock)
const demo = { ...server.context, environment: 'demo' as const }
const planner = await server.person('priya', 'planner')
const query = { from: '2026-01-14T00:00:00Z', to: '2026-01-16T00:00:00Z' }
let connectionId = ''
beforeAll(async () => {
  await saveTestNetwork(db)
  connectionId = (await saveTestSite(db, clock.now())).connectionId
})

/** Two days of 1 kW, 2 kW, 3 kW, … by half-hour. */
const days = ['2026-01-14', '2026-01-15'].map((day) => ({
  startMs: Date.parse(`${day}T00:00:00Z`),
  meanW: Array.from({ length: 48 }, (_, n) => (n + 1) * 1_000),
}))

test('a made-up history is stored up to now, says that it is synthetic, and is made once', async () => {
  expect(await placesWithoutSynthetic(db)).toEqual([
    { kind: 'node', id: 'gsp', nodeId: 'gsp' },
    { kind: 'node', id: 'pri', nodeId: 'pri' },
    { kind: 'node', id: 'sec', nodeId: 'sec' },
    { kind: 'connection', id: connectionId, nodeId: 'sec' },
  ])
  // 48 half-hours of the 14th, and those of the 15th that have ended by 12:10: 24.
  expect(await storeSyntheticHistory(demo, { kind: 'node', id: 'sec' }, days)).toBe(72)
  expect(await storeSyntheticHistory(demo, { kind: 'connection', id: connectionId }, days)).toBe(72)
  expect(await storeSyntheticHistory(demo, { kind: 'connection', id: connectionId }, days)).toBe(0)
  expect((await placesWithoutSynthetic(db)).map(({ id }) => id)).toEqual(['gsp', 'pri'])
  const { body } = await planner.ask(operations.readNodeHalfHours, { params: { id: 'sec' }, query })
  expect(body).toHaveLength(72)
  expect(body.at(-1)).toMatchObject({
    at: '2026-01-15T11:30:00Z',
    meanW: 24_000,
    maxW: 25_200,
    energyWh: 12_000,
    quality: 'derived',
    source: 'synthetic',
  })
  const own = await planner.ask(operations.readConnectionHalfHours, { params: { id: connectionId }, query })
  expect(own.body[0]).toMatchObject({ at: '2026-01-14T00:00:00Z', meanW: 1_000, source: 'synthetic' })
})

test('a node’s page says that the load of its day is made up', async () => {
  const { body } = await planner.ask(operations.readHeadroom, { params: { id: 'sec' }, query: { day: '2026-01-14' } })
  expect([body.loadSources, body.periods[0].measuredW]).toEqual([['synthetic'], 1_000])
  const empty = await planner.ask(operations.readHeadroom, { params: { id: 'sec' }, query: { day: '2026-01-10' } })
  expect(empty.body.loadSources).toEqual([])
})

test('neither settlement nor dispatch counts a made-up half-hour as metered', async () => {
  const [from, to] = [Instant.parse(query.from), Instant.parse(query.to)]
  expect((await siteHalfHours(db, [connectionId], from, to)).size).toBe(0)
})

test('an upload replaces a made-up half-hour, and is not replaced by one', async () => {
  const text = 'nodeId,at,meanW\npri,2026-01-14T00:00:00Z,7000\nsec,2026-01-14T00:00:00Z,7000\n'
  await planner.ask(operations.uploadLoadHistory, { query: { stamp: 'period-start' }, text })
  expect(await storeSyntheticHistory(demo, { kind: 'node', id: 'pri' }, days)).toBe(71)
  const first = async (id: string) =>
    (await planner.ask(operations.readNodeHalfHours, { params: { id }, query })).body[0]
  expect(await first('pri')).toMatchObject({ meanW: 7_000, source: 'uploaded' })
  expect(await first('sec')).toMatchObject({ meanW: 7_000, source: 'uploaded' })
})

test('a live system refuses to make up a history', async () => {
  const live = { ...server.context, environment: 'live' as const }
  await expect(storeSyntheticHistory(live, { kind: 'node', id: 'gsp' }, days)).rejects.toThrow('in a demo only')
  expect((await placesWithoutSynthetic(db)).map(({ id }) => id)).toEqual(['gsp'])
})
