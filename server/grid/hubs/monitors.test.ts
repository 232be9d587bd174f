import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { MonitorCredentials } from '../../../schemas/grid/measurements.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { clientFinder } from '../../access/index.ts'
import { gridJobs, saveConnection, saveHub } from '../index.ts'
import { gatewaysOf } from '../test/support/gateways.ts'
import { powers, reading } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
const planner = await server.person('priya', 'planner')
beforeAll(async () => {
  await saveTestNetwork(db)
  gridJobs(server.context)
})

const hubOnGateway = {
  name: 'Hub',
  connectionId: null,
  nodeId: null,
  host: '127.0.0.1',
  port: 1,
  localAddress: 1,
  remoteAddress: 10,
  integrityPollS: 60,
  gatewayId: 'gateway-1',
}

async function customerSite(name: string) {
  const connectionId = randomUUID()
  await saveConnection(db, {
    connectionId,
    name,
    customer: 'Royal Mail',
    address: '',
    licenceArea: 'LPN',
    nodeId: 'sec',
    ascKva: 100,
    powerFactor: 0.95,
    mpans: [],
  })
  const register = (given: object = {}, headers: Record<string, string> = {}) =>
    planner.ask(
      operations.registerMonitor,
      {
        params: { id: connectionId },
        body: { name: `${name} meter`, feeders: [{ feeder: 1, role: 'building' }], ...given },
      },
      headers,
    )
  return {
    connectionId,
    register,
    state: async () => (await planner.ask(operations.readConnection, { params: { id: connectionId } })).body,
  }
}

/** A monitor as its own client, by the secret that it was given. */
const clientOf = ({ clientId, clientSecret }: MonitorCredentials) =>
  server.tokenClient(clientId, clientSecret ?? '', 'gateway')

const post = async (monitor: MonitorCredentials, hubId: string, sequence: number, readings: object[]) =>
  (await clientOf(monitor)).ask(operations.storeMeasurements, { body: { batches: [{ hubId, sequence, readings }] } })

test('NM07 a customer-owned monitor sends over the API, and its measurements count the same', async () => {
  const site = await customerSite('Mount Pleasant')
  const { body: made } = await site.register({}, { 'idempotency-key': 'mp' })
  expect(made).toMatchObject({ tokenEndpoint: server.issuer.tokenEndpoint, clientSecret: expect.any(String) })
  expect(await clientFinder(db, clock)(made.clientId)).toMatchObject({ client_id: made.clientId, scope: 'gateway' })
  const link = async () =>
    (await planner.ask(operations.listHubs)).body.find((hub: { hubId: string }) => hub.hubId === made.hubId)?.link
  expect(await link()).toBe('never-seen')
  await post(made, made.hubId, 1, powers([97_000], clock.now()))
  expect(await link()).toBe('online')
  expect(await site.state()).toMatchObject({ state: 'compliant' })
  // 97 kW exceeds 95 kW by more than 1 %: a breach after 60 s.
  await clock.advanceTo(start.plusSeconds(60))
  expect(await site.state()).toMatchObject({ state: 'breach', import: { importW: 97_000, quality: 'good' } })
  expect(await planner.ask(operations.listAlarms)).toMatchObject({ body: { items: [{ kind: 'limit-breach' }] } })
  await clock.advanceTo(start.plusSeconds(1_200))
  expect(await site.state()).toMatchObject({ state: 'unknown' })
  expect(await link()).toBe('offline')
  const failures = (await planner.ask(operations.listAlarms)).body.items.filter(
    (a: { kind: string }) => a.kind === 'communication-failure',
  )
  expect(failures).toMatchObject([{ source: { type: 'hub', id: made.hubId } }])
  const again = (await site.register({}, { 'idempotency-key': 'mp' })).body
  expect(again).toEqual({ ...made, clientSecret: null })
  expect(await site.register({ timeoutS: 60 }, { 'idempotency-key': 'mp' })).toMatchObject({ status: 409 })
})

test('a lost secret is replaced by another, for customers’ monitors only', async () => {
  const site = await customerSite('Victoria')
  const { body: made } = await site.register()
  const before = await clientFinder(db, clock)(made.clientId)
  const { body: renewed } = await planner.ask(operations.renewMonitorSecret, { params: { id: made.hubId }, body: {} })
  expect(renewed).toEqual({ ...made, clientSecret: expect.any(String) })
  expect(renewed.clientSecret).not.toBe(made.clientSecret)
  expect((await clientFinder(db, clock)(made.clientId))?.['client_secret']).not.toBe(before?.['client_secret'])
  const { hubId } = await saveTestSite(db, start)
  expect((await planner.ask(operations.renewMonitorSecret, { params: { id: hubId }, body: {} })).status).toBe(404)
  const other = await server.person('sam', 'settlement')
  expect((await other.ask(operations.renewMonitorSecret, { params: { id: made.hubId } })).status).toBe(403)
})

test('a customer’s monitor is not polled, and cannot report for another', async () => {
  const [one, two] = [await customerSite('One'), await customerSite('Two')]
  const [a, b] = [(await one.register()).body, (await two.register()).body]
  expect((await (await clientOf(a)).ask(operations.readAssignment)).body.hubs).toEqual([])
  const foreign = await post(a, b.hubId, 1, powers([1], clock.now()))
  expect(foreign).toMatchObject({ status: 404, body: { errors: [{ field: 'batches[0].hubId' }] } })
})

test('a monitor of currents has its power derived with assumed voltage and power factor, and marked so', async () => {
  const site = await customerSite('Camden')
  const { body: made } = await site.register({ currentOnly: true })
  const at = clock.now()
  const amps = (['L1', 'L2', 'L3'] as const).map((phase) => reading(1, phase, 'current', 100, at))
  expect((await post(made, made.hubId, 1, amps)).body.hubs[0].storedReadings).toBe(3)
  expect(await site.state()).toMatchObject({ import: { importW: 3 * 100 * 230 * 0.95, quality: 'derived' } })
  const values = (await planner.ask(operations.readNewestReadings, { params: { id: made.hubId } })).body
  expect(values).toHaveLength(6)
})

// By hand, limit 100 kVA × 0.95 = 95 kW: 3 × 300 A × 230 V × 0.95 = 196.65 kW exceeds it if it is an import; 65.55 kW keeps it either way.
test('the direction of a current is unknown: a large one is neither breach nor compliance, a small one keeps the limit', async () => {
  const site = await customerSite('Brixton')
  const { body: made } = await site.register({ currentOnly: true })
  const send = (sequence: number, amps: number) => {
    const at = clock.now()
    const readings = (['L1', 'L2', 'L3'] as const).map((phase) => reading(1, phase, 'current', amps, at))
    return post(made, made.hubId, sequence, readings)
  }
  await send(1, 100)
  expect(await site.state()).toMatchObject({ state: 'compliant', import: { direction: 'unknown' } })
  for (const sequence of [2, 3, 4]) {
    await clock.advanceTo(clock.now().plusSeconds(60))
    await send(sequence, 300)
  }
  expect(await site.state()).toMatchObject({
    state: 'unknown',
    import: { importW: 3 * 300 * 230 * 0.95, direction: 'unknown', stale: false },
  })
  const breaches = { query: { connectionId: site.connectionId } }
  expect((await planner.ask(operations.listBreaches, breaches)).body.items).toEqual([])
})

test('a current is an import where somebody stated that the site cannot export', async () => {
  const site = await customerSite('Stockwell')
  const { body: made } = await site.register({ currentOnly: true, importOnly: true })
  for (const sequence of [1, 2]) {
    const at = clock.now()
    const amps = (['L1', 'L2', 'L3'] as const).map((phase) => reading(1, phase, 'current', 300, at))
    await post(made, made.hubId, sequence, amps)
    await clock.advanceTo(at.plusSeconds(60))
  }
  expect(await site.state()).toMatchObject({ state: 'breach', import: { direction: 'known' } })
})

test('beside a hub of the DNO a monitor is registered and does not count; a second monitor is refused', async () => {
  const site = await saveTestSite(db, start)
  const body = { name: 'meter', feeders: [{ feeder: 1, role: 'building' }] }
  const register = () => planner.ask(operations.registerMonitor, { params: { id: site.connectionId }, body })
  const { body: made } = await register()
  expect(await register()).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('is a customer’s monitor of this connection already') },
  })
  const counting = async () =>
    (await db.execute(sql`select counts from hub_feeder where hub_id = ${made.hubId}::uuid`)).map(
      (row) => row['counts'],
    )
  expect(await counting()).toEqual([false])
  // The hub is moved to another connection: from then on the monitor counts.
  const other = await customerSite('Elsewhere')
  const feeders = [{ feeder: 1, role: 'building' as const, connectionId: other.connectionId }]
  await saveHub(db, start, { ...hubOnGateway, hubId: site.hubId, feeders })
  expect(await counting()).toEqual([true])
})

// By hand: 50 kW by the monitor and 52 kW by the hub are one load of 52 kW, not 102 kW, which would exceed 95 kW.
test('a hub that comes to a connection with a monitor is what it is judged by from then on, and the load counts once', async () => {
  const site = await customerSite('Kennington')
  const { body: made } = await site.register()
  await post(made, made.hubId, 1, powers([50_000], clock.now()))
  expect(await site.state()).toMatchObject({ import: { importW: 50_000 } })
  const hubId = randomUUID()
  const feeders = [{ feeder: 1, role: 'building' as const, connectionId: site.connectionId }]
  await saveHub(db, clock.now(), { ...hubOnGateway, hubId, feeders })
  const batches = [{ hubId, sequence: 1, readings: powers([52_000], clock.now()) }]
  const stored = await gatewaysOf(server)('gateway-1').ask(operations.storeMeasurements, { body: { batches } })
  expect(stored.status).toBe(200)
  expect(await site.state()).toMatchObject({ state: 'compliant', import: { importW: 52_000 } })
})

test('a monitor names a feeder once, and sends a total only of what it measures as power', async () => {
  const site = await customerSite('Waterloo')
  const body = { name: 'meter', feeders: [{ feeder: 1, role: 'building' }] }
  const twice = { ...body, feeders: [...body.feeders, ...body.feeders] }
  expect(
    await planner.ask(operations.registerMonitor, { params: { id: site.connectionId }, body: twice }),
  ).toMatchObject({
    status: 422,
  })
  const currents = { ...body, phases: 'total', currentOnly: true }
  const refused = await planner.ask(operations.registerMonitor, { params: { id: site.connectionId }, body: currents })
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'phases' }] } })
})
