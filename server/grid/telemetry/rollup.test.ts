import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { dropPartitions } from '../../../platform/db/index.ts'
import type { HalfHour } from '../../../schemas/grid/connections.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveHub } from '../hubs/index.ts'
import { gatewaysOf } from '../test/support/gateways.ts'
import { powers } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite, type TestSite } from '../test/support/site.ts'
import { measurementTable, utcDay } from './partitions.ts'
import { rollUp } from './rollup.ts'
import { storeSyntheticHistory } from './synthetic-history.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
await saveTestNetwork(db)
const clock = new SimulatedClock(start.plusSeconds(4 * 3_600))
const server = await startTestServer(url, clock)
const gateway = gatewaysOf(server)
const planner = await server.person('priya', 'planner')
const query = { from: start, to: start.plusSeconds(7_200) }
const halfHours = async (site: TestSite): Promise<HalfHour[]> =>
  (await planner.ask(operations.readConnectionHalfHours, { params: { id: site.connectionId }, query })).body

let sequence = 0
/** Sends one load of all three feeders at a minute after the start; `late` as an event that the hub had kept. */
async function send(site: TestSite, minute: number, loads: (number | null)[], late = false) {
  const at = start.plusSeconds(minute * 60)
  const given = late ? { deviceTime: at.toString() } : {}
  const readings = powers(loads, late ? at.plusSeconds(7_200) : at, given)
  const batch = { hubId: site.hubId, sequence: ++sequence, readings }
  const answer = await gateway(site.gatewayId).ask(operations.storeMeasurements, { body: { batches: [batch] } })
  expect(answer.status).toBe(200)
}
const roll = () => rollUp(server.context, clock.now())

test('FM17 late data roll up their half-hour again, and fill the gaps in the chart', async () => {
  const site = await saveTestSite(db, start)
  await send(site, 0, [30_000, 0, 0])
  await roll()
  // A value holds for the time-out of three minutes.
  expect(await halfHours(site)).toMatchObject([{ meanW: 30_000, completeness: 3 / 30 }])
  await send(site, 1, [60_000, 0, 0], true)
  await roll()
  // One minute at 30 kW and three at 60 kW: (30 + 180) / 4 = 52.5 kW.
  expect(await halfHours(site)).toMatchObject([{ meanW: 52_500, maxW: 60_000, completeness: 4 / 30 }])
  const day = (
    await planner.ask(operations.readConnectionDay, { params: { id: site.connectionId }, query: { day: '2026-01-15' } })
  ).body
  expect(day.load).toEqual([
    { at: '2026-01-15T12:00:00Z', importW: 30_000, quality: 'good' },
    { at: '2026-01-15T12:01:00Z', importW: 60_000, quality: 'good' },
    { at: '2026-01-15T12:02:00Z', importW: 60_000, quality: 'good' },
    { at: '2026-01-15T12:03:00Z', importW: 60_000, quality: 'good' },
  ])
})

test('what a hub measures replaces what was made up for a demo', async () => {
  const site = await saveTestSite(db, start)
  const demo = { ...server.context, environment: 'demo' as const }
  const days = [{ startMs: start.toEpochMilli(), meanW: [7_000, 8_000] }]
  await storeSyntheticHistory(demo, { kind: 'connection', id: site.connectionId }, days)
  await send(site, 0, [30_000, 0, 0])
  await roll()
  expect(await halfHours(site)).toMatchObject([
    { meanW: 30_000, source: 'measured' },
    { meanW: 8_000, source: 'synthetic' },
  ])
})

test('half-hours stay when the raw measurements are dropped', async () => {
  const site = await saveTestSite(db, start)
  await send(site, 0, [30_000, 0, 0])
  await roll()
  expect(await dropPartitions(db, measurementTable, utcDay(start).plusDays(1))).toBe(1)
  expect(Number((await db.execute(sql`select count(*) as n from measurement`))[0]?.['n'])).toBe(0)
  expect(await halfHours(site)).toHaveLength(1)
})

test('a hub at a substation gives its node a history, which is the load used for its headroom', async () => {
  const [node, nowhere] = ['sec', 'pri']
  const hubId = crypto.randomUUID()
  await saveHub(db, start, {
    hubId,
    name: 'Almeida St hub',
    connectionId: null,
    nodeId: node,
    host: '127.0.0.1',
    port: 1,
    localAddress: 1,
    remoteAddress: 2,
    integrityPollS: 60,
    gatewayId: 'gateway-9',
    feeders: [],
  })
  const at = clock.now().minusSeconds(3_600)
  const batch = { hubId, sequence: 1, readings: powers([200_000, 100_000], at) }
  expect((await gateway('gateway-9').ask(operations.storeMeasurements, { body: { batches: [batch] } })).status).toBe(
    200,
  )
  await roll()
  const day = (await planner.ask(operations.readHeadroom, { params: { id: node }, query: { day: '2026-01-15' } })).body
  const measured = day.periods.find((p: { from: string }) => p.from === at.toString())
  expect(measured).toMatchObject({ measuredW: 300_000, capacityW: 760_000 })
  const above = (await planner.ask(operations.readHeadroom, { params: { id: nowhere }, query: { day: '2026-01-15' } }))
    .body
  expect(above.periods.find((p: { from: string }) => p.from === at.toString()).backgroundW).toBeGreaterThan(0)
})
