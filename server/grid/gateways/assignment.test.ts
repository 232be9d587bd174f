import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { gatewayAssignment, type MappedPoint } from '../../../schemas/grid/gateway.ts'
import { type HubForm, hubForm, pointMapForm } from '../../../schemas/grid/hubs.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { byTwo } from '../../../test/support/second-person.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { gatewaysOf, type TestGateway } from '../test/support/gateways.ts'
import { powerBatch, reading } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T12:00:00Z')
await saveTestNetwork(db)
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
const gateway = gatewaysOf(server)
const operator = await server.person('olivia', 'operator')
const second = await server.person('oscar', 'operator')

const voltage = (index: number, feeder: number, scale = 1): MappedPoint => ({
  group: 30,
  index,
  feeder,
  phase: 'L1',
  quantity: 'voltage',
  scale,
})
const power = (index: number, feeder: number): MappedPoint => ({
  group: 30,
  index,
  feeder,
  phase: 'L1',
  quantity: 'active-power',
  scale: 1,
})

async function assigned(gatewayId: string, tag?: string) {
  const headers = tag === undefined ? {} : { 'if-none-match': tag }
  const answer = await gateway(gatewayId).ask(operations.readAssignment, {}, headers)
  return { status: answer.status, tag: answer.headers.get('etag') ?? '', body: answer.body }
}

function putMap(name: string, points: MappedPoint[], condition: Record<string, string> = { 'if-none-match': '*' }) {
  const params = { name }
  const asked = operator.ask(operations.savePointMap, { params, body: { points } }, condition)
  return byTwo(second, asked, () => operator.ask(operations.readPointMap, { params }))
}

async function editHub(hubId: string, given: Partial<HubForm>) {
  const { body } = await operator.ask(operations.readRegistration, { params: { id: hubId } })
  const { hubId: _, etag, ...form } = body
  const change = { params: { id: hubId }, body: { ...form, ...given }, version: etag }
  return byTwo(second, operator.ask(operations.registerHub, change), () => readHub(hubId))
}

const formOf = (given: Partial<HubForm> = {}): Partial<HubForm> => ({
  name: 'Canal hub',
  connectionId: null,
  nodeId: 'sec',
  host: '127.0.0.1',
  port: 20_000,
  dialsIn: false,
  tlsName: null,
  localAddress: 1,
  remoteAddress: 10,
  integrityPollS: 60,
  timeoutS: 180,
  gatewayId: 'gateway-x',
  pointMapName: null,
  pointOverrides: [],
  feeders: [],
  ...given,
})
const readHub = (id: string) => operator.ask(operations.readRegistration, { params: { id } })
const makeHub = (form: Partial<HubForm>, id: string = randomUUID()) =>
  byTwo(second, operator.ask(operations.registerHub, { params: { id }, body: form, version: null }), () => readHub(id))

test('hubs name their point maps, and each map is sent once', async () => {
  const sites = []
  for (let n = 0; n < 5; n++) sites.push(await saveTestSite(db, start, { gatewayId: 'gateway-many' }))
  await putMap('current-only', [voltage(0, 1)])
  for (const { hubId } of sites.slice(0, 2)) await editHub(hubId, { pointMapName: 'current-only' })
  const { body } = await assigned('gateway-many')
  expect(gatewayAssignment.parse(body).hubs).toHaveLength(5)
  expect(body.hubs.map((hub: { pointMapName: string }) => hub.pointMapName).toSorted()).toEqual([
    ...['current-only', 'current-only', 'feeders 1,2,3', 'feeders 1,2,3', 'feeders 1,2,3'],
  ])
  expect(Object.keys(body.pointMaps).toSorted()).toEqual(['current-only', 'feeders 1,2,3'])
  expect(body.pointMaps['feeders 1,2,3']).toHaveLength(3 * 12 + 2)
  expect(body.hubs.every((hub: { pointMap: unknown[] }) => hub.pointMap.length === 0)).toBe(true)
})

test('equal maps of individual hubs are also sent once', async () => {
  const pointMap = [voltage(5, 1, 0.1)]
  for (let n = 0; n < 3; n++) await saveTestSite(db, start, { gatewayId: 'gateway-own', hub: { pointMap } })
  const { body } = await assigned('gateway-own')
  expect(Object.values(body.pointMaps)).toEqual([pointMap])
})

test('an unchanged assignment is a 304, until something in it changes', async () => {
  const site = await saveTestSite(db, start, { gatewayId: 'gateway-tag' })
  const other = await saveTestSite(db, start, { gatewayId: 'gateway-tag' })
  const first = await assigned('gateway-tag')
  expect(first.status).toBe(200)
  await gateway('gateway-tag').ask(operations.storeMeasurements, {
    body: {
      batches: [powerBatch(site.hubId, 1, [1, 2, 3], start)],
    },
  })
  expect(await assigned('gateway-tag', first.tag)).toMatchObject({ status: 304, tag: first.tag, body: '' })
  await editHub(site.hubId, { port: 20_099, tlsName: 'hub-1.example' })
  const second = await assigned('gateway-tag', first.tag)
  const found = second.body.hubs.find((hub: { hubId: string }) => hub.hubId === site.hubId)
  expect(found).toMatchObject({ port: 20_099, tlsName: 'hub-1.example', storedSequence: 1 })
  await editHub(other.hubId, { gatewayId: 'gateway-elsewhere' })
  const third = await assigned('gateway-tag', second.tag)
  expect(third.body.hubs).toHaveLength(1)
  expect(await assigned('gateway-tag', third.tag)).toMatchObject({ status: 304 })
})

test('a changed point map reaches the gateways, and states how many powers make up an import', async () => {
  await putMap('two-phase', [power(0, 1), power(1, 1)])
  const site = await saveTestSite(db, start, { gatewayId: 'gateway-maps' })
  const { connectionId } = site
  const feeders = [{ feeder: 1, role: 'building' as const, connectionId }]
  await editHub(site.hubId, { pointMapName: 'two-phase', feeders })
  const { tag } = await assigned('gateway-maps')
  const imports = async (sequence: number) => {
    const at = clock.now()
    const readings = [reading(1, 'L1', 'active-power', 6_000, at), reading(1, 'L2', 'active-power', 5_000, at)]
    await gateway('gateway-maps').ask(operations.storeMeasurements, {
      body: {
        batches: [{ hubId: site.hubId, sequence, readings }],
      },
    })
    return (
      (await operator.ask(operations.readConnection, { params: { id: connectionId } })).body.import?.importW ?? null
    )
  }
  expect(await imports(1)).toBe(11_000)
  const { etag } = (await operator.ask(operations.readPointMap, { params: { name: 'two-phase' } })).body
  const changed = await putMap('two-phase', [power(0, 1), power(1, 1), power(2, 1)], { 'if-match': `"${etag}"` })
  expect(changed).toMatchObject({ status: 200, body: { hubs: 1, points: { length: 3 } } })
  const after = await assigned('gateway-maps', tag)
  expect(after.body.pointMaps['two-phase']).toHaveLength(3)
  // Two of three powers are no import any more.
  const [row] = await db.execute(sql`select powers from hub_feeder where hub_id = ${site.hubId} and feeder = 1`)
  expect(row).toEqual({ powers: 3 })
})

test('a hub can override points of its map, and add more', async () => {
  await putMap('model-a', [voltage(0, 1), voltage(1, 2)])
  const [site, plain] = [
    await saveTestSite(db, start, { gatewayId: 'gateway-o' }),
    await saveTestSite(db, start, { gatewayId: 'gateway-o' }),
  ]
  const overrides = [voltage(1, 2, 0.1), power(7, 1)]
  await editHub(site.hubId, { pointMapName: 'model-a', pointOverrides: overrides })
  await editHub(plain.hubId, { pointMapName: 'model-a' })
  const { body } = await assigned('gateway-o')
  const mapOf = (hubId: string) =>
    body.pointMaps[body.hubs.find((hub: { hubId: string }) => hub.hubId === hubId).pointMapName]
  expect(mapOf(site.hubId)).toEqual([voltage(0, 1), ...overrides])
  expect(mapOf(plain.hubId)).toEqual([voltage(0, 1), voltage(1, 2)])
})

test('FM15 the second of two editors of a point map or a hub is told', async () => {
  const made = await putMap('edited', [voltage(0, 1)])
  const etag = made.headers.get('etag') ?? ''
  expect(await putMap('edited', [voltage(1, 1)])).toMatchObject({ status: 412 })
  expect(await putMap('edited', [voltage(1, 1)], { 'if-match': etag })).toMatchObject({ status: 200 })
  expect(await putMap('edited', [voltage(2, 1)], { 'if-match': etag })).toMatchObject({ status: 412 })
  expect(await putMap('edited', [voltage(2, 1)], {})).toMatchObject({ status: 428 })
  expect(await putMap('missing', [voltage(2, 1)], { 'if-match': etag })).toMatchObject({ status: 404 })
  const hubId = randomUUID()
  expect(await makeHub(formOf(), hubId)).toMatchObject({ status: 200, body: { hubId, name: 'Canal hub' } })
  expect(await makeHub(formOf(), hubId)).toMatchObject({ status: 412 })
  expect((await editHub(hubId, { name: 'Canal Street hub' })).body).toMatchObject({ name: 'Canal Street hub' })
})

test.each<[string, Partial<HubForm>, string]>([
  ['an unknown point map', { pointMapName: 'nothing' }, 'pointMapName'],
  ['an unknown node', { nodeId: 'nowhere' }, 'nodeId'],
  ['nowhere to call it', { host: '' }, 'host'],
  ['a point twice', { pointOverrides: [voltage(0, 1), voltage(0, 2)] }, 'pointOverrides'],
])('%s is a 422 that names the field', async (_, given, field) => {
  expect(await makeHub(formOf(given))).toMatchObject({ status: 422, body: { errors: [{ field }] } })
})

test('a hub that dials in needs no address, but must be distinguishable from others that do', async () => {
  const dialIn = { dialsIn: true, host: '', port: 0, remoteAddress: 77, tlsName: 'hub-77', gatewayId: 'gateway-d' }
  expect(await makeHub(formOf(dialIn))).toMatchObject({ status: 200 })
  const refused = (field: string) => ({ status: 422, body: { errors: [{ field }] } })
  expect(await makeHub(formOf({ ...dialIn, tlsName: 'hub-78' }))).toMatchObject(refused('remoteAddress'))
  expect(await makeHub(formOf({ ...dialIn, remoteAddress: 78 }))).toMatchObject(refused('tlsName'))
  expect(await makeHub(formOf({ ...dialIn, gatewayId: 'gateway-e' }))).toMatchObject({ status: 200 })
  expect((await assigned('gateway-d')).body.hubs).toMatchObject([{ dialsIn: true, remoteAddress: 77 }])
})

test('only an operator can change point maps, and only people can read them', async () => {
  const statusFor = async (who: TestGateway) => {
    const given = { points: [voltage(0, 1)] }
    return (
      await who.ask(operations.savePointMap, { params: { name: 'secret' }, body: given }, { 'if-none-match': '*' })
    ).status
  }
  expect(await statusFor(await server.person('priya', 'planner'))).toBe(403)
  expect(await statusFor(gateway('g'))).toBe(403)
  expect(await statusFor(server.client())).toBe(401)
  expect((await gateway('g').ask(operations.listPointMaps)).status).toBe(403)
})

test('the examples of the API’s description work as written', async () => {
  const points = pointMapForm.meta()?.['example'] as { points: MappedPoint[] }
  expect(await putMap('an-example', points.points)).toMatchObject({ status: 200 })
  const form = { ...(hubForm.meta()?.['example'] as HubForm), nodeId: 'sec' }
  expect(await makeHub(form)).toMatchObject({ status: 200 })
})

test('reports and measurements of the same hubs, in any order, never block each other', async () => {
  const hubs: string[] = []
  for (let n = 0; n < 12; n++) hubs.push((await saveTestSite(db, start, { gatewayId: 'gateway-lock' })).hubId)
  const report = (hubId: string) => ({
    hubId,
    link: 'online',
    lastAnswerAt: null,
    polls: 1,
    failedPolls: 0,
    malformedFrames: 0,
    unmappedPoints: 0,
    clockDriftMs: null,
  })
  const rounds = Array.from({ length: 12 }, (_, n) => {
    const order = n % 2 === 0 ? hubs : hubs.toReversed()
    return [
      gateway('gateway-lock').ask(operations.reportHubs, { body: { hubs: order.map(report) } }),
      gateway('gateway-lock').ask(operations.storeMeasurements, {
        body: {
          batches: order.map((hubId) => powerBatch(hubId, n + 1, [1, 2, 3], start)),
        },
      }),
    ]
  })
  const statuses = (await Promise.all(rounds.flat())).map((answer) => answer.status)
  expect(new Set(statuses)).toEqual(new Set([200, 204]))
})
