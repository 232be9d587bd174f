import { randomUUID } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Rig, startRig } from '../../fsp/test/support/rig.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import type { MonitorCredentials } from '../../schemas/grid/measurements.ts'
import { operations } from '../../schemas/operations.ts'
import { gridJobs, saveConnection, saveHub } from '../../server/grid/index.ts'
import { gatewaysOf } from '../../server/grid/test/support/gateways.ts'
import { powers } from '../../server/grid/test/support/readings.ts'
import { saveTestNetwork } from '../../server/grid/test/support/site.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
const planner = await server.person('priya', 'planner')
beforeAll(async () => {
  await saveTestNetwork(db)
  gridJobs(server.context)
})

/** The way to the DNO, which a test can cut. */
async function startLine() {
  const open = new Set<Socket>()
  let isCut = false
  const { port: dnoPort } = new URL(server.portUrl)
  const line = createServer((from) => {
    if (isCut) return from.destroy()
    const to = connect(Number(dnoPort), '127.0.0.1')
    for (const socket of [from, to]) open.add(socket.on('error', () => socket.destroy()))
    return from.pipe(to).pipe(from)
  })
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', () => resolve()))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    line.close()
  })
  const address = line.address()
  if (address === null || typeof address === 'string') throw new Error('the line has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut(is: boolean) {
      isCut = is
      if (is) for (const socket of open) socket.destroy()
    },
  }
}

/** A depot of the real FSP whose site load goes to the real server: 100 kVA, so 95 kW. */
async function streaming(given: { withHub?: boolean } = {}) {
  const line = await startLine()
  const rig = await startRig(clock.now().toString(), { dnoUrl: line.url, clock })
  const connectionId = randomUUID()
  const name = `Site ${connectionId.slice(0, 4)}`
  const common = { customer: 'Royal Mail', address: '', licenceArea: 'LPN', nodeId: 'sec', mpans: [] }
  await saveConnection(db, { connectionId, name, ascKva: 100, powerFactor: 0.95, ...common })
  const hubId = given.withHub ? await hubOf(connectionId) : null
  const body = { name: 'FSP', feeders: [{ feeder: 1, role: 'building' }], phases: 'total' }
  const made = (await planner.ask(operations.registerMonitor, { params: { id: connectionId }, body })).body
  await connectTo(rig, made)
  const load = (at: Instant, siteLoadW: number) =>
    rig.depotApi(depotOperations.takeSiteLoad, { body: { readings: [{ at: at.toString(), siteLoadW }] } })
  return { line, rig, connectionId, made, load, hubId }
}

function connectTo(rig: Rig, { hubId, tokenEndpoint, clientId, clientSecret }: MonitorCredentials) {
  const body = { hubId, tokenEndpoint, clientId, clientSecret: clientSecret ?? '' }
  return rig.depotApi(depotOperations.connectMonitor, { body })
}

async function hubOf(connectionId: string): Promise<string> {
  const hubId = randomUUID()
  await saveHub(db, clock.now(), {
    hubId,
    name: 'Hub',
    connectionId,
    nodeId: null,
    host: '127.0.0.1',
    port: 1,
    localAddress: 1,
    remoteAddress: 10,
    integrityPollS: 60,
    gatewayId: 'gateway-1',
    feeders: [{ feeder: 1, role: 'building', connectionId }],
  })
  return hubId
}

/** What the DNO holds of a monitor: the time at which each load was measured, and the load. */
async function heldOf(hubId: string): Promise<[string, number][]> {
  const rows = await db.execute<{ at: string; value: number }>(sql`
    select to_char(device_time at time zone 'UTC', 'HH24:MI') as at, value from measurement where hub_id = ${hubId}::uuid order by device_time`)
  return rows.map(({ at, value }) => [at, value])
}

const stateOf = async (connectionId: string) =>
  (await planner.ask(operations.readConnection, { params: { id: connectionId } })).body

test('K8 the FSP streams the site load, and the DNO judges the connection by it as by any monitor', async () => {
  const { rig, made, connectionId, load } = await streaming()
  const at = clock.now()
  await load(at, 40_000)
  await clock.advanceTo(at.plusSeconds(60))
  expect(await heldOf(made.hubId)).toEqual([[at.toString().slice(11, 16), 40_000]])
  const first = await stateOf(connectionId)
  expect(first).toMatchObject({ state: 'compliant', import: { importW: 40_000, quality: 'derived' } })
  // 97 kW exceeds 95 kW by more than 1 %: a breach after 60 s.
  for (const minute of [1, 2, 3]) {
    await load(at.plusSeconds(60 * minute), 97_000)
    await clock.advanceTo(at.plusSeconds(60 * (minute + 1)))
  }
  expect(await stateOf(connectionId)).toMatchObject({ state: 'breach' })
  expect((await rig.depotState()).monitor).toMatchObject({ hubId: made.hubId, waiting: 0, refused: 0, failure: null })
})

test('FM01 a DNO that is down loses nothing: what waited, over a restart too, follows with the times at which it was measured, once', async () => {
  const { line, rig, made, load } = await streaming()
  const at = clock.now()
  line.cut(true)
  for (let minute = 0; minute < 40; minute++) {
    await load(at.plusSeconds(60 * minute), 1_000 + minute)
    await clock.advanceTo(at.plusSeconds(60 * (minute + 1)))
    if (minute === 20) await rig.restart()
  }
  expect(await heldOf(made.hubId)).toEqual([])
  expect((await rig.depotState()).monitor).toMatchObject({
    waiting: 40,
    lastTakenAt: null,
    failure: expect.any(String),
  })
  line.cut(false)
  // A pause after failures is a quarter of an hour at most.
  await clock.advanceTo(at.plusSeconds(60 * 56))
  const expected = Array.from({ length: 40 }, (_, minute) => [
    at
      .plusSeconds(60 * minute)
      .toString()
      .slice(11, 16),
    1_000 + minute,
  ])
  expect(await heldOf(made.hubId)).toEqual(expected)
  expect((await rig.depotState()).monitor).toMatchObject({ waiting: 0, failure: null })
})

test('FM21 an answer that was lost is asked for again, and the batch is stored once', async () => {
  const { rig, made, load } = await streaming()
  const at = clock.now()
  await load(at, 5_000)
  await clock.advanceTo(at.plusSeconds(60))
  // As before the answer came: the batch is under way again.
  await rig.db.execute(sql`insert into monitor_outbox (depot_id, at, site_load_w, received_at, sequence)
    values ('yard', ${at.toString()}::timestamptz, 5000, ${at.toString()}::timestamptz, 1)`)
  await clock.advanceTo(at.plusSeconds(120))
  expect(await heldOf(made.hubId)).toHaveLength(1)
  expect((await rig.depotState()).monitor).toMatchObject({ waiting: 0 })
})

test('FM01 a backlog goes in batches of at most 500, ten a minute', async () => {
  const { line, rig, made } = await streaming()
  await clock.advanceTo(clock.now().plusSeconds(60))
  const at = clock.now()
  line.cut(true)
  const readings = Array.from({ length: 6_000 }, (_, i) => ({ at: at.minusSeconds(60 * i).toString(), siteLoadW: i }))
  await rig.depotApi(depotOperations.takeSiteLoad, { body: { readings } })
  line.cut(false)
  await clock.advanceTo(at.plusSeconds(60))
  expect((await rig.depotState()).monitor).toMatchObject({ waiting: 1_000 })
  await clock.advanceTo(at.plusSeconds(120))
  expect((await rig.depotState()).monitor).toMatchObject({ waiting: 0 })
  const [counted] = await db.execute<{ batches: number; most: number; all: number }>(sql`
    select count(*)::int as batches, max(readings)::int as most, sum(readings)::int as all
    from measurement_batch where hub_id = ${made.hubId}::uuid`)
  expect(counted).toEqual({ batches: 12, most: 500, all: 6_000 })
})

test('a database that was restored from an older copy goes on after the DNO’s numbers, and nothing is lost', async () => {
  const { rig, made, load } = await streaming()
  const at = clock.now()
  for (const minute of [0, 1, 2]) {
    await load(at.plusSeconds(60 * minute), 10_000 + minute)
    await clock.advanceTo(at.plusSeconds(60 * (minute + 1)))
  }
  await rig.db.execute(sql`update site_monitor set last_sequence = 1`)
  await load(at.plusSeconds(180), 10_003)
  await clock.advanceTo(at.plusSeconds(240))
  expect((await heldOf(made.hubId)).map(([, watts]) => watts)).toEqual([10_000, 10_001, 10_002, 10_003])
})

test('what the DNO refuses for what it is stays on record, and does not keep the rest waiting', async () => {
  const { rig, made, load } = await streaming()
  const at = clock.now()
  await load(at, 1_000)
  // Received longer ago than raw measurements are kept: the DNO refuses such a batch.
  await rig.db.execute(sql`update monitor_outbox set received_at = received_at - interval '40 days', sequence = 1`)
  await rig.db.execute(sql`update site_monitor set last_sequence = 1`)
  await load(at.plusSeconds(30), 2_000)
  await clock.advanceTo(at.plusSeconds(60))
  expect((await heldOf(made.hubId)).map(([, watts]) => watts)).toEqual([2_000])
  expect((await rig.depotState()).monitor).toMatchObject({ waiting: 0, refused: 1 })
})

test('a monitor that is disconnected is owed nothing more, and its secret is nowhere in the clear', async () => {
  const { rig, made, load } = await streaming()
  const [row] = await rig.db.execute(sql`select * from site_monitor`)
  expect(JSON.stringify(row)).not.toContain(made.clientSecret ?? '-')
  expect((await rig.depotApi(depotOperations.disconnectMonitor)).status).toBe(204)
  await load(clock.now(), 1_000)
  expect((await rig.depotState()).monitor).toBeNull()
  expect((await rig.depotApi(depotOperations.disconnectMonitor)).status).toBe(404)
  const body = { ...made, feeder: 1, tokenEndpoint: 'http://elsewhere.example/token' }
  expect((await rig.depotApi(depotOperations.connectMonitor, { body })).status).toBe(422)
})

test('K8 beside a hub of the DNO the stream does not count: the load of the connection is the hub’s alone', async () => {
  const { made, connectionId, load, hubId } = await streaming({ withHub: true })
  const at = clock.now()
  await load(at, 40_000)
  await clock.advanceTo(at.plusSeconds(60))
  expect(await heldOf(made.hubId)).toHaveLength(1)
  expect(await stateOf(connectionId)).toMatchObject({ state: 'unknown', hubId })
  const batches = [{ hubId, sequence: 1, readings: powers([30_000], clock.now()) }]
  await gatewaysOf(server)('gateway-1').ask(operations.storeMeasurements, { body: { batches } })
  expect(await stateOf(connectionId)).toMatchObject({ state: 'compliant', import: { importW: 30_000 } })
})
