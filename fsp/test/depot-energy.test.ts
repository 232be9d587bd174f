import { expect, test } from 'vitest'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { type DepotExplanation, type DepotPlan, depotPlanOperations } from '../../schemas/fsp/depot-plan.ts'
import { defaultOptions } from '../../schemas/fsp/registers/calendars.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { routeOperations } from '../../schemas/fsp/routes.ts'
import { instantOf } from '../../schemas/vocabulary/time.ts'
import { vehicleReading } from '../vehicles/tables.ts'
import { type Rig, startRig } from './support/rig.ts'

const { depotOptions, evSchedules, evTypes, evs, models, priorityWeights, tariffPeriods } = registerGroups
const { explainDepot, readDepotPlan } = depotPlanOperations

const van = {
  name: 'Van',
  make: 'Maker',
  usableBatteryWh: 45_000,
  acPowerW: 7_360,
  phases: 1,
  taper: [],
  subTypes: [],
}

/** Two vans with the first two tokens of the yard, and what each last reported. */
async function withVans(start: string, socPercents: readonly [number, number]): Promise<Rig> {
  const rig = await startRig(start)
  await rig.depotApi(evTypes.put, { params: { key: 'van' }, body: { data: van }, version: null })
  for (const [i, socPercent] of socPercents.entries()) {
    const data = {
      depotId: 'yard',
      evType: 'van',
      subType: null,
      idTag: `yard-00${i + 1}`,
      telematicsId: null,
      vehicleIdentity: null,
    }
    const made = await rig.depotApi(evs.put, { params: { key: `VAN ${i + 1}` }, body: { data }, version: null })
    expect(made.status).toBe(200)
    const at = instantOf(start).minusSeconds(600)
    await rig.db
      .insert(vehicleReading)
      .values({ vehicleId: `VAN ${i + 1}`, at, receivedAt: at, socPercent, source: 'a test' })
  }
  // Readings that came before it are known after its start.
  await rig.restart()
  return rig
}

const explanation = async (rig: Rig) => (await rig.depotApi(explainDepot)).body as DepotExplanation

test('H9 H10 of two vans that leave alike the one with the lower state of charge is served first, and the state says why', async () => {
  const rig = await withVans('2026-01-15T12:00:00Z', [80, 20])
  const [one, two] = [rig.chargePoint('yard-01'), rig.chargePoint('yard-03')]
  await one.boot()
  await two.boot()
  await one.plugIn(1, 'yard-001')
  await two.plugIn(1, 'yard-002')
  await rig.offer(40)
  await rig.pass(1)
  await rig.pass(1)
  expect([one.limits(1).at(-1), two.limits(1).at(-1)]).toEqual([8, 32])
  expect((await explanation(rig)).sockets).toMatchObject([
    // 80 % of 45 kWh are missing, through a charger of 0.9: 40 kWh.
    { registration: 'VAN 2', rank: 1, priority: { socPercent: 20, socBasis: 'telematics', missingWh: 40_000 } },
    { registration: 'VAN 1', rank: 2, priority: { socPercent: 80, missingWh: 10_000, basis: 'assumed' } },
  ])
  // With priority off, first come is first served.
  const data = { depotId: 'yard', ...defaultOptions, priority: false }
  await rig.depotApi(depotOptions.put, { params: { key: 'yard' }, body: { data }, version: null })
  await rig.pass(1)
  const [first] = (await explanation(rig)).sockets
  expect(first).toMatchObject({ registration: 'VAN 1', limitA: 32, priority: { basis: 'arrival' } })
})

test('H14 a departure within the hour goes before a low battery, and a raise waits until the other has taken its lower limit', async () => {
  const rig = await withVans('2026-01-15T12:00:00Z', [20, 80])
  const [one, two] = [rig.chargePoint('yard-01'), rig.chargePoint('yard-03')]
  await one.boot()
  await two.boot()
  await one.plugIn(1, 'yard-001')
  await two.plugIn(1, 'yard-002')
  await rig.offer(40)
  await rig.pass(2)
  expect([one.limits(1).at(-1), two.limits(1).at(-1)]).toEqual([32, 8])
  one.answers = Array(3).fill('Rejected')
  const data = {
    depotId: 'yard',
    weekly: [{ weekday: 'thursday', leavesAt: '12:40', needWh: 40_000 }],
    exceptions: [],
    chargesEverySecondDay: false,
    reservePercent: 0,
  }
  const put = await rig.depotApi(evSchedules.put, { params: { key: 'VAN 2' }, body: { data }, version: null })
  expect(put.status).toBe(200)
  await rig.clock.advanceTo(rig.clock.now().plusSeconds(10))
  // It holds 32 of 40 A, whatever it was told: no more than 8 A may go to the other.
  expect([one.limits(1).at(-1), two.limits(1).at(-1)]).toEqual([8, 8])
  expect((await explanation(rig)).sockets[0]).toMatchObject({ registration: 'VAN 2', limitA: 32, isWaiting: true })
  await rig.pass(2)
  expect(two.limits(1).at(-1)).toBe(32)
})

test('H13 H16 load is moved out of dear times while the tariff is on, and vehicles are still full when they leave', async () => {
  const rig = await withVans('2026-01-15T18:45:00Z', [50, 50])
  const peak = { depotId: 'yard', name: 'Peak', weekdays: ['thursday'], from: '16:00', to: '19:00', pencePerKwh: 40 }
  await rig.depotApi(tariffPeriods.put, { params: { key: 'peak' }, body: { data: peak }, version: null })
  const cheap = { depotId: 'yard', ...defaultOptions, otherPencePerKwh: 10 }
  await rig.depotApi(depotOptions.put, { params: { key: 'yard' }, body: { data: cheap }, version: null })
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  const minute = async () => {
    await rig.siteLoad(10_000)
    await rig.pass(1)
  }
  for (let i = 0; i < 3; i++) await minute()
  expect(unit.limits(1).at(-1)).toBe(0)
  expect((await explanation(rig)).sockets[0]).toMatchObject({ limitA: 0, boundBy: 'plan' })
  const plan = (await rig.depotApi(readDepotPlan)).body as DepotPlan
  // Half of 45 kWh through 0.9 is 25 kWh, at 10 p: it leaves at 06:00, and there is room for all of it after the peak.
  expect(plan.energy).toMatchObject({ shortWh: 0, costPence: 250 })
  expect(plan.periods.find(({ from }) => from === '2026-01-15T18:45:00Z')).toMatchObject({
    tariff: 'Peak',
    pencePerKwh: 40,
    evLoadW: 0,
    evLoadBasis: 'plan',
  })
  expect(plan.periods.find(({ from }) => from === '2026-01-15T19:00:00Z')).toMatchObject({
    tariff: null,
    evLoadW: 7_360,
  })
  const off = { ...cheap, tariff: false }
  await rig.depotApi(depotOptions.put, { params: { key: 'yard' }, body: { data: off }, version: '1' })
  await minute()
  await minute()
  expect(unit.limits(1).at(-1)).toBe(32)
  expect((await rig.depotApi(readDepotPlan)).body.energy).toBeNull()
  await rig.depotApi(depotOptions.put, { params: { key: 'yard' }, body: { data: cheap }, version: '2' })
  for (let i = 0; i < 3; i++) await minute()
  expect(unit.limits(1).at(-1)).toBe(0)
  for (let i = 0; i < 8; i++) await minute()
  expect(unit.limits(1).at(-1)).toBe(32)
})

test('H15 weights are versions with who and when, and there is one set of them', async () => {
  const rig = await startRig()
  const put = (key: string, data: object, version: string | null) =>
    rig.depotApi(priorityWeights.put, { params: { key }, body: { data }, version })
  expect((await put('fleet', { schedule: 1, stateOfCharge: 0 }, null)).status).toBe(200)
  expect((await put('fleet', { schedule: 2, stateOfCharge: 3 }, '1')).status).toBe(200)
  const { body } = await rig.depotApi(priorityWeights.history, { params: { key: 'fleet' } })
  expect(body).toMatchObject([
    { version: 1, data: { stateOfCharge: 0 }, validTo: '2026-01-15T12:00:00Z' },
    { version: 2, data: { schedule: 2 }, changedBy: 'admin' },
  ])
  const wrong = [
    await put('other', { schedule: 1, stateOfCharge: 1 }, null),
    await put('fleet', { schedule: 0, stateOfCharge: 0 }, '2'),
  ]
  expect(wrong.map(({ status, body: problem }) => [status, problem.errors[0].field])).toEqual([
    [422, 'data.key'],
    [422, 'data.schedule'],
  ])
})

test('I10 a unit that takes one socket at a time is given set points for one, and the other is counted with its standing limit', async () => {
  const rig = await startRig()
  const { body: twin } = await rig.depotApi(models.read, { params: { key: 'twin' } })
  const data = { ...twin.data, coupling: 'one-at-a-time' }
  const put = await rig.depotApi(models.put, { params: { key: 'twin' }, body: { data }, version: '1' })
  expect(put.status).toBe(200)
  const unit = rig.chargePoint('yard-02')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await unit.plugIn(2, 'yard-002')
  await rig.offer(30)
  await rig.pass(2)
  // Both are as urgent: the first by its key. Of 30 A the other may draw its standing 6 A.
  expect(unit.limits(1).at(-1)).toBe(24)
  expect(unit.limits(2).filter((ampere) => ampere > 6)).toEqual([])
  const [, other] = (await explanation(rig)).sockets
  expect(other).toMatchObject({ connector: 2, isCommanded: false, boundBy: 'one-socket-at-a-time', limitA: 6 })
})

test('I10 what such a unit has dropped for the other socket no longer counts, and is no limit of somebody else', async () => {
  const rig = await withVans('2026-01-15T12:00:00Z', [20, 80])
  const { body: twin } = await rig.depotApi(models.read, { params: { key: 'twin' } })
  const data = { ...twin.data, coupling: 'one-at-a-time' }
  await rig.depotApi(models.put, { params: { key: 'twin' }, body: { data }, version: '1' })
  const unit = rig.chargePoint('yard-02')
  await unit.boot()
  await unit.plugIn(2, 'yard-002')
  await rig.offer(30)
  await rig.pass(2)
  expect(unit.limits(2).at(-1)).toBe(30)
  // The other needs more and goes before it: the unit forgets 30 A, and the first may draw its standing 6 A.
  await unit.plugIn(1, 'yard-001')
  await rig.pass(3)
  expect((await explanation(rig)).sockets).toMatchObject([
    { connector: 1, isCommanded: true },
    { connector: 2, limitA: 6 },
  ])
  expect(unit.limits(1).at(-1)).toBe(24)
  const { body: foreign } = await rig.depotApi(routeOperations.listForeignLimits)
  expect(foreign).toEqual([])
})

test('H4 a charge point of three phases counts with all of them, and its phases from the register', async () => {
  const rig = await startRig()
  const { body: single } = await rig.depotApi(models.read, { params: { key: 'single' } })
  await rig.depotApi(models.put, {
    params: { key: 'single' },
    body: { data: { ...single.data, phases: 3 } },
    version: '1',
  })
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await rig.offer(40)
  await rig.pass(1)
  // 40 A of one phase are 13.3 A on three.
  expect(unit.limits(1).at(-1)).toBe(13)
  expect((await rig.depotApi(depotOperations.readDepot)).body.decision.budgetW).toBe(40 * 230)
})
