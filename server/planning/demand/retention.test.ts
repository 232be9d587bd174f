import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork } from '../../grid/test/support/site.ts'
import { auditEntry } from '../../kit/index.ts'
import { removeOldRows } from './retention.ts'
import { runWaiting } from './run-demand.ts'
import { demandEditionPart, demandVehicle } from './tables.ts'

const start = Instant.parse('2026-01-15T10:00:00Z')
const { db, url } = await createTestDatabase('server')
await saveTestNetwork(db)
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
const planner = await server.person('priya', 'planner')

const files = {
  vehicles: 'model,usableKwh,kwhPerKm,acKw,dcKw\ncar,50,0.2,7,50\n',
  areas: 'code,borough,easting,northing,cars\na,Camden,530000,180000,500\nb,Camden,531000,180000,500\n',
  growth: 'area,2026,2027\na,0.1,0.2\n',
  trips:
    'vehicle,model,startedAt,endedAt,fromArea,toArea,km\nv,car,2026-01-14T08:00:00Z,2026-01-14T09:00:00Z,a,b,9\nw,odd car,2026-01-14T08:00:00Z,2026-01-14T09:00:00Z,a,b,9\n',
} as const

async function imported(kind: keyof typeof files): Promise<string> {
  const { body } = await planner.ask(operations.importDemandEdition, {
    params: { kind },
    query: { name: kind },
    text: files[kind],
  })
  return body.edition.editionId
}
const read = async (id: string) => (await planner.ask(operations.readDemandEdition, { params: { id } })).body
const partsOf = async (id: string) =>
  (await db.select().from(demandEditionPart).where(eq(demandEditionPart.editionId, id))).length
const after = (days: number) => start.plusSeconds(days * 86_400)

test('trips are removed when they have been kept long enough: results stay, the removal is on record, and a repeat is refused', async () => {
  const ids = { trips: await imported('trips'), vehicles: await imported('vehicles'), areas: await imported('areas') }
  const growth = await imported('growth')
  const { body: tripRun } = await planner.ask(operations.startTripRun, {
    body: { title: 'Private hire', ...ids, trips: [ids.trips] },
  })
  await runWaiting(server.context)
  const { body: networkRun } = await planner.ask(operations.startNetworkRun, {
    body: { title: 'Growth', areas: ids.areas, growth, tripRun: tripRun.runId, toYear: 2027 },
  })
  await runWaiting(server.context)
  const { body: made } = await planner.ask(operations.makeSyntheticTrips, {
    body: {
      name: 'Made up',
      areasEditionId: ids.areas,
      seed: 1,
      vehicles: 1,
      firstDay: '2026-01-05',
      days: 7,
      model: 'car',
    },
  })
  const before = await read(ids.trips)
  expect(before).toMatchObject({ rowsRemovedAt: null, newVehicles: ['v', 'w'], anomalyCount: 2 })

  await removeOldRows(server.context, after(400))
  expect((await read(ids.trips)).rowsRemovedAt).toBeNull()
  const at = after(401)
  await removeOldRows(server.context, at)
  await removeOldRows(server.context, after(402))
  const kept = { ...before, rowsRemovedAt: at.toString(), newVehicles: [], anomalies: [] }
  expect(await read(ids.trips)).toEqual(kept)
  expect([await partsOf(ids.trips), await partsOf(ids.areas), await partsOf(made.editionId)]).toEqual([0, 1, 1])
  expect((await db.select().from(demandVehicle)).map(({ editionId }) => editionId)).toEqual([made.editionId])
  const audited = await db.select().from(auditEntry).where(eq(auditEntry.action, 'demand-edition.rows-removed'))
  expect(audited).toMatchObject([
    {
      actor: 'retention',
      subjectId: ids.trips,
      detail: { kind: 'trips', name: 'trips', rows: 2, digest: before.digest },
    },
  ])

  const areas = await planner.ask(operations.listRunAreas, { params: { id: tripRun.runId }, query: {} })
  expect(areas.body.items.length).toBeGreaterThan(0)
  const again = await planner.ask(operations.repeatDemandRun, { params: { id: tripRun.runId } })
  expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('kept as long as they may be')])
  const another = await planner.ask(operations.startTripRun, { body: { title: 'Again', ...ids, trips: [ids.trips] } })
  expect(another.status).toBe(409)
  // The run over the network has its own record of what the trips came to.
  const network = await planner.ask(operations.repeatDemandRun, { params: { id: networkRun.runId } })
  expect(network.status).toBe(200)
  await runWaiting(server.context)
  const { body: repeated } = await planner.ask(operations.readDemandRun, { params: { id: network.body.runId } })
  const { body: first } = await planner.ask(operations.readDemandRun, { params: { id: networkRun.runId } })
  expect([repeated.state, repeated.digest]).toEqual(['done', first.digest])
})

test('what a run read of the network goes after its own time, and its nodes stay', async () => {
  const [areas, growth] = [await imported('areas'), await imported('growth')]
  const { body } = await planner.ask(operations.startNetworkRun, {
    body: { title: 'Growth', areas, growth, toYear: 2027 },
  })
  await runWaiting(server.context)
  const params = { id: body.runId }
  await removeOldRows(server.context, after(1_831))
  const nodes = await planner.ask(operations.listRunNodes, { params, query: {} })
  expect(nodes.body.items.length).toBeGreaterThan(0)
  expect((await planner.ask(operations.readRunNode, { params: { ...params, nodeId: 'sec' } })).status).toBe(200)
  expect((await planner.ask(operations.repeatDemandRun, { params })).status).toBe(409)
})

test('trips that are made up for days on which nobody drives are none, and their edition says so', async () => {
  const areasEditionId = await imported('areas')
  const body = { name: 'Made up', areasEditionId, vehicles: 1, firstDay: '2026-01-05', days: 1, model: 'car' }
  const summaries: unknown[] = []
  // Five days a week are driven on average: of a few seeds some drive and some do not.
  for (let seed = 1; seed <= 12; seed++) {
    const made = await planner.ask(operations.makeSyntheticTrips, { body: { ...body, seed } })
    expect(made.status).toBe(200)
    summaries.push(made.body.summary)
  }
  expect(summaries).toContainEqual(expect.objectContaining({ trips: 0, vehicles: 0, from: null, to: null }))
})
