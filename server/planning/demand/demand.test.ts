import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { type DemandEdition, type EditionKind, editionKind } from '../../../schemas/planning/demand-editions.ts'
import type { DemandRun } from '../../../schemas/planning/demand-runs.ts'
import { requestOf } from '../../../schemas/vocabulary/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveNode } from '../../grid/index.ts'
import { saveTestNetwork, saveTestSite } from '../../grid/test/support/site.ts'
import { rowsOf, saveEdition } from './edition-store.ts'
import { checkOf } from './findings.ts'
import { runWaiting } from './run-demand.ts'
import { demandEdition } from './tables.ts'

const { db, url } = await createTestDatabase('server')
await saveTestNetwork(db)
const common = { parentId: 'pri', kind: 'secondary', licenceArea: 'LPN', northing: 184_000 } as const
const ratings = { ratingWinterKva: 5_000, ratingSummerKva: 5_000 }
await saveNode(db, { ...common, ...ratings, nodeId: 'bank', name: 'Bank HQ', easting: 531_050, reserved: true })
await saveNode(db, {
  ...common,
  nodeId: 'dark',
  name: 'Unknown St',
  easting: 532_500,
  ratingWinterKva: null,
  ratingSummerKva: null,
})
const clock = new SimulatedClock(Instant.parse('2026-01-15T10:00:00Z'))
const server = await startTestServer(url, clock)
const planner = await server.person('priya', 'planner')
const viewer = await server.person('otto', 'operator')

const square = (x: number) =>
  `"POLYGON ((${x} 183500, ${x + 1_000} 183500, ${x + 1_000} 184500, ${x} 184500, ${x} 183500))"`
const files: Record<Exclude<EditionKind, 'connectivity' | 'feeding-areas' | 'hv-sites' | 'profiles'>, string> = {
  areas: `LSOA21CD,LAD22NM,geometry,cars\nhere,Islington,${square(530_500)},2000\nthere,Islington,${square(532_000)},10\n`,
  growth:
    'LSOA11CD,Parameter,Unit,2026,2027,2028\nhere,EV % of cars,Percentage,0,0.1,1\nthere,EV % of cars,Percentage,0,0.1,1\n',
  'off-street': 'area,share\nhere,1\nIslington,0.5\n',
  vehicles: 'model,usable_kwh,kwh_per_km,ac_kw,dc_kw,verified\nKia e-Niro,50,0.2,10,70,yes\n',
  'charge-points':
    'chargeDeviceID,name,latitude,longitude,connector1RatedOutputKW,connector1ChargeMethod\n1,High St,51.54,-0.11,50,DC\n2,High St,51.54,-0.11,50,DC\n3,Taxi rank (taxis only),51.54,-0.11,50,DC\n',
  trips:
    'driver,model,started,ended,from_area,to_area,km,remark\n' +
    'v1,Kia e-Niro,2026-01-14T08:00:00Z,2026-01-14T09:00:00Z,here,there,20,=cmd()\n' +
    'v1,Kia e-Niro,2026-01-14T09:30:00Z,2026-01-14T10:00:00Z,there,here,300,\n' +
    'v2,Kia Niro,2026-01-14T08:00:00Z,2026-01-14T09:00:00Z,here,there,20,\n',
}
const mapped = { trips: 'vehicle=driver,startedAt=started,endedAt=ended' }

async function send(kind: keyof typeof files, text = files[kind], query: Record<string, string> = {}) {
  const columns = kind === 'trips' ? mapped.trips : ''
  return planner.ask(operations.importDemandEdition, {
    params: { kind },
    query: { name: kind, columns, ...query },
    text,
  })
}
async function imported(kind: keyof typeof files): Promise<DemandEdition> {
  const { status, body } = await send(kind)
  expect({ kind, status, detail: body.detail }).toEqual({ kind, status: 200, detail: undefined })
  return body.edition
}
const editions = Object.fromEntries(
  await Promise.all(
    (['vehicles', 'areas', 'growth', 'off-street', 'charge-points'] as const).map(async (kind) => [
      kind,
      await imported(kind),
    ]),
  ),
) as Record<keyof typeof files, DemandEdition>
editions.trips = await imported('trips')
const idOf = (kind: keyof typeof files) => editions[kind].editionId

async function finished(body: { runId: string }): Promise<DemandRun> {
  await runWaiting(server.context)
  const run = await viewer.ask(operations.readDemandRun, { params: { id: body.runId } })
  expect(run.body).toMatchObject({ state: 'done', failure: null })
  return run.body
}
async function networkRun(more: Record<string, unknown> = {}): Promise<DemandRun> {
  const body = {
    title: 'Growth',
    areas: idOf('areas'),
    growth: idOf('growth'),
    offStreet: idOf('off-street'),
    toYear: 2028,
    ...more,
  }
  const { status, body: run } = await planner.ask(operations.startNetworkRun, { body })
  expect({ status, detail: run.detail }).toEqual({ status: 200, detail: undefined })
  return finished(run)
}

test('EVD01 a batch of trips has its summary, its anomalies and the vehicles that are new with it', async () => {
  expect(editions.trips).toMatchObject({
    rows: 3,
    isSynthetic: false,
    columns: { vehicle: 'driver', km: 'km' },
    summary: { trips: 3, vehicles: 2, longestKm: 300 },
    newVehicles: ['v1', 'v2'],
  })
  const kinds = editions.trips.anomalies.map(({ kind, subject }) => `${kind} ${subject}`)
  expect(kinds).toEqual(['look-alike-model Kia Niro', 'unknown-model Kia Niro', 'journey-beyond-range v1'])
  const again = await imported('trips')
  expect([again.newVehicleCount, again.digest]).toEqual([0, editions.trips.digest])
  expect(editions['charge-points'].summary).toMatchObject({ chargePoints: 3, duplicates: 1, taxiOnly: 1 })
})

test('a file with a flaw is refused as a whole, by line and column, and a dry run stores nothing', async () => {
  const flawed = await send('vehicles', `${files.vehicles}Leaf,40,9,7,50,no\nZoe,,0.2,7,50,no\n`)
  expect(flawed.status).toBe(422)
  expect(flawed.body.errors).toEqual([
    { field: 'line 3, kwhPerKm', message: '9 kWh/km is not between 0.03 and 3 kWh/km' },
    { field: 'line 4, usableKwh', message: 'is missing; nothing is not 0' },
  ])
  expect((await send('trips', files.trips.replaceAll('Z,', ','))).body.detail).toContain('has no offset')
  expect((await send('areas', 'code,borough\nx,y\n')).body.detail).toContain('easting and northing')
  expect((await send('growth', 'area,share\nhere,1\n')).body.detail).toContain('no column for any year')
  const stated = await send('vehicles', files.vehicles, { columns: 'wheels=model' })
  expect(stated.body.detail).toContain('wheels: is not a column of vehicles')
  const dry = await send('vehicles', files.vehicles, { dryRun: 'true' })
  expect(dry).toMatchObject({ status: 200, body: { rows: 1, edition: null } })
  const { body } = await planner.ask(operations.listDemandEditions, { query: { kind: 'vehicles' } })
  expect(body.items).toHaveLength(1)
})

test.each(editionKind.options)('the template of %s is imported as it is', async (kind) => {
  const template = await planner.ask(operations.exportEditionTemplate, { params: { kind } })
  expect([template.status, template.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/csv')])
  const dry = await planner.ask(operations.importDemandEdition, {
    params: { kind },
    query: { dryRun: 'true' },
    text: String(template.body),
  })
  expect({ status: dry.status, detail: dry.body.detail }).toEqual({ status: 200, detail: undefined })
  expect(dry.body.rows).toBeGreaterThan(0)
})

test('EVD04 nodes are ranked by the first year in which they are exceeded; EVD03 a reserved one takes nothing', async () => {
  const run = await networkRun()
  const { body } = await viewer.ask(operations.listRunNodes, { params: { id: run.runId }, query: {} })
  expect(
    body.items.map(({ nodeId, firstYear, isKnown }: { nodeId: string; firstYear: number; isKnown: boolean }) => [
      nodeId,
      firstYear,
      isKnown,
    ]),
  ).toEqual([
    ['sec', 2028, true],
    ['dark', null, false],
    ['gsp', null, false],
    ['pri', null, false],
  ])
  const { body: node } = await viewer.ask(operations.readRunNode, { params: { id: run.runId, nodeId: 'sec' } })
  // 0, 200 and 2,000 cars with off-street parking; the substation has 800 kVA × 0.95 in winter and 720 × 0.95 in summer.
  expect([node.vehicles, node.years[0].peakW, node.years[0].leastHeadroomW]).toEqual([2_000, 0, 684_000])
  expect(node.years[1].peakW * 10).toBeCloseTo(node.years[2].peakW, 6)
  expect(node.percentiles).toBeNull()
  expect(node.years[2].hoursOver).toBeGreaterThan(0)
  const few = await viewer.ask(operations.readRunNode, { params: { id: run.runId, nodeId: 'dark' } })
  expect(few.body.percentiles.p90W).toBeGreaterThanOrEqual(few.body.percentiles.meanW)
  const listed = async (query: Record<string, string | number>) =>
    (await viewer.ask(operations.listRunNodes, { params: { id: run.runId }, query })).body
  const [first] = (await listed({ year: 2027 })).items
  // A tenth of the cars of the last year, with the rank of all years.
  expect([first.rank, first.firstYear, first.vehicles, first.hoursOver]).toEqual([1, 2028, 200, 0])
  expect(first.leastHeadroomW).toBe(node.years[1].leastHeadroomW)
  expect((await listed({ year: 2040 })).detail).toBe('The run has no year 2040: it has 2026 to 2028.')
  const namesOf = async (query: Record<string, string>) =>
    (await listed(query)).items.map(({ name }: { name: string }) => name)
  expect(await namesOf({ search: 'UNKNOWN' })).toEqual(['Unknown St'])
  expect(await namesOf({ search: '%' })).toEqual([])
  expect(await namesOf({ kind: 'primary' })).toEqual(['Islington'])
  const { body: rule } = await viewer.ask(operations.readHeadroom, {
    params: { id: 'sec' },
    query: { day: '2026-07-15' },
  })
  expect(rule.periods.map(({ headroomW }: { headroomW: number }) => headroomW)).toEqual(Array(48).fill(684_000))
})

test('EVD02 a run says by which method and how surely each area is carried, and two methods stand side by side', async () => {
  const [largest, nearest] = [await networkRun({ method: 'largest-in-area' }), await networkRun({ method: 'nearest' })]
  const { body } = await viewer.ask(operations.listRunAreas, { params: { id: largest.runId }, query: {} })
  expect(
    body.items.map(({ area, basis, confidence, nodes }: Record<string, unknown>) => ({
      area,
      basis,
      confidence,
      nodes,
    })),
  ).toEqual([
    { area: 'here', basis: 'largest-in-area', confidence: 'low', nodes: [{ nodeId: 'sec', share: 1 }] },
    // The only substation there has no known rating, so that none is the largest.
    { area: 'there', basis: 'nearest', confidence: 'low', nodes: [{ nodeId: 'dark', share: 1 }] },
  ])
  const compared = await viewer.ask(operations.compareDemandRuns, {
    params: { id: largest.runId, otherId: nearest.runId },
  })
  expect(compared.body).toMatchObject({ nodes: 4, otherFirstYear: 0, items: [{ differenceW: 0 }, {}, {}, {}] })
  expect(compared.body.items[0].name).toBe('Unknown St')
  const primary = await networkRun({ level: 'primary' })
  const other = await viewer.ask(operations.compareDemandRuns, {
    params: { id: largest.runId, otherId: primary.runId },
  })
  expect(other.body.items[0]).toMatchObject({ nodeId: 'sec', other: null })
  const without = { title: 'x', areas: idOf('areas'), growth: idOf('growth'), method: 'connectivity' }
  expect(await planner.ask(operations.startNetworkRun, { body: without })).toMatchObject({ status: 409 })
})

test('EVD03 a hub at high voltage is imported, and its vehicles go to the primary and not to the secondaries of its area', async () => {
  const sites = (lines: string) =>
    planner.ask(operations.importDemandEdition, {
      params: { kind: 'hv-sites' },
      text: `id,name,area,archetype,vehicles,nodeId,easting,northing\n${lines}\n`,
    })
  const flawed = await sites('hub,Hub,there,home,5,,531000,')
  expect(flawed.body.errors.map(({ field }: { field: string }) => field)).toEqual([
    'line 2, easting',
    'line 2, archetype',
  ])
  const { body } = await sites('hub,Hub,there,public,4,pri,,')
  expect(body.findings.summary).toEqual({ sites: 1, vehicles: 4, withoutNode: 0 })
  const run = await networkRun({ hvSites: body.edition.editionId })
  // 10 cars, half of them without off-street parking: 4 of these 5 charge at the hub.
  const vehicles = async (nodeId: string) =>
    (await viewer.ask(operations.readRunNode, { params: { id: run.runId, nodeId } })).body.vehicles
  expect([await vehicles('dark'), await vehicles('pri')]).toEqual([6, 2_010])
  const areas = await viewer.ask(operations.listRunAreas, { params: { id: run.runId }, query: {} })
  expect(areas.body.items).toContainEqual(
    expect.objectContaining({ area: 'hv:hub', basis: 'connectivity', nodes: [{ nodeId: 'pri', share: 1 }] }),
  )
})

test('a run takes the profiles of the DNO, where each half-hour is there', async () => {
  const kinds = ['winter weekday', 'winter weekend', 'summer weekday', 'summer weekend']
  const times = Array.from(
    { length: 48 },
    (_, n) => `${String(Math.floor(n / 2)).padStart(2, '0')}:${n % 2 ? '30' : '00'}`,
  )
  const rows = kinds.flatMap((kind) => times.map((time) => `home,${kind},${time},${time === '12:00' ? 100 : 10},7000`))
  const profiles = (lines: string[]) =>
    planner.ask(operations.importDemandEdition, {
      params: { kind: 'profiles' },
      text: `archetype,dayKind,time,meanW,chargingW\n${lines.join('\n')}\n`,
    })
  expect((await profiles(rows.slice(1))).body.detail).toContain('of home has 191 rows')
  const { body } = await profiles(rows)
  const run = await networkRun({ profiles: body.edition.editionId })
  const node = await viewer.ask(operations.readRunNode, { params: { id: run.runId, nodeId: 'sec' } })
  // 2,000 cars at 100 W each at noon, against 684 kW of summer.
  expect(node.body.years[2]).toMatchObject({ year: 2028, peakW: 200_000, leastHeadroomW: 484_000, hoursOver: 0 })
})

test('a requirement has the windows of a tender, and its cost beside that of reinforcement', async () => {
  const run = await networkRun()
  const params = { id: run.runId, nodeId: 'sec' }
  const query = {
    year: 2028,
    availabilityGbpPerMwH: 10,
    utilisationGbpPerMwh: 200,
    reinforcementGbp: 100_000,
    lifeYears: 40,
    discountRate: 0,
  }
  const { status, body } = await planner.ask(operations.suggestDemandRequirement, { params, query })
  expect({ status, zone: body.zoneNodeId, reinforcement: body.costs?.reinforcementGbp }).toEqual({
    status: 200,
    zone: 'sec',
    reinforcement: '2500.00',
  })
  const [winter] = body.seasons[0].windows
  expect(winter.weekdays).toEqual(['monday', 'tuesday', 'wednesday', 'thursday', 'friday'])
  expect(winter.from < '19:30' && winter.to > '19:30').toBe(true)
  expect(winter.requiredW % 1_000).toBe(0)
  const stated = { ...query, reinforcementGbp: 150_000, discountRate: 0.035 }
  const interest = await planner.ask(operations.suggestDemandRequirement, { params, query: stated })
  expect(interest.body.assumptions[1]).toBe(
    'Reinforcement £150,000, in even yearly sums over 40 years at 3.5 %: as stated.',
  )
  const none = await planner.ask(operations.suggestDemandRequirement, { params, query: { ...query, year: 2026 } })
  expect(none.body).toMatchObject({ greatestNeedW: 0, costs: { flexibilityGbp: '0.00' } })
  const dark = { ...params, nodeId: 'dark' }
  expect(await planner.ask(operations.suggestDemandRequirement, { params: dark, query })).toMatchObject({ status: 409 })
  expect(
    await planner.ask(operations.suggestDemandRequirement, { params, query: { ...query, year: 2060 } }),
  ).toMatchObject({ status: 409 })
})

test('a run is there as CSV, Parquet, GeoJSON and vector tiles', async () => {
  const run = await networkRun()
  const params = { id: run.runId }
  const csv = String((await viewer.ask(operations.exportRunCsv, { params })).body)
    .trim()
    .split('\r\n')
  expect(csv).toHaveLength(1 + 4 * 3)
  expect(csv[1]).toMatch(/^1,sec,Almeida St,secondary,2026,0,684000,0,2028,low$/)
  const parquet = await fetch(`${server.url}${requestOf(operations.exportRunParquet, { params }).path}`, {
    headers: viewer.headers,
  })
  const rows = await parquetReadObjects({ file: await parquet.arrayBuffer() })
  expect(rows).toHaveLength(4 * 3)
  expect(rows[2]).toMatchObject({ nodeId: 'sec', year: 2028n, firstYear: 2028n })
  const { body } = await viewer.ask(operations.exportRunGeoJson, { params })
  expect(body.features).toHaveLength(4)
  expect(body.features[0].geometry.coordinates[1]).toBeCloseTo(51.54, 2)
  const tile = await viewer.ask(operations.readRunTile, { params: { ...params, z: 10, x: 511, y: 340 }, query: {} })
  expect([tile.status, tile.headers.get('content-type')]).toEqual([200, 'application/vnd.mapbox-vector-tile'])
  expect(String(tile.body)).toContain('Almeida St')
})

test('nodes and tiles of a run have the figures of the year that is asked for', async () => {
  const run = await networkRun()
  const params = { id: run.runId }
  const first = await viewer.ask(operations.listRunNodes, { params, query: { year: 2026 } })
  const last = await viewer.ask(operations.listRunNodes, { params, query: {} })
  // Of 2,000 cars none is electric in 2026, and each of them in 2028.
  expect(first.body.items[0]).toMatchObject({ nodeId: 'sec', rank: 1, firstYear: 2028, peakW: 0, vehicles: 0 })
  expect(last.body.items[0]).toMatchObject({ nodeId: 'sec', rank: 1, firstYear: 2028 })
  expect(last.body.items[0].vehicles).toBeGreaterThan(1_900)
  const place = { ...params, z: 10, x: 511, y: 340 }
  const [then, now] = await Promise.all(
    [2026, 2028].map((year) => viewer.ask(operations.readRunTile, { params: place, query: { year } })),
  )
  expect(String(then?.body)).not.toBe(String(now?.body))
  const unknown = await viewer.ask(operations.readRunTile, { params: place, query: { year: 2040 } })
  expect(unknown).toMatchObject({
    status: 409,
    body: { detail: 'The run has no year 2040: it has 2026 to 2028.' },
  })
})

test('synthetic trips are labelled wherever they go, and the same seed gives the same', async () => {
  const body = {
    name: 'Made up',
    areasEditionId: idOf('areas'),
    seed: 3,
    vehicles: 4,
    firstDay: '2026-01-05',
    days: 7,
    model: 'Kia e-Niro',
  }
  const [one, other] = [
    await planner.ask(operations.makeSyntheticTrips, { body }),
    await planner.ask(operations.makeSyntheticTrips, { body }),
  ]
  expect(one.body).toMatchObject({ isSynthetic: true, newVehicleCount: 4 })
  expect(other.body.digest).toBe(one.body.digest)
  const trips = await planner.ask(operations.startTripRun, {
    body: { title: 'Made up', trips: [one.body.editionId], vehicles: idOf('vehicles'), areas: idOf('areas') },
  })
  const run = await networkRun({ tripRun: (await finished(trips.body)).runId })
  expect(run.isSynthetic).toBe(true)
  // Whatever a run rests on: here the areas alone were made up.
  const [row] = await db
    .select()
    .from(demandEdition)
    .where(eq(demandEdition.editionId, idOf('areas')))
  if (!row) throw new Error('there are areas')
  const { name, importedAt, importedBy, columns } = row
  const madeUp = {
    editionId: randomUUID(),
    kind: 'areas' as const,
    isSynthetic: true,
    name,
    importedAt,
    importedBy,
    columns,
  }
  await saveEdition(db, madeUp, await rowsOf(db, 'areas', [idOf('areas')]), checkOf('areas', []))
  expect((await networkRun()).isSynthetic).toBe(false)
  expect((await networkRun({ areas: madeUp.editionId })).isSynthetic).toBe(true)
})

test('a fleet with engines is estimated from its journeys, and held against a measured depot', async () => {
  const site = await saveTestSite(db, clock.now(), { name: 'Depot' })
  const text =
    'van,routeType,startedAt,endedAt,km,endsAt\n' +
    'v1,urban,2026-01-14T08:00:00Z,2026-01-14T14:00:00Z,80,depot\n' +
    'v2,rural,2026-07-14T08:00:00Z,2026-07-14T14:00:00Z,300,home\n'
  const query = { usableKwh: 60, kwhPerKm: 0.25, depotKw: 10, chargerEfficiency: 1, columns: 'vehicle=van' }
  const { status, body } = await planner.ask(operations.estimateFleet, {
    query: { ...query, connectionId: site.connectionId },
    text,
  })
  expect({ status, detail: body.detail }).toEqual({ status: 200, detail: undefined })
  expect(body).toMatchObject({ vehicles: 2, journeys: 2, drivenKwh: 95, unmetKwh: 15, error: null })
  expect(body.routes).toMatchObject([
    { routeType: 'rural', season: 'summer', daysBeyondRange: 1 },
    { routeType: 'urban', season: 'winter', kwhPerDay: 20 },
  ])
  // 20 kWh at 10 kW from 14:00 on one of the span's winter weekdays; nothing before.
  const depot = body.days.find(
    ({ place, kind }: { place: string; kind: string }) => place === 'depot' && kind === 'winter weekday',
  )
  expect([depot.meanW[27] === 0, depot.meanW[28] > 0, depot.meanW[32] === 0]).toEqual([true, true, true])
  const flawed = await planner.ask(operations.estimateFleet, { query, text: text.replace('80,depot', '80,garage') })
  expect(flawed).toMatchObject({ status: 422, body: { detail: expect.stringContaining('garage') } })
})

test('only planners import and run; what they do is on record', async () => {
  const body = { title: 'x', areas: idOf('areas'), growth: idOf('growth') }
  expect((await viewer.ask(operations.startNetworkRun, { body })).status).toBe(403)
  expect(
    (await viewer.ask(operations.importDemandEdition, { params: { kind: 'vehicles' }, text: files.vehicles })).status,
  ).toBe(403)
  const nobody = { ...body, growth: idOf('areas') }
  expect((await planner.ask(operations.startNetworkRun, { body: nobody })).body.detail).toContain(
    'There is no edition of growth',
  )
})

test('a run is repeated from its record, byte for byte, whatever has changed since', async () => {
  const trips = await planner.ask(operations.startTripRun, {
    body: {
      title: 'Hire',
      trips: [idOf('trips')],
      vehicles: idOf('vehicles'),
      areas: idOf('areas'),
      chargePoints: idOf('charge-points'),
      offStreet: idOf('off-street'),
    },
  })
  const fleet = await finished(trips.body)
  // By hand: v1 alone has a model; 20 km, 300 km and 0 km home, at 0.2 kWh/km.
  expect(fleet.summary).toMatchObject({
    vehicles: 1,
    vehiclesWithoutModel: 1,
    shifts: 1,
    shiftsTooLong: 1,
    chargePointsUsed: 1,
    drivenKwh: 64,
  })
  const run = await networkRun({ tripRun: fleet.runId })
  const { digest, ...first } = run
  await saveNode(db, {
    ...common,
    nodeId: 'new',
    name: 'New St',
    easting: 531_100,
    ratingWinterKva: 900,
    ratingSummerKva: 900,
  })
  const { body } = await planner.ask(operations.repeatDemandRun, { params: { id: run.runId } })
  const again = await finished(body)
  expect([again.digest, again.record]).toEqual([digest, first.record])
  const fresh = await networkRun({ tripRun: fleet.runId })
  expect(fresh.digest).not.toBe(digest)
})
