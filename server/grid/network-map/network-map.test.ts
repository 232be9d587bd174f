import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { MapLayer, MapNode, MapNodes } from '../../../schemas/grid/network-map.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { raiseNow } from '../alarms/raise.ts'
import { saveNode } from '../index.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/site.ts'

const at = Instant.parse('2026-01-15T09:00:00Z')
const { db, url } = await createTestDatabase('server')
const clock = new SimulatedClock(at)
await saveTestNetwork(db)
const site = await saveTestSite(db, at)
const server = await startTestServer(url, clock)
const viewer = await server.person('otto', 'operator')

const common = { parentId: 'pri', kind: 'secondary', licenceArea: 'LPN', northing: 184_500 } as const
const rated = { ratingWinterKva: 500, ratingSummerKva: 500 }
const below = (nodeId: string, name: string, given: Partial<Parameters<typeof saveNode>[1]> = {}) =>
  saveNode(db, { ...common, ...rated, nodeId, name, easting: 531_500, ...given })

async function layer(name: MapLayer, query: { limit?: number; cursor?: string } = {}): Promise<MapNodes> {
  const { status, body } = await viewer.ask(operations.listMapNodes, { params: { layer: name }, query })
  expect({ status, detail: body.detail }).toEqual({ status: 200, detail: undefined })
  return body
}
const shown = ({ items }: MapNodes) => items.map(({ nodeId, state }) => [nodeId, state])

/** The tile around the test's network, as text: its strings stand in it as they are. */
async function tile(name: MapLayer): Promise<string> {
  const params = { layer: name, z: 10, x: 511, y: 340 }
  const { status, headers, body } = await viewer.ask(operations.readMapTile, { params })
  expect([status, headers.get('content-type')]).toEqual([200, 'application/vnd.mapbox-vector-tile'])
  return String(body)
}

test('the headroom of today is listed with what is over first, then what is tight, then what nobody knows', async () => {
  await below('over', 'Over Rd', { maxDemandWinterKva: 600 })
  await below('tight', 'Tight Rd', { maxDemandWinterKva: 490 })
  await below('ample', 'Ample Rd', { maxDemandWinterKva: 100, easting: 533_500 })
  await below('dark', 'Dark Rd')
  const found = await layer('headroom')
  expect(shown(found)).toEqual([
    ['over', 'over'],
    ['tight', 'tight'],
    ['dark', 'unknown'],
    ['gsp', 'unknown'],
    ['pri', 'unknown'],
    ['ample', 'fits'],
    ['sec', 'fits'],
  ])
  expect(found).toMatchObject({ counts: { over: 1, tight: 1, unknown: 3, fits: 2 }, withoutPlace: 0, withoutNode: 0 })
  const [over, tight, dark] = found.items as Extract<MapNode, { layer: 'headroom' }>[]
  // 500 kVA × 0.95, less 600 and 490 kVA × 0.95.
  expect([over?.leastHeadroomW, tight?.leastHeadroomW, dark?.leastHeadroomW]).toEqual([-95_000, 9_500, null])
  expect(found.bounds?.map((each) => Math.round(each * 10) / 10)).toEqual([-0.1, 51.5, -0.1, 51.5])
})

test('the least headroom on the map is that of the node’s own page', async () => {
  const { body } = await viewer.ask(operations.readHeadroom, { params: { id: 'sec' }, query: {} })
  const least = Math.min(...body.periods.map((each: { headroomW: number }) => each.headroomW))
  const onMap = (await layer('headroom')).items.find(({ nodeId }) => nodeId === 'sec')
  expect(onMap).toMatchObject({ leastHeadroomW: least, capacityW: 760_000 })
})

test('a page follows the other, and a cursor of another list is refused', async () => {
  const first = await layer('headroom', { limit: 3 })
  const second = await layer('headroom', { limit: 100, cursor: first.nextCursor ?? '' })
  expect([...shown(first), ...shown(second)]).toEqual(shown(await layer('headroom')))
  const cursor = Buffer.from('["a"]').toString('base64url')
  const { status } = await viewer.ask(operations.listMapNodes, { params: { layer: 'headroom' }, query: { cursor } })
  expect(status).toBe(400)
})

test('a node without a location is in the list and counted, and not on the map', async () => {
  await below('nowhere', 'Nowhere Rd', { easting: null })
  const found = await layer('headroom')
  expect(found.items.find(({ nodeId }) => nodeId === 'nowhere')?.place).toBeNull()
  expect(found.withoutPlace).toBe(1)
  const text = await tile('headroom')
  expect([text.includes('Ample Rd'), text.includes('Nowhere Rd')]).toEqual([true, false])
})

test('a node that is added is on the map at once; headroom is otherwise computed every five minutes at most', async () => {
  const before = await layer('headroom')
  await clock.advanceTo(clock.now().plusSeconds(299))
  expect((await layer('headroom')).at).toBe(before.at)
  await clock.advanceTo(clock.now().plusSeconds(2))
  expect((await layer('headroom')).at).toBe(clock.now().toString())
  await below('new', 'New Rd')
  expect((await layer('headroom')).items.map(({ nodeId }) => nodeId)).toContain('new')
})

test('hubs stand at the node of their connection, silent ones first', async () => {
  expect(shown(await layer('hubs'))).toEqual([['sec', 'never-seen']])
  await db.execute(`update hub set failed_since = '2026-01-15T08:00:00Z' where hub_id = '${site.hubId}'`)
  const found = await layer('hubs')
  expect(found.items).toMatchObject([{ nodeId: 'sec', state: 'silent', hubs: 1, silent: 1, neverSeen: 0 }])
  expect(await tile('hubs')).toContain('silent')
})

test('an alarm stands at the node of its source; one that belongs to no node is counted', async () => {
  const raise = (source: Parameters<typeof raiseNow>[2]['source'], kind: 'limit-breach' | 'feed-stale') =>
    db.transaction((tx) => raiseNow(tx, clock.now(), { kind, source, message: 'Wrong.' }))
  await raise({ type: 'connection', id: site.connectionId, name: 'Depot 1' }, 'limit-breach')
  await raise({ type: 'feed', id: randomUUID(), name: 'Register' }, 'feed-stale')
  const found = await layer('alarms')
  expect(found.items).toMatchObject([{ nodeId: 'sec', alarms: 1 }])
  expect(found.withoutNode).toBe(1)
  expect(await tile('alarms')).toContain('Almeida St')
})

test('a layer without anything is empty, and says where the network is', async () => {
  const found = await layer('tenders')
  expect(found).toMatchObject({ items: [], counts: {}, bounds: expect.any(Array) })
  // The way marks are there all the same.
  expect(await tile('tenders')).toContain('City Road')
})
