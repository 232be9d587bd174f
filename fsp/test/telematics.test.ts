import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import rhea, { type EventContext, type Sender } from 'rhea'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { depotAlarmOperations } from '../../schemas/fsp/alarms.ts'
import { fspFeedOperations } from '../../schemas/fsp/feeds/feeds.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { unknownOperations } from '../../schemas/fsp/registers/unknown.ts'
import { feedFault, feedFile, vehicleTelematics } from '../feeds/tables.ts'
import { vehicleReading } from '../vehicles/tables.ts'
import { feedOf, saveFeed, startHttp } from './support/feeds.ts'
import { type Rig, startRig } from './support/rig.ts'

const { evTypes, evs, telematics } = registerGroups
let rig: Rig
const soc = (reportedAs: string, factor = 1) => ({ figure: 'stateOfCharge', reportedAs, factor })
const vanType = {
  name: 'Van',
  make: 'Peugeot',
  usableBatteryWh: 50_000,
  acPowerW: 7_360,
  phases: 1,
  taper: [],
  subTypes: [
    { subType: '2019', fields: [soc('battery'), { figure: 'odometerMiles', reportedAs: 'miles', factor: 1 }] },
    { subType: '2021', fields: [soc('soc_share', 100), { figure: 'isIgnitionOn', reportedAs: 'key', factor: 1 }] },
  ],
}
/** Registers a vehicle with its identity at a provider. */
async function vehicle(registration: string, identity: string | null, provider: string, subType: string | null) {
  const put = (stated: typeof evs.put | typeof telematics.put, key: string, data: object) =>
    rig.depotApi(stated, { params: { key }, body: { data }, version: null })
  if (identity !== null)
    expect((await put(telematics.put, identity, { provider, delivery: 'stream', name: null })).status).toBe(200)
  const data = { depotId: 'yard', evType: 'van', subType, idTag: null, vehicleIdentity: null, telematicsId: identity }
  expect((await put(evs.put, registration, data)).status).toBe(200)
}
beforeAll(async () => {
  rig = await startRig('2026-01-15T12:00:00Z', {}, afterAll)
  await rig.depotApi(evTypes.put, { params: { key: 'van' }, body: { data: vanType }, version: null })
  await vehicle('OLD 1', 'ax-1', 'Axodel', '2019')
  await vehicle('NEW 1', 'ax-2', 'Axodel', '2021')
  await vehicle('MERC 1', 'mb-1', 'Mercedes', null)
  await vehicle('MERC 2', 'mb-2', 'Mercedes', null)
  await vehicle('LATE 1', null, 'Axodel', '2019')
}, 240_000)

const form = (change: object) => ({
  name: 'Telematics',
  owner: 'Fleet desk',
  depotId: 'yard',
  cadenceS: 120,
  amberS: 180,
  redS: 300,
  ...change,
})
const readings = async (vehicleId: string) =>
  (await rig.db.select().from(vehicleReading))
    .filter((row) => row.vehicleId === vehicleId)
    .map(({ at, socPercent, odometerKm }) => ({ at: at.toString(), socPercent, odometerKm }))
const alarms = async (kind: string) =>
  (await rig.depotApi(depotAlarmOperations.listDepotAlarms, { query: { kind } })).body

/** An AMQP 1.0 server with one queue, which keeps what is not acknowledged and sends it again. */
async function startQueue() {
  const container = rhea.create_container({ id: 'supplier' })
  const [senders, waiting, outcomes]: [Sender[], object[], string[]] = [[], [], []]
  const waiters: (() => void)[] = []
  const flush = () => {
    const [sender] = senders
    while (sender && waiting.length > 0 && sender.sendable()) sender.send({ body: JSON.stringify(waiting.shift()) })
  }
  const settled = (outcome: string) => () => {
    outcomes.push(outcome)
    for (const waiter of waiters.splice(0)) waiter()
  }
  container.on('sender_open', ({ sender }: EventContext) => {
    if (sender) senders.unshift(sender)
  })
  container.on('sendable', flush)
  container.on('accepted', settled('accepted'))
  container.on('released', settled('released'))
  // Whoever hangs up has nothing to be told.
  container.on('disconnected', () => undefined)
  const server = container.listen({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    outcomes,
    /** Puts messages into the queue, and waits until as many have been settled. */
    async send(...bodies: object[]) {
      const wanted = outcomes.length + bodies.length
      waiting.push(...bodies)
      flush()
      while (outcomes.length < wanted) await new Promise<void>((resolve) => waiters.push(resolve))
    },
    async close() {
      for (const sender of senders) sender.connection.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('J7 J9 a stream over AMQP is read by the sub-type of each vehicle, and acknowledged when it is stored', async () => {
  const queue = await startQueue()
  try {
    const transport = { type: 'amqp', host: '127.0.0.1', port: queue.port, isTls: false, address: 'vehicles' }
    const fields = [
      { figure: 'latitude', reportedAs: 'y' },
      { figure: 'longitude', reportedAs: 'x' },
    ]
    const format = { kind: 'telematics', provider: 'Axodel', identity: 'unit', at: 'when', fields }
    await saveFeed(rig, 'axodel', form({ provider: 'Axodel', transport, format }))
    await rig.pass(1)
    const when = '2026-01-15T12:00:30Z'
    await queue.send(
      { unit: 'ax-1', when, battery: 61, miles: 1_000 },
      { unit: 'ax-2', when, soc_share: 0.5, key: 'off' },
    )
    expect(queue.outcomes).toEqual(['accepted', 'accepted'])
    expect(await readings('OLD 1')).toEqual([{ at: when, socPercent: 61, odometerKm: expect.closeTo(1_609.344, 6) }])
    expect(await readings('NEW 1')).toEqual([{ at: when, socPercent: 50, odometerKm: null }])
    expect(await rig.db.select().from(vehicleTelematics)).toContainEqual(
      expect.objectContaining({ vehicleId: 'NEW 1', isIgnitionOn: false, isAtDepot: null }),
    )
    // The older van no longer says its mileage: that has drifted, and its state of charge is taken all the same.
    await queue.send({ unit: 'ax-1', when: '2026-01-15T12:00:45Z', battery: 62 })
    expect(await readings('OLD 1')).toHaveLength(2)
    expect(await alarms('feed-drift')).toMatchObject([{ message: expect.stringContaining('miles: missing') }])
    expect(await feedOf(rig, 'axodel')).toMatchObject({ freshness: 'green', quarantinedRecords: 1 })
  } finally {
    await queue.close()
  }
})

test('J7 a stream whose server is gone fails, and is opened again when it is back', async () => {
  await rig.pass(1)
  expect((await feedOf(rig, 'axodel')).failuresInARow).toBeGreaterThan(0)
  const queue = await startQueue()
  try {
    const { version, feedId: _, ...rest } = await feedOf(rig, 'axodel')
    const { name, owner, provider, depotId, cadenceS, amberS, redS, transport, format } = rest
    const moved = { ...transport, port: queue.port }
    const body = { name, owner, provider, depotId, cadenceS, amberS, redS, transport: moved, format }
    expect(await saveFeed(rig, 'axodel', body, version)).toMatchObject({ status: 200 })
    await rig.pass(1)
    await queue.send({ unit: 'ax-1', when: rig.clock.now().toString(), battery: 63, miles: 1_001 })
    expect(await readings('OLD 1')).toHaveLength(3)
  } finally {
    await queue.close()
  }
})

test('H20 J7 a stranger is listed as unknown, registered in one step, and what it had reported is taken by a replay', async () => {
  const push = { params: { feedId: 'by-hand' } }
  const format = { kind: 'telematics', provider: 'Axodel', identity: 'unit', at: 'when', fields: [] }
  await saveFeed(rig, 'by-hand', form({ provider: 'Axodel', transport: { type: 'push' }, format }))
  const records = [{ unit: 'ax-9', when: '2026-01-15T12:01:00Z', battery: 20, miles: 1 }]
  const pushed = await rig.depotApi(fspFeedOperations.pushFeedRecords, { ...push, body: { records } })
  expect(pushed.body).toMatchObject({ taken: 0, kept: 1 })
  const unknown = await rig.depotApi(unknownOperations.listUnknown, { query: { kind: 'telematics' } })
  expect(unknown.body).toMatchObject([{ key: 'ax-9', place: 'Axodel' }])
  const registration = { registration: 'LATE 1', data: { provider: 'Axodel', delivery: 'stream', name: null } }
  const call = { params: { key: 'ax-9' }, body: registration }
  expect((await rig.depotApi(unknownOperations.registerUnknownTelematics, call)).status).toBe(200)
  expect((await rig.depotApi(unknownOperations.listUnknown, { query: { kind: 'telematics' } })).body).toEqual([])
  const params = { feedId: 'by-hand', fileId: pushed.body.files[0].fileId }
  const replayed = await rig.depotApi(fspFeedOperations.replayFeedFile, { params })
  expect(replayed.body).toMatchObject({ state: 'taken', taken: 1, kept: 0 })
  expect(await readings('LATE 1')).toMatchObject([{ socPercent: 20 }])
})

test('J8 EXC02 EXC03 a vehicle of a batch that falls silent while others report is amber after 3 min and red after 5', async () => {
  let isBoth = true
  const at = () => rig.clock.now().toString()
  const supplier = await startHttp((_, response) => {
    const of = (id: string) => ({ id, time: at(), soc: 40, lat: 51.5, lon: -0.1 })
    response.end(JSON.stringify({ vehicles: [of('mb-1'), ...(isBoth ? [of('mb-2')] : [])] }))
  })
  try {
    const fields = [soc('soc'), { figure: 'latitude', reportedAs: 'lat' }, { figure: 'longitude', reportedAs: 'lon' }]
    const places = [{ depotId: 'yard', latitude: 51.501, longitude: -0.1 }]
    const format = { kind: 'telematics', provider: 'Mercedes', identity: 'id', at: 'time', fields, places }
    const transport = { type: 'http', url: supplier.url, recordsIn: 'vehicles' }
    await saveFeed(rig, 'mercedes', form({ provider: 'Mercedes', transport, format }))
    await rig.pass(1)
    const ofMercedes = async () =>
      (await alarms('soc-stale')).filter(({ sourceId }: { sourceId: string }) => sourceId.startsWith('MERC'))
    isBoth = false
    await rig.pass(3)
    expect(await ofMercedes()).toEqual([])
    await rig.pass(1)
    expect(await ofMercedes()).toMatchObject([{ sourceId: 'MERC 2', level: 'amber' }])
    await rig.pass(2)
    expect(await ofMercedes()).toMatchObject([{ sourceId: 'MERC 2', level: 'red', depotId: 'yard' }])
    // 0.001° of latitude are 111 m: within the 200 m of the depot.
    expect(await rig.db.select().from(vehicleTelematics)).toContainEqual(
      expect.objectContaining({ vehicleId: 'MERC 1', isAtDepot: true }),
    )
  } finally {
    await supplier.close()
  }
})

test('J8 where a vehicle was is kept nowhere: not in files, faults, or what feeds show', async () => {
  const fields = [soc('soc'), { figure: 'latitude', reportedAs: 'a1' }, { figure: 'longitude', reportedAs: 'a2' }]
  const format = { kind: 'telematics', provider: 'Mercedes', identity: 'id', at: 'time', fields }
  await saveFeed(rig, 'private', form({ provider: 'Mercedes', transport: { type: 'push' }, format }))
  const at = rig.clock.now().toString()
  const records = [
    { id: 'mb-1', time: at, soc: 70, a1: 51.987_654, a2: -0.123_456, gpsHeading: 51.987_654 },
    { id: 'nobody', time: at, soc: 70, a1: 51.987_654, a2: 1 },
  ]
  await rig.depotApi(fspFeedOperations.pushFeedRecords, { params: { feedId: 'private' }, body: { records } })
  const files = await rig.db.select().from(feedFile)
  const kept = files.filter(({ feedId }) => feedId === 'private')
  expect(kept).toMatchObject([{ sha256: createHash('sha256').update(JSON.stringify(records)).digest('hex') }])
  expect(kept[0]?.content?.toString()).toContain('"soc":70')
  const shown = [kept[0]?.content?.toString(), await rig.db.select().from(feedFault), await feedOf(rig, 'private')]
  expect(JSON.stringify(shown)).not.toContain('51.987654')
})

test('J10 journeys of vehicles with engines are checked, kept and exported for planning', async () => {
  const trips = { kind: 'trips' }
  await saveFeed(
    rig,
    'trimble',
    form({ provider: 'Trimble', transport: { type: 'push' }, format: trips, cadenceS: 2_592_000 }),
  )
  const body = [
    'vehicle,started_at,ended_at,distance_miles,end_postcode',
    'VO18 ABC,2026-01-14T07:00:00Z,2026-01-14T07:30:00Z,10,SW1A 1AA',
    'VO18 ABC,2026-01-14T09:00:00Z,2026-01-14T08:30:00Z,10,',
    'VO18 ABC,2026-01-14T09:00:00Z,2026-01-14T09:10:00Z,500,',
    '',
  ].join('\n')
  const call = { params: { feedId: 'trimble' }, query: { name: '2026-01.csv' }, body }
  expect((await rig.depotApi(fspFeedOperations.uploadFeedFile, call)).body).toMatchObject({ taken: 1, kept: 2 })
  const exported = await rig.depotApi(fspFeedOperations.exportTrips, { query: { feedId: 'trimble' } })
  expect(exported.body.trim().split(/\r?\n/)).toEqual([
    'feed,vehicle,started_at,ended_at,distance_km',
    'trimble,VO18 ABC,2026-01-14T07:00:00Z,2026-01-14T07:30:00Z,16.09344',
  ])
})
