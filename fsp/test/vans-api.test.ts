import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { driverDeskOperations, driverOperations } from '../../schemas/fsp/drivers.ts'
import { fspFeedOperations } from '../../schemas/fsp/feeds/feeds.ts'
import { homeGroups } from '../../schemas/fsp/groups.ts'
import { payrollOperations } from '../../schemas/fsp/payroll.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { vanOperations } from '../../schemas/fsp/vans.ts'
import type { Access } from '../../schemas/vocabulary/access.ts'
import { createClient } from '../../test/support/client.ts'
import { homeLocation, vehicleNight } from '../vans/tables.ts'
import { logIn } from './support/rig.ts'
import { startVans, unitOf, type Vans } from './support/vans.ts'

const password = 'a pass phrase of the test'

let vans: Vans
let walkers: Record<string, { token: string | null; role?: string; isElsewhere?: true }>
beforeAll(async () => {
  vans = await startVans(unitOf(4, { clusterHomes: 2 }), '2026-01-31T20:00:00Z', afterAll)
  const person = async (username: string, role: string, depotIds: string[] | null) => {
    const body = { username, fullName: username, password, role, depotIds }
    expect((await vans.ask(depotAccessOperations.createDepotAccount, { body })).status).toBe(200)
    return { token: await logIn(vans.fsp().url, { username, password }), role }
  }
  const driver = await vans.driver(1)
  walkers = {
    nobody: { token: null },
    driver: { token: new URL(driver.url).hash.slice(1), role: 'driver' },
    'sys-admin': { token: await logIn(vans.fsp().url), role: 'sys-admin' },
    fleet: await person('fleet', 'fleet-admin', null),
    depot: await person('depot', 'depot-admin', ['vans']),
    elsewhere: { ...(await person('other', 'depot-admin', ['elsewhere'])), isElsewhere: true },
    payroll: await person('pay', 'payroll', ['vans']),
    'payroll elsewhere': { ...(await person('pay2', 'payroll', ['elsewhere'])), isElsewhere: true },
  }
}, 240_000)

const operations = homeGroups
  .flatMap((group) => Object.values(group))
  .map((stated) => [`${stated.method} ${stated.path}`, stated] as const)

function isAllowed(access: Access, role: string | undefined): boolean {
  if (access === 'anyone' || role === undefined) return access === 'anyone'
  if (role === 'driver') return access.driver === true
  const people = access.depot?.people ?? []
  return people === 'any' || (people.length > 0 && (role === 'sys-admin' || people.some((each) => each === role)))
}

/** Input that every contract takes, so that who calls is what is answered. */
const params = { depotId: 'vans', driverId: 'D-vans-002', linkId: '0b6f6d0e-6f0e-4b7e-9a53-0d6a1f3c2b10' }
const query: Record<string, Record<string, unknown>> = {
  [vanOperations.readHomeEnvelope.path]: { from: '2026-01-31T21:00:00Z', to: '2026-01-31T22:00:00Z' },
  [vanOperations.readVanForecast.path]: { day: '2026-02-01' },
  [vanOperations.listHomeLocations.path]: { month: '2026-01' },
  ...Object.fromEntries(
    Object.values(payrollOperations).map(({ path }) => [path, { month: '2026-01', pencePerKwh: '22' }]),
  ),
}
const span = { from: '2026-01-31', to: '2026-01-31' }
const bodies: Record<string, Record<string, string>> = {
  [driverOperations.setReadyBy.path]: { readyAt: '2026-02-01T06:00:00Z' },
  [driverDeskOperations.createDriverLink.path]: {},
  [driverDeskOperations.saveDriverPerson.path]: { name: 'N', address: 'A', payrollNumber: '1' },
}

test.each(operations)(
  'SEC07 %s admits those whom it states, each for their own, and nobody else',
  async (_, stated) => {
    for (const [name, { token, role, isElsewhere }] of Object.entries(walkers)) {
      const client = createClient(vans.fsp().url, token === null ? {} : { authorization: `Bearer ${token}` })
      const body = bodies[stated.path] && stated.body ? { body: bodies[stated.path] } : {}
      const call = { params, query: query[stated.path] ?? (stated.query ? span : {}), ...body }
      const { status } = await client.ask(stated, call)
      // A driver's token and a person's are each nothing at the other's door.
      const isOtherDoor = token !== null && (role === 'driver') !== 'driver' in (stated.access as object)
      if (token === null || isOtherDoor) expect([name, status]).toEqual([name, 401])
      else if (!isAllowed(stated.access, role)) expect([name, status]).toEqual([name, 403])
      else if (isElsewhere) expect([name, status]).toEqual([name, 404])
      else expect([name, [401, 403, 500].includes(status)]).toEqual([name, false])
    }
  },
)

test('L13 L14 a unit shows its homes by area, drivers without parking, and homes that crowd behind one feeder', async () => {
  const { body } = await vans.ask(vanOperations.readHomeUnit)
  expect(body).toMatchObject({
    homes: 4,
    drivers: 6,
    vans: 4,
    withoutParking: 2,
    topUpInPublic: 2,
    byAreaClass: { urban: 4 },
    byLocalAuthority: { Islington: 4 },
  })
  // Four homes on three feeders by turns: the first has two, each of 32 A at 230 V.
  expect(body.clusters).toEqual([
    { lvFeeder: 'LV-1', homes: 2, ratedW: 14_720, isFlagged: true },
    { lvFeeder: 'LV-2', homes: 1, ratedW: 7_360, isFlagged: false },
    { lvFeeder: 'LV-3', homes: 1, ratedW: 7_360, isFlagged: false },
  ])
})

test('L15 L17 each minute of a charge leaves as CSV and as Parquet, with the same figures', async () => {
  vans.plugIn(1)
  await vans.pass(5)
  const csv = (await vans.ask(vanOperations.exportSessionMinutes, { query: span })).body as string
  const [headings, ...rows] = csv.trim().split('\r\n')
  expect(headings).toBe('transactionId,vehicleId,identity,at,powerW,limitA')
  expect(rows.length).toBeGreaterThanOrEqual(4)
  const last = rows.at(-1)?.split(',') ?? []
  expect([last[1], last[2], last[4], last[5]]).toEqual(['VANS-001', 'vans-01', '7360', '32'])
  const token = await logIn(vans.fsp().url)
  const address = `${vans.fsp().url}/depots/vans/session-minutes.parquet?from=2026-01-31&to=2026-01-31`
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } })
  const read = await parquetReadObjects({ file: await answer.arrayBuffer() })
  expect(read).toHaveLength(rows.length)
  expect(read.at(-1)).toMatchObject({ vehicleId: 'VANS-001', powerW: 7_360 })
  const long = { from: '2026-01-01', to: '2026-02-15' }
  expect((await vans.ask(vanOperations.exportSessionMinutes, { query: long })).status).toBe(422)
})

test('L12 homes are recomputed when a month is over, from nights that telematics showed, and no position is kept', async () => {
  const put = (stated: Parameters<Vans['ask']>[0], key: string, data: object, version: number | null = null) =>
    vans.ask(stated, { params: { key }, body: { data }, version })
  const { telematics, evs, excludedPlaces } = registerGroups
  const works = { name: 'Works', kind: 'maintenance-depot', latitude: 51.559, longitude: -0.12, radiusM: 200 }
  await put(telematics.put, 'T1', { provider: 'P', delivery: 'batch', name: null })
  const { data, version } = (await vans.ask(evs.read, { params: { key: 'VANS-001' } })).body
  expect((await put(evs.put, 'VANS-001', { ...data, telematicsId: 'T1' }, version)).status).toBe(200)
  await put(excludedPlaces.put, 'works', works)
  const field = (figure: string, reportedAs: string) => ({ figure, reportedAs, factor: 1 })
  const format = {
    kind: 'telematics',
    provider: 'P',
    identity: 'id',
    at: 'at',
    fields: [field('stateOfCharge', 'soc'), field('latitude', 'lat'), field('longitude', 'lon')],
    places: [],
  }
  const feed = {
    name: 'Telematics',
    owner: 'Fleet desk',
    provider: 'P',
    depotId: null,
    cadenceS: 3_600,
    amberS: 7_200,
    redS: 14_400,
    transport: { type: 'push' },
    format,
  }
  const saved = await vans.ask(fspFeedOperations.saveDepotFeed, { params: { feedId: 'p' }, body: feed, version: null })
  expect([saved.status, saved.body.errors]).toEqual([200, undefined])
  const seen = (night: string, hour: string, lat: number, lon: number) => ({
    id: 'T1',
    at: `2026-01-${night}T${hour}:00:00Z`,
    soc: 50,
    lat,
    lon,
  })
  const records = [
    ...Array.from({ length: 16 }, (_, i) => seen(String(10 + i), '23', 51.557, -0.112)),
    ...Array.from({ length: 3 }, (_, i) => seen(String(26 + i), '23', works.latitude, works.longitude)),
    // By day it is elsewhere, which says nothing.
    seen('20', '12', 51.5, -0.2),
  ]
  const taken = await vans.ask(fspFeedOperations.pushFeedRecords, { params: { feedId: 'p' }, body: { records } })
  expect([taken.status, taken.body.errors]).toEqual([200, undefined])
  expect(JSON.stringify(await vans.db.select().from(vehicleNight))).not.toContain('51.5')
  await vans.passTo('2026-02-02T00:00:00Z')
  const { body } = await vans.ask(vanOperations.listHomeLocations, { query: { month: '2026-01' } })
  expect(body).toEqual([
    {
      vehicleId: 'VANS-001',
      month: '2026-01',
      driverId: 'D-vans-001',
      lsoa: 'E01004736',
      nights: 16,
      nightsSeen: 16,
      nightsExcluded: 3,
      confidence: 'high',
      registeredLsoa: 'E01004736',
      computedAt: expect.any(String),
    },
  ])
  expect(await vans.db.select().from(homeLocation)).toHaveLength(1)
})
