import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { HalfHour, HubState } from '../../../schemas/grid/connections.ts'
import type { MappedPoint } from '../../../schemas/grid/gateway.ts'
import type { Reading } from '../../../schemas/grid/measurements.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { type NewHub, saveHub } from '../hubs/index.ts'
import { gatewaysOf } from '../test/support/gateways.ts'
import { reading } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite, type TestSite } from '../test/support/site.ts'
import { rollUp } from './rollup.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
const clock = new SimulatedClock(start.plusSeconds(8 * 3_600))
await saveTestNetwork(db)
const server = await startTestServer(url, clock)
const gateway = gatewaysOf(server)
const planner = await server.person('priya', 'planner')
let sequence = 0

const after = (seconds: number) => start.plusSeconds(seconds)

/** A map of one feeder: its active power on three phases. */
function mapOf(deadBand?: number): MappedPoint[] {
  const phases = ['L1', 'L2', 'L3'] as const
  return phases.map((phase, index) => ({
    group: 30,
    index,
    feeder: 1,
    phase,
    quantity: 'active-power',
    scale: 1,
    ...(deadBand === undefined ? {} : { deadBand }),
  }))
}

const feedersOf = (connectionId: string) => [{ feeder: 1, role: 'building' as const, connectionId }]

/** A site with one feeder; how often it is polled, and how long a value holds, s. */
async function siteWith(given: Partial<NewHub>): Promise<TestSite> {
  const site = await saveTestSite(db, start)
  const { connectionId, hubId } = site
  await saveHub(db, start, { ...hubOf(hubId), connectionId, feeders: feedersOf(connectionId), ...given })
  return site
}

function hubOf(hubId: string): NewHub {
  return {
    hubId,
    name: 'Hub',
    connectionId: null,
    nodeId: null,
    host: '127.0.0.1',
    port: 1,
    localAddress: 1,
    remoteAddress: 2,
    integrityPollS: 60,
    gatewayId: 'gateway-1',
    feeders: [],
    pointMap: mapOf(),
  }
}

async function sendReadings(hubId: string, readings: Reading[]): Promise<void> {
  const body = { batches: [{ hubId, sequence: ++sequence, readings }] }
  expect((await gateway('gateway-1').ask(operations.storeMeasurements, { body })).status).toBe(200)
}

/** Sends a load in W, evenly on three phases, that was true some seconds after the start. */
async function send(hubId: string, seconds: number, watts: number | null): Promise<void> {
  const values = ['L1', 'L2', 'L3'] as const
  await sendReadings(
    hubId,
    values.map((phase) => reading(1, phase, 'active-power', watts === null ? null : watts / 3, after(seconds))),
  )
}

/** The gateway's report that a hub answered some seconds after the start, whether or not there was something to send. */
async function answers(hubId: string, seconds: number): Promise<void> {
  const counts = { polls: 1, failedPolls: 0, malformedFrames: 0, unmappedPoints: 0, clockDriftMs: null }
  const hubs = [{ hubId, link: 'online' as const, lastAnswerAt: after(seconds).toString(), ...counts }]
  expect((await gateway('gateway-1').ask(operations.reportHubs, { body: { hubs } })).status).toBeLessThan(300)
}

async function rollTo(seconds: number): Promise<void> {
  await rollUp(server.context, after(seconds))
}

const query = { from: start, to: after(6 * 3_600) }
const halfHours = async ({ connectionId }: { connectionId: string }): Promise<HalfHour[]> =>
  (await planner.ask(operations.readConnectionHalfHours, { params: { id: connectionId }, query })).body

// By hand: 30 kW from 12:00:00 to 12:29:55, 0 W for the last 5 s. (30,000 W × 1,795 s + 0 W × 5 s) / 1,800 s = 29,916.67 W.
test('a poll at 30 kW and five events at 0 W in the last seconds make 29.9 kW, not 5 kW', async () => {
  const site = await siteWith({ integrityPollS: 1_800, timeoutS: 5_400 })
  await send(site.hubId, 0, 30_000)
  for (const second of [1_795, 1_796, 1_797, 1_798, 1_799]) await send(site.hubId, second, 0)
  await rollTo(1_920)
  const [first] = await halfHours(site)
  expect(first?.meanW).toBeCloseTo(29_916.667, 3)
  expect(first?.energyWh).toBeCloseTo(14_958.333, 3)
  expect(first).toMatchObject({ maxW: 30_000, completeness: 1 })
})

// By hand: a value holds for the time-out of 180 s: 30 kW counts for 180 s of 1,800 s, completeness 0.1.
test('a value holds for the time-out of its hub and no longer, also into the next half-hour', async () => {
  const site = await siteWith({ timeoutS: 180 })
  await send(site.hubId, 0, 30_000)
  await send(site.hubId, 1_740, 12_000)
  await rollTo(3_720)
  const [first, second] = await halfHours(site)
  // 180 s at 30 kW and 60 s at 12 kW: (5,400 + 720) kWs / 240 s = 25.5 kW; 240 / 1,800 = 0.1333.
  expect(first).toMatchObject({ meanW: 25_500, maxW: 30_000 })
  expect(first?.completeness).toBeCloseTo(240 / 1_800, 9)
  // The value of 12:29 holds until 12:32: 120 s.
  expect(second).toMatchObject({ meanW: 12_000, maxW: 12_000 })
  expect(second?.completeness).toBeCloseTo(120 / 1_800, 9)
})

test('a value that is null ends the hold of the value before it', async () => {
  const site = await siteWith({ timeoutS: 1_800 })
  await send(site.hubId, 0, 30_000)
  await send(site.hubId, 900, null)
  await rollTo(1_920)
  expect(await halfHours(site)).toMatchObject([{ meanW: 30_000, completeness: 0.5 }])
})

test('a late reading rolls up again every half-hour that it reaches', async () => {
  const site = await siteWith({ timeoutS: 2_400 })
  await send(site.hubId, 0, 30_000)
  await rollTo(3_720)
  expect(await halfHours(site)).toMatchObject([{ meanW: 30_000, completeness: 1 }, { meanW: 30_000 }])
  const late = ['L1', 'L2', 'L3'] as const
  await sendReadings(
    site.hubId,
    late.map((phase) =>
      reading(1, phase, 'active-power', 4_000, after(3_700), { deviceTime: after(1_200).toString() }),
    ),
  )
  await rollTo(3_720)
  // 12:00 to 12:20 at 30 kW and to 12:30 at 12 kW: 24 kW. 12 kW holds from 12:20 for 2,400 s, to the end of the second half-hour.
  expect(await halfHours(site)).toMatchObject([
    { meanW: 24_000, maxW: 30_000, completeness: 1 },
    { meanW: 12_000, maxW: 12_000, completeness: 1 },
  ])
})

test('a steady load within its dead band is complete while heartbeats prove the hub alive, and no longer', async () => {
  const site = await siteWith({ timeoutS: 180, pointMap: mapOf(100) })
  await send(site.hubId, 0, 30_000)
  for (let second = 60; second <= 4_500; second += 60) await answers(site.hubId, second)
  await rollTo(7_320)
  const [first, second, third] = await halfHours(site)
  expect(first).toMatchObject({ meanW: 30_000, energyWh: 15_000, completeness: 1 })
  expect(second).toMatchObject({ meanW: 30_000, energyWh: 15_000, completeness: 1 })
  // The last heartbeat came at 13:15; the value holds for the time-out of 180 s after it: (900 + 180) / 1,800.
  expect(third).toMatchObject({ meanW: 30_000, completeness: 0.6 })
})

test('without a dead band a heartbeat proves nothing about a value that was not sent', async () => {
  const site = await siteWith({ timeoutS: 180 })
  await send(site.hubId, 0, 30_000)
  for (let second = 60; second <= 1_800; second += 60) await answers(site.hubId, second)
  await rollTo(1_920)
  expect(await halfHours(site)).toMatchObject([{ completeness: 0.1 }])
})

test('a phase of the point map that was never heard is missing at its hub and its node', async () => {
  const hubId = crypto.randomUUID()
  await saveHub(db, start, { ...hubOf(hubId), nodeId: 'sec' })
  const sent = (phases: readonly ('L1' | 'L2' | 'L3')[], seconds: number) =>
    sendReadings(
      hubId,
      phases.map((phase) => reading(1, phase, 'active-power', 10_000, after(seconds))),
    )
  await sent(['L1', 'L2'], 0)
  await rollTo(1_920)
  const ofNode = async () =>
    (await planner.ask(operations.readNodeHalfHours, { params: { id: 'sec' }, query })).body as HalfHour[]
  expect(await ofNode()).toEqual([])
  const missing = async () =>
    (await planner.ask(operations.listHubs, {})).body.find((h: HubState) => h.hubId === hubId)?.missingPowers
  expect(await missing()).toEqual([{ feeder: 1, phase: 'L3' }])
  const onPage = async () =>
    (await planner.ask(operations.readNode, { params: { id: 'sec' } })).body.hubs.find(
      (h: { hubId: string }) => h.hubId === hubId,
    ).phases
  const heard = (L3: boolean) => [
    { feeder: 1, phase: 'L1', isHeard: true },
    { feeder: 1, phase: 'L2', isHeard: true },
    { feeder: 1, phase: 'L3', isHeard: L3 },
  ]
  expect(await onPage()).toEqual(heard(false))
  await sent(['L1', 'L2', 'L3'], 1_800)
  await rollTo(3_720)
  expect(await ofNode()).toMatchObject([{ meanW: 30_000, completeness: 0.1 }])
  expect(await missing()).toEqual([])
  expect(await onPage()).toEqual(heard(true))
})

test('a load history that is uploaded never overwrites what a current-only hub measured', async () => {
  const hubId = crypto.randomUUID()
  const currents = mapOf().map((point) => ({ ...point, quantity: 'current' as const }))
  await saveHub(db, start, { ...hubOf(hubId), nodeId: 'pri', currentOnly: true, pointMap: currents })
  const phases = ['L1', 'L2', 'L3'] as const
  await sendReadings(
    hubId,
    phases.map((phase) => reading(1, phase, 'current', 100, start)),
  )
  await rollTo(1_920)
  const file = 'nodeId,at,meanW\npri,2026-01-15T12:00:00Z,1000\npri,2026-01-15T12:30:00Z,2000\n'
  const upload = { query: { stamp: 'period-start' as const }, body: new TextEncoder().encode(file) }
  expect((await planner.ask(operations.uploadLoadHistory, upload)).status).toBe(200)
  const rows = (await planner.ask(operations.readNodeHalfHours, { params: { id: 'pri' }, query })).body
  // 3 phases × 100 A × 230 V × 0.95 = 65,550 W.
  expect(rows).toMatchObject([
    { meanW: 65_550, source: 'measured', quality: 'derived' },
    { meanW: 2_000, source: 'uploaded', quality: 'derived' },
  ])
})
