import { Instant } from '@js-joda/core'
import { beforeEach, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { LoadDifference } from '../../../schemas/grid/differences.ts'
import type { MonitorCredentials } from '../../../schemas/grid/measurements.ts'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { gatewaysOf } from '../test/support/gateways.ts'
import { powers, reading } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite, type TestSite } from '../test/support/site.ts'
import { alarmOf, differenceOf } from './difference-rules.ts'
import { rollUp } from './rollup.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
await saveTestNetwork(db)
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
const gateway = gatewaysOf(server)
const planner = await server.person('priya', 'planner')
const figures = { toleranceShare: 0.05, toleranceKw: 2, halfHours: 3, minCompleteness: 0.9 }
const whole = { completeness: 1, quality: 'good', direction: 'known' } as const

/** A hub and a monitor of one connection, whose time-outs of half an hour let one reading fill a half-hour. */
let site: TestSite
let monitor: MonitorCredentials
let sequence = 0
beforeEach(async () => {
  site = await saveTestSite(db, clock.now(), { hub: { timeoutS: 1_800 } })
  const body = { name: 'FSP', feeders: [{ feeder: 1, role: 'building' }], phases: 'total', timeoutS: 1_800 }
  monitor = (await planner.ask(operations.registerMonitor, { params: { id: site.connectionId }, body })).body
})

const halfHour = (n: number) => start.plusSeconds(1_800 * n)

/** The loads of a half-hour, kW; `null` for none. The hub measures a building and twice 10 kW of charge points. */
async function measured(n: number, hubKw: number | null, monitorKw: number | null, at = halfHour(n)) {
  const send = async (hubId: string, client: Pick<Client, 'ask'>, readings: object[]) => {
    const body = { batches: [{ hubId, sequence: ++sequence, readings }] }
    expect((await client.ask(operations.storeMeasurements, { body })).status).toBe(200)
  }
  if (hubKw !== null)
    await send(site.hubId, gateway(site.gatewayId), powers([(hubKw - 20) * 1_000, 10_000, 10_000], at))
  if (monitorKw === null) return
  const client = await server.tokenClient(monitor.clientId, monitor.clientSecret ?? '', 'gateway')
  await send(monitor.hubId, client, [reading(1, 'none', 'active-power', monitorKw * 1_000, at)])
}

/** Rolls up after a number of half-hours. */
async function rolled(n: number) {
  await clock.advanceTo(halfHour(n))
  await rollUp(server.context, clock.now())
}

const compared = async (): Promise<LoadDifference[]> => {
  const query = { from: start, to: halfHour(48) }
  return (await planner.ask(operations.compareLoads, { params: { id: site.connectionId }, query })).body.halfHours
}
const alarms = async () =>
  (await planner.ask(operations.listAlarms)).body.items.filter(
    (alarm: { kind: string; source: { id: string } }) =>
      alarm.kind === 'load-difference' && alarm.source.id === site.connectionId,
  )

// By hand: 5 % of 100 kW are 5 kW, more than 2 kW; 5 % of 20 kW are 1 kW, so that 2 kW count.
test.each([
  [100_000, 105_000, 5_000, 5_000, 'agrees'],
  [100_000, 105_100, 5_100, 5_000, 'differs'],
  [100_000, 94_900, -5_100, 5_000, 'differs'],
  [20_000, 22_000, 2_000, 2_000, 'agrees'],
  [20_000, 17_900, -2_100, 2_000, 'differs'],
  [0, 1_900, 1_900, 2_000, 'agrees'],
  [-50_000, 50_000, 100_000, 2_500, 'differs'],
])(
  'a hub of %d W and a monitor of %d W differ by %d W of %d W: %s',
  (hubW, monitorW, differenceW, toleranceW, verdict) => {
    const found = differenceOf('t', { ...whole, meanW: hubW }, { ...whole, meanW: monitorW }, figures)
    expect(found).toMatchObject({ hubW, monitorW, differenceW, toleranceW, verdict, reason: null })
  },
)

test.each([
  [{}, null, 'monitor-not-measured'],
  [null, {}, 'hub-not-measured'],
  [null, null, 'neither-measured'],
  [{ completeness: 0.89 }, {}, 'hub-incomplete'],
  [{}, { completeness: 0.5 }, 'monitor-incomplete'],
  [{}, { direction: 'unknown' as const }, 'direction-unknown'],
  [{ quality: 'questionable' as const }, {}, 'poor-quality'],
])('a half-hour of which too little is known is not compared, and says why: %o and %o', (hub, monitor_, reason) => {
  const side = (given: object | null) => given && { ...whole, meanW: 50_000, ...given }
  const found = differenceOf('t', side(hub), side(monitor_), figures)
  expect(found).toMatchObject({ verdict: 'not-compared', reason, differenceW: null, toleranceW: null })
})

test('an alarm needs a number of half-hours in a row; those that are not compared neither count nor break the row', () => {
  const row = (words: string) =>
    [...words].map((letter) => ({
      verdict: ({ a: 'agrees', d: 'differs', n: 'not-compared' } as const)[letter as 'a' | 'd' | 'n'],
    })) as LoadDifference[]
  const what = (words: string) => alarmOf(row(words), 3)
  expect(what('addd')).toBe('raise')
  expect(what('dndnnd')).toBe('raise')
  expect(what('ddad')).toBe('stay')
  expect(what('dd')).toBe('stay')
  expect(what('dddaa')).toBe('stay')
  expect(what('dddaanna')).toBe('clear')
  expect(what('nnnn')).toBe('stay')
})

test('a hub and a monitor that differ for three half-hours raise an alarm, and three that agree clear it', async () => {
  // By hand: 60 kW against 48 kW, a sensor of three that is loose. The tolerance is 5 % of 60 kW, 3 kW.
  for (const n of [0, 1]) await measured(n, 60, 48)
  await rolled(2)
  const differing = { hubW: 60_000, monitorW: 48_000, differenceW: -12_000, toleranceW: 3_000, verdict: 'differs' }
  expect(await compared()).toMatchObject([
    { at: '2026-01-15T12:00:00Z', ...differing },
    { at: '2026-01-15T12:30:00Z', ...differing },
  ])
  expect(await alarms()).toEqual([])
  // The monitor is silent for a half-hour, which is not compared.
  await measured(2, 60, null)
  await measured(3, 60, 48)
  await rolled(4)
  expect(await compared()).toMatchObject([
    {},
    {},
    { verdict: 'not-compared', reason: 'monitor-not-measured' },
    differing,
  ])
  expect(await alarms()).toMatchObject([
    {
      state: 'unacknowledged',
      message: expect.stringContaining('the hub says 60.0 kW and the customer’s monitor 48.0 kW'),
    },
  ])
  for (const n of [4, 5]) await measured(n, 60, 58)
  await rolled(6)
  expect(await alarms()).toMatchObject([{ state: 'unacknowledged' }])
  await measured(6, 60, 58)
  await rolled(7)
  expect(await alarms()).toMatchObject([{ state: 'cleared-unacknowledged' }])
})

test('a backlog of the monitor that comes late is compared then', async () => {
  const from = clock.now().toEpochMilli()
  const n = (from - start.toEpochMilli()) / 1_800_000
  await measured(n, 60, null)
  await rolled(n + 1)
  expect((await compared()).at(-1)).toMatchObject({ reason: 'monitor-not-measured' })
  await measured(n, null, 61)
  await rolled(n + 2)
  expect((await compared()).at(-1)).toMatchObject({ verdict: 'agrees', differenceW: 1_000 })
})

test('the page of the node shows the last half-hour that could be compared', async () => {
  const n = (clock.now().toEpochMilli() - start.toEpochMilli()) / 1_800_000
  await measured(n, 60, 48)
  await rolled(n + 1)
  const { body: page } = await planner.ask(operations.readNode, { params: { id: 'sec' } })
  const own = page.connections.find((c: { connectionId: string }) => c.connectionId === site.connectionId)
  expect(own.comparison).toMatchObject({ verdict: 'differs', differenceW: -12_000 })
})

test('a connection with a hub alone has nothing to compare, and one that nobody knows is not found', async () => {
  const alone = await saveTestSite(db, start)
  const query = { from: start, to: halfHour(48) }
  expect((await planner.ask(operations.compareLoads, { params: { id: alone.connectionId }, query })).body).toEqual({
    monitorId: null,
    monitorName: null,
    halfHours: [],
  })
  const nobody = { id: crypto.randomUUID() }
  expect((await planner.ask(operations.compareLoads, { params: nobody, query })).status).toBe(404)
  const long = { from: start, to: halfHour(48 * 36) }
  expect((await planner.ask(operations.compareLoads, { params: { id: alone.connectionId }, query: long })).status).toBe(
    422,
  )
})
