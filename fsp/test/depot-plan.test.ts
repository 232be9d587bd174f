import { asc } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { type DepotPlan, depotPlanOperations } from '../../schemas/fsp/depot-plan.ts'
import { processOperations } from '../../schemas/fsp/processes.ts'
import { defaultOptions } from '../../schemas/fsp/registers/calendars.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { createClient } from '../../test/support/client.ts'
import { depotMinute, sessionMinute } from '../history/tables.ts'
import { type Rig, startRig } from './support/rig.ts'

const { profiledConnections, depotOptions, tariffPeriods, flexibilityEvents } = registerGroups
const {
  duplicateProfiledConnection,
  explainDepot,
  injectFault,
  listFaults,
  readBufferAdequacy,
  readDepotAverages,
  readDepotHistory,
  readDepotPlan,
  readSessionPower,
  viewProfiledConnection,
} = depotPlanOperations

const everyDay = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** 20 kW from 13:00 to 14:00 on one Thursday, the connection's limit otherwise. */
const lunch = {
  depotId: 'yard',
  name: 'Lunch',
  from: '2026-01-15',
  to: '2026-01-15',
  weekdays: everyDay,
  steps: [
    { from: '00:00', limitW: 100_000 },
    { from: '13:00', limitW: 20_000 },
    { from: '14:00', limitW: 100_000 },
  ],
}

async function person(
  rig: Rig,
  role: string,
): Promise<(operation: never, call: object) => Promise<{ status: number }>> {
  const password = 'a pass phrase of the test'
  const body = { username: role, fullName: role, password, role, depotIds: role === 'depot-admin' ? ['yard'] : null }
  const chief = createClient(rig.fsp.url, { authorization: `Bearer ${await rig.tokenOf()}` })
  if (role !== 'sys-admin') await chief.ask(depotAccessOperations.createDepotAccount, { body })
  const token = await rig.tokenOf(role === 'sys-admin' ? undefined : { username: role, password })
  const client = createClient(rig.fsp.url, { authorization: `Bearer ${token}` })
  return (operation, call) => client.ask(operation, call)
}

test.each([['sys-admin'], ['fleet-admin'], ['depot-admin']])(
  'PCM01 PCM02 PCM03 PCM04 PCM05 a %s adds, edits, views, duplicates and deletes a profiled connection',
  async (role) => {
    const rig = await startRig()
    const ask = (await person(rig, role)) as unknown as ReturnType<typeof createClient>['ask']
    const key = 'lunch'
    const put = (data: object, version: string | null) =>
      ask(profiledConnections.put, { params: { key }, body: { data }, version })
    expect((await put(lunch, null)).status).toBe(200)
    const edited = { ...lunch, steps: [{ from: '00:00', limitW: 50_000 }] }
    expect((await put(edited, null)).status).toBe(412)
    const changed = await put(edited, '1')
    expect([changed.status, changed.body.version]).toEqual([200, 2])
    const graph = await ask(viewProfiledConnection, { params: { depotId: 'yard', key } })
    // A Thursday in winter has 96 quarter-hours, each at 50 kW of a connection of 100 kVA.
    expect([graph.body.day, graph.body.isCovered, graph.body.points.length]).toEqual(['2026-01-15', true, 96])
    expect(graph.body.points[0]).toEqual({ from: '2026-01-15T00:00:00Z', limitW: 50_000, connectionW: 100_000 })
    const outside = await ask(viewProfiledConnection, {
      params: { depotId: 'yard', key },
      query: { day: '2026-01-16' },
    })
    expect([outside.body.isCovered, outside.body.points[50].limitW]).toEqual([false, null])
    const copy = { key: 'lunch-2', name: 'Lunch again', from: '2026-01-16', to: '2026-01-16' }
    const duplicate = () => ask(duplicateProfiledConnection, { params: { depotId: 'yard', key }, body: copy })
    expect([(await duplicate()).status, (await duplicate()).status]).toEqual([200, 412])
    const retire = { params: { key }, body: { reason: 'over' }, version: '2' }
    expect((await ask(profiledConnections.retire, retire)).status).toBe(200)
    const left = await ask(profiledConnections.list)
    expect(left.body.map((each: { key: string; data: object }) => [each.key, each.data])).toEqual([
      ['lunch-2', { ...edited, name: 'Lunch again', from: '2026-01-16', to: '2026-01-16' }],
    ])
  },
)

test('PCM01 a profiled connection that ends before it begins, or of no depot, is refused by its field', async () => {
  const rig = await startRig()
  const put = (data: object) =>
    rig.depotApi(profiledConnections.put, { params: { key: 'x' }, body: { data }, version: null })
  const backwards = await put({ ...lunch, to: '2026-01-14' })
  expect([backwards.status, backwards.body.errors[0].field]).toEqual([422, 'data.to'])
  const nowhere = await put({ ...lunch, depotId: 'nowhere' })
  expect([nowhere.status, nowhere.body.errors[0].field]).toEqual([422, 'data.depotId'])
  expect((await rig.depotApi(profiledConnections.list)).body).toEqual([])
})

test('PCM06 set points stay within a profiled connection of one date before, during and after it', async () => {
  const rig = await startRig('2026-01-15T12:50:00Z')
  const [one, twin] = [rig.chargePoint('yard-01'), rig.chargePoint('yard-02')]
  await one.boot()
  await twin.boot()
  const ids = [await one.plugIn(1, 'yard-001'), await twin.plugIn(1, 'yard-002'), await twin.plugIn(2, 'yard-003')]
  expect(ids).toHaveLength(3)
  await rig.depotApi(profiledConnections.put, { params: { key: 'lunch' }, body: { data: lunch }, version: null })
  const sums: number[] = []
  for (let minute = 0; minute < 80; minute++) {
    // The building takes 10 kW: of 20 kW there are 10 kW, or 43 A, left; of the agreed 90 kW enough for all three.
    const { sockets } = await rig.depotState()
    const evLoadW = sockets.reduce((sum, { powerW }) => sum + (powerW ?? 0), 0)
    await rig.siteLoad(10_000 + evLoadW)
    await rig.pass(1)
    sums.push((await rig.depotState()).sockets.reduce((sum, { setpointA }) => sum + (setpointA ?? 0), 0))
  }
  // The minutes that end at 12:51 to 13:00, at 13:01 to 14:00, and after.
  const [before, during, after] = [sums.slice(2, 9), sums.slice(10, 69), sums.slice(71)]
  expect(new Set(before)).toEqual(new Set([96]))
  expect(Math.max(...during)).toBeLessThanOrEqual(43)
  expect(Math.min(...during)).toBeGreaterThanOrEqual(42)
  expect(new Set(after)).toEqual(new Set([96]))
})

test('H16 a function that is switched off is not used, who switched it is on record, and what the DNO sends holds always', async () => {
  const rig = await startRig('2026-01-15T13:05:00Z')
  await rig.depotApi(profiledConnections.put, { params: { key: 'lunch' }, body: { data: lunch }, version: null })
  await rig.siteLoad(10_000)
  await rig.pass(1)
  expect((await rig.depotState()).decision).toMatchObject({ capacityW: 20_000, binding: 'calendar' })
  const data = { depotId: 'yard', ...defaultOptions, profiledConnection: false }
  await rig.depotApi(depotOptions.put, { params: { key: 'yard' }, body: { data, reason: 'trial' }, version: null })
  await rig.pass(1)
  // The 90 kW of the seed are a profile too.
  expect((await rig.depotState()).decision).toMatchObject({ capacityW: 100_000, binding: 'connection' })
  const { body } = await rig.depotApi(depotOptions.history, { params: { key: 'yard' } })
  expect(body).toMatchObject([{ version: 1, changedBy: 'admin', reason: 'trial', data: { profiledConnection: false } }])
})

test('H12 an agreed event of the calendar takes its reduction off the capacity while it lasts; an offered one does not', async () => {
  const rig = await startRig()
  const event = {
    depotId: 'yard',
    name: 'Other market',
    from: '2026-01-15T12:10:00Z',
    to: '2026-01-15T12:20:00Z',
    reductionW: 60_000,
  }
  const put = (key: string, state: string, version: string | null) =>
    rig.depotApi(flexibilityEvents.put, { params: { key }, body: { data: { ...event, state } }, version })
  await put('e', 'offered', null)
  await rig.pass(11)
  await rig.siteLoad(5_000)
  await rig.pass(1)
  expect((await rig.depotState()).decision).toMatchObject({ capacityW: 90_000, headroomW: 85_000 })
  await put('e', 'agreed', '1')
  await rig.pass(1)
  expect((await rig.depotState()).decision).toMatchObject({ capacityW: 30_000, binding: 'flexibility-event' })
  await rig.pass(8)
  expect((await rig.depotState()).decision).toMatchObject({ capacityW: 90_000 })
})

let yard: Rig
let transactionId: number
beforeAll(async () => {
  yard = await startRig('2026-01-15T12:00:00Z', {}, afterAll)
  const unit = yard.chargePoint('yard-01')
  await unit.boot()
  transactionId = await unit.plugIn(1, 'yard-001')
  for (let minute = 0; minute < 30; minute++) {
    await unit.meter(1, transactionId, 100 * minute, 6_000)
    // A building of 14 kW; from 12:20 on it takes 90 kW, 6 kW more than there is beside the vehicle.
    await yard.siteLoad(minute < 20 ? 20_000 : 96_000)
    await yard.pass(1)
  }
}, 240_000)

test('TDB06 TDB07 TDB08 TDB09 the state has the depot’s load with its time, limit, buffer, EV load and headroom', async () => {
  // Capacity 90 kW (profile) of 100 kVA; site load 96 kW − 6 kW of the vehicle = 90 kW; headroom 90 − 96 + 6 − 0 = 0.
  expect((await yard.depotState()).decision).toMatchObject({
    siteLoadW: 96_000,
    siteLoadAt: '2026-01-15T12:29:00Z',
    bufferW: 0,
    evLoadW: 6_000,
    headroomW: 0,
    capacityW: 90_000,
    binding: 'own-profile',
    limits: [
      { source: 'connection', limitW: 100_000 },
      { source: 'own-profile', limitW: 90_000 },
    ],
  })
})

test('TDB10 TDB11 demand, headroom and capacity are recorded each minute, given by steps, and outlast a restart', async () => {
  const read = async () =>
    (
      await yard.depotApi(readDepotHistory, {
        query: { from: '2026-01-08T12:00:00Z', to: '2026-01-15T12:31:00Z', stepMinutes: 10 },
      })
    ).body.points
  const points = await read()
  // Full steps: 12:10 has a building of 14 kW and 6 kW of the vehicle, so 90 − 14 = 76 kW of headroom.
  expect(points[1]).toMatchObject({
    from: '2026-01-15T12:10:00Z',
    minutes: 10,
    buildingW: 14_000,
    evLoadW: 6_000,
    demandW: 20_000,
    headroomW: 76_000,
    capacityW: 90_000,
    binding: 'own-profile',
  })
  await yard.restart()
  expect((await read()).slice(0, 3)).toEqual(points.slice(0, 3))
  const tooMany = await yard.depotApi(readDepotHistory, {
    query: { from: '2026-01-08T12:00:00Z', to: '2026-01-15T12:00:00Z', stepMinutes: 1 },
  })
  // 7 × 1,440 minutes need steps of 10,080 / 2,000, so 6.
  expect([tooMany.status, tooMany.body.errors[0].message]).toEqual([
    422,
    'is too short for this span: take 6 minutes or more',
  ])
})

test('TDB12 averages by time of day count each recorded day once, and only days of the type', async () => {
  const rows = (await yard.db.select().from(depotMinute)).filter(({ at }) => at.toString() < '2026-01-15T12:15')
  const shifted = [1, 2, 5].flatMap((days) =>
    rows.map((row) => ({ ...row, at: row.at.minusSeconds(days * 86_400), buildingW: 14_000 + 1_000 * days })),
  )
  await yard.db.insert(depotMinute).values(shifted)
  const { body } = await yard.depotApi(readDepotAverages, { query: { days: 7 } })
  const noon = body.times.find(({ time }: { time: string }) => time === '12:00')
  // Wednesday 14th and Tuesday 13th; five days ago was a Saturday. (15 + 16) / 2 kW.
  expect(noon).toMatchObject({ days: 2, buildingW: 15_500 })
  const weekend = await yard.depotApi(readDepotAverages, { query: { days: 7, dayType: 'weekend' } })
  expect(weekend.body.times[0]).toMatchObject({ days: 1, buildingW: 19_000 })
})

test('TDB13 the plan reaches to the end of the second next working day, with each limit and its reason', async () => {
  await yard.depotApi(profiledConnections.put, {
    params: { key: 'ahead' },
    body: { data: { ...lunch, name: 'Ahead', from: '2026-01-16', to: '2026-01-16' } },
    version: null,
  })
  await yard.depotApi(tariffPeriods.put, {
    params: { key: 'peak' },
    body: {
      data: { depotId: 'yard', name: 'Peak', weekdays: ['monday'], from: '16:00', to: '19:00', pencePerKwh: 40 },
    },
    version: null,
  })
  const plan = (await yard.depotApi(readDepotPlan)).body as DepotPlan
  // From Thursday noon over the weekend to the end of Monday.
  expect(plan.until).toBe('2026-01-20T00:00:00Z')
  const at = (from: string) => plan.periods.find((each) => each.from === from)
  expect(at('2026-01-16T13:00:00Z')).toMatchObject({ capacityW: 20_000, binding: 'calendar' })
  expect(at('2026-01-16T13:00:00Z')?.limits).toContainEqual({ source: 'calendar', name: 'Ahead', limitW: 20_000 })
  expect(at('2026-01-16T14:00:00Z')).toMatchObject({ capacityW: 90_000, binding: 'own-profile' })
  expect([at('2026-01-19T15:45:00Z')?.tariff, at('2026-01-19T16:00:00Z')?.tariff]).toEqual([null, 'Peak'])
  // The seed's building: 20 kW by day, 10 kW by night, where nothing is recorded.
  expect(at('2026-01-16T03:00:00Z')).toMatchObject({ buildingW: 10_000, buildingBasis: 'typical', headroomW: 80_000 })
})

test('H21 the buffer’s adequacy counts the minutes over the capacity, and says what would have been enough', async () => {
  const { body } = await yard.depotApi(readBufferAdequacy, { query: { days: 1 } })
  // Ten minutes at 96 kW of 90 kW.
  expect(body).toMatchObject({ minutesOver: 10, mostOverW: 6_000, minutesInBuffer: 10, enoughW: 6_000, bufferW: 0 })
})

test('H6 the power of a charge is kept by the minute with its limit', async () => {
  const { body } = await yard.depotApi(readSessionPower, { params: { depotId: 'yard', transactionId } })
  expect(body).toMatchObject({ transactionId, identity: 'yard-01', connector: 1 })
  // It draws 6,000 W / 230 V = 26.1 A under 32 A: 27 A, and 2 A more to show that it could use them.
  expect(body.minutes[10]).toMatchObject({ powerW: 6_000, limitA: 29 })
  expect(await yard.db.select().from(sessionMinute).orderBy(asc(sessionMinute.at))).not.toHaveLength(0)
  const none = await yard.depotApi(readSessionPower, { params: { depotId: 'yard', transactionId: 999_999 } })
  expect(none.status).toBe(404)
})

test('H24 the cycle of a depot tells when it ran, how long it took, and how many set points went out', async () => {
  // Its link is gone with the restart: a new charge is given a limit when it is back.
  const unit = yard.chargePoint('yard-03')
  await unit.boot()
  await unit.plugIn(1, 'yard-003')
  await yard.siteLoad(10_000)
  await yard.pass(2)
  const sent = unit.limits(1).length
  expect(sent).toBeGreaterThan(0)
  const minutes = await yard.db.select().from(depotMinute)
  const recorded = minutes.filter(({ at }) => at.toString() > '2026-01-15T12:30:00Z')
  expect(recorded.reduce((sum, { setpoints }) => sum + setpoints, 0)).toBe(sent)
  const { body } = await yard.depotApi(processOperations.listProcesses)
  const cycle = body.find(({ process }: { process: string }) => process === 'cycle')
  expect(cycle).toMatchObject({ subject: 'yard', lastRunAt: yard.clock.now().toString(), failures: 0, lastError: null })
  expect(cycle.figures.setpointsLastHour).toBe(sent)
  expect(cycle.lastDurationMs).toBeGreaterThan(0)
  expect(cycle.runs).toBeGreaterThanOrEqual(2)
  expect(cycle.figures.runsLastHour).toBeGreaterThanOrEqual(2)
  // It outlasts a restart, unlike what is only in memory.
  await yard.restart()
  const after = (await yard.depotApi(processOperations.listProcesses)).body
  expect(after.find(({ process }: { process: string }) => process === 'cycle').runs).toBe(cycle.runs)
})

test('a fault is pretended in test mode only, is decided with, and ends with the mode', async () => {
  const rig = await startRig()
  const inject = (kind: string) => rig.depotApi(injectFault, { body: { kind, minutes: 5 } })
  expect((await inject('site-load-lost')).status).toBe(409)
  const { setControlMode } = depotOperations
  await rig.depotApi(setControlMode, { body: { mode: 'test' } })
  await rig.siteLoad(15_000)
  await rig.pass(1)
  expect((await rig.depotState()).decision?.staleSiteLoad).toBe(false)
  expect((await inject('site-load-lost')).status).toBe(200)
  await rig.pass(1)
  // 20 kW by day and a fifth: the conservative figure.
  expect((await rig.depotState()).decision).toMatchObject({ staleSiteLoad: true, buildingW: 24_000 })
  await rig.depotApi(setControlMode, { body: { mode: 'live' } })
  expect((await rig.depotApi(listFaults)).body).toEqual([])
  await rig.pass(1)
  expect((await rig.depotState()).decision?.staleSiteLoad).toBe(false)
})

test('every set point is explained: which limit bound it, its place, and what its priority rests on', async () => {
  const rig = await startRig()
  const [one, two] = [rig.chargePoint('yard-01'), rig.chargePoint('yard-03')]
  await one.boot()
  await two.boot()
  await one.plugIn(1, 'yard-001')
  await two.plugIn(1, 'yard-002')
  await rig.offer(40)
  await rig.pass(1)
  const { body } = await rig.depotApi(explainDepot)
  expect(body.binding).toBe('own-profile')
  expect(body.sockets).toMatchObject([
    {
      identity: 'yard-01',
      limitA: 32,
      rank: 1,
      boundBy: null,
      isCommanded: true,
      sentence: '32 A, place 1: all that it can use.',
    },
    {
      identity: 'yard-03',
      limitA: 8,
      rank: 2,
      boundBy: 'connection',
      sentence: '8 A, place 2: the site’s headroom under the profile of the register is used up by those before it.',
      // No vehicle of the rig is registered: the next working morning at 06:00, and 20 kWh.
      priority: { departureAt: '2026-01-16T06:00:00Z', missingWh: 20_000, basis: 'assumed', socBasis: 'unknown' },
    },
  ])
})
