import { afterAll, beforeAll, expect, test } from 'vitest'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { type Rig, startRig } from './support/rig.ts'

const { areas, homes, drivers, vehicleDrivers, evTypes, evs, homeUnits } = registerGroups

const area = {
  name: 'Islington 001A',
  localAuthority: 'Islington',
  areaClass: 'urban',
  latitude: 51.556,
  longitude: -0.111,
}
const home = {
  depotId: 'yard',
  lsoa: 'E01004736',
  mpan: '1200000200017',
  lvFeeder: 'LV-1-3',
  hasOffStreetParking: true,
  chargePoint: 'yard-01',
}
const driver = { depotId: 'yard', home: 'H-0001', readyBy: '07:00', costGbpPerMwh: 40, topsUpInPublic: false }
const van = { depotId: 'yard', evType: 'van', subType: null, idTag: null, telematicsId: null, vehicleIdentity: null }

let rig: Rig
const put = (stated: Operation, key: string, data: object, version: number | null = null) =>
  rig.depotApi(stated, { params: { key }, body: { data }, version })

beforeAll(async () => {
  rig = await startRig('2026-01-15T12:00:00Z', {}, afterAll)
  const type = { name: 'Van', make: 'V', usableBatteryWh: 50_000, acPowerW: 7_360, phases: 1, taper: [], subTypes: [] }
  for (const [stated, key, data] of [
    [evTypes.put, 'van', type],
    [evs.put, 'V1', van],
    [areas.put, 'E01004736', area],
    [homes.put, 'H-0001', home],
    [drivers.put, 'D-0001', driver],
    [drivers.put, 'D-0002', { ...driver, home: null }],
    [vehicleDrivers.put, 'V1', { depotId: 'yard', driver: 'D-0001' }],
  ] as const)
    expect([key, (await put(stated, key, data)).status]).toEqual([key, 200])
}, 240_000)

test('L12 a van that changes its driver keeps who drove it before', async () => {
  await rig.pass(60)
  expect((await put(vehicleDrivers.put, 'V1', { depotId: 'yard', driver: 'D-0002' }, 1)).status).toBe(200)
  const driverAt = async (asOf: string) =>
    (await rig.depotApi(vehicleDrivers.read, { params: { key: 'V1' }, query: { asOf } })).body.data.driver
  expect([await driverAt('2026-01-15T12:30:00Z'), await driverAt('2026-01-15T13:00:00Z')]).toEqual(['D-0001', 'D-0002'])
})

test.each([
  [homes.put, 'H-0002', { ...home, lsoa: 'E01999999', chargePoint: null }, 'data.lsoa'],
  [homes.put, 'H-0002', { ...home, hasOffStreetParking: false, chargePoint: 'yard-02' }, 'data.chargePoint'],
  [homes.put, 'H-0002', home, 'data.chargePoint'],
  [homes.put, 'H-0002', { ...home, chargePoint: 'yard-99' }, 'data.chargePoint'],
  [drivers.put, 'D-0003', { ...driver, home: 'H-0099' }, 'data.home'],
  [vehicleDrivers.put, 'V9', { depotId: 'yard', driver: 'D-0001' }, 'data.key'],
  [
    homeUnits.put,
    'other',
    { depotId: 'yard', product: 'B', nodeId: null, prices: [40], clusterHomes: 5 },
    'data.depotId',
  ],
])(
  'L13 L14 an entry that refers to nothing, or to what another has, is refused with its field: %#',
  async (stated, key, data, field) => {
    const { status, body } = await put(stated, key, data)
    expect([status, body.errors?.map((each: { field: string }) => each.field)]).toEqual([422, [field]])
  },
)

test('L13 homes leave as CSV and come back changed, all or nothing', async () => {
  const file = (await rig.depotApi(homes.exportFile)).body as string
  const [headings, row] = file.trim().split('\r\n')
  expect(row).toBe('H-0001,1,yard,E01004736,1200000200017,LV-1-3,true,yard-01')
  const without = 'H-0002,,yard,E01004736,,,false,'
  const broken = `${headings}\r\n${without}\r\nH-0003,,yard,E01004736,,,false,yard-02\r\n`
  const refused = await rig.depotApi(homes.importFile, { body: broken })
  expect([refused.status, refused.body.errors[0].field]).toEqual([422, 'line 3, chargePoint'])
  expect((await rig.depotApi(homes.list)).body).toHaveLength(1)
  const taken = await rig.depotApi(homes.importFile, { body: `${headings}\r\n${row}\r\n${without}\r\n` })
  expect(taken.body).toEqual({ rows: 2, created: 1, changed: 0, same: 1 })
})
