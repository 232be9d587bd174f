import { expect, test } from 'vitest'
import { routeOperations } from '../../schemas/fsp/routes.ts'
import { type Rig, startRig } from './support/rig.ts'

const { compareRoutes, exportRouteComparison, listForeignLimits } = routeOperations
const day = { from: '2026-01-15T00:00:00Z', to: '2026-01-16T00:00:00Z' }
const limitsOf = async (rig: Rig) => (await rig.depotApi(listForeignLimits)).body

/** A charge at 20 A that the unit has acknowledged. */
async function charging(options = {}) {
  const rig = await startRig('2026-01-15T12:00:00Z', options)
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await rig.pass(1)
  const transactionId = await unit.plugIn(1, 'yard-001')
  await rig.offer(20)
  await rig.pass(1)
  expect(unit.limits(1)).toEqual([20])
  let energyWh = 0
  /** A minute at a current. */
  const draw = async (ampere: number) => {
    await rig.pass(1)
    energyWh += Math.round((ampere * 230) / 60)
    await unit.meter(1, transactionId, energyWh, ampere * 230)
  }
  return { rig, unit, transactionId, draw }
}

test('I3 set points are counted by route, model, depot and day with their latency, effect, losses, retries and cost', async () => {
  const { rig, unit, draw } = await charging({ messageCostsGbp: { direct: 0.002 } })
  await draw(20)
  unit.answers = ['Rejected']
  await rig.offer(10)
  await rig.pass(1)
  await draw(10)
  // One standing limit, 20 A, 10 A refused, and 10 A.
  const { body } = await rig.depotApi(compareRoutes, { query: { ...day, by: 'model,depot,day' } })
  expect(body).toEqual([
    {
      route: 'direct',
      model: 'single',
      depotId: 'yard',
      day: '2026-01-15',
      messages: 4,
      accepted: 3,
      refused: 1,
      lost: 0,
      retries: 1,
      lossShare: 0,
      latencyMedianMs: 0,
      latencyP95Ms: 0,
      effectsSeen: 1,
      effectMedianMs: expect.any(Number),
      effectP95Ms: expect.any(Number),
      costGbp: 0.008,
      costPerSetpointGbp: 0.008 / 3,
    },
  ])
  expect(body[0].effectMedianMs).toBeGreaterThan(0)
  expect(body[0].effectMedianMs).toBeLessThanOrEqual(120_000)
  const file = (await rig.depotApi(exportRouteComparison, { query: day })).body
  expect(file.split('\r\n').slice(0, 2)[1]).toMatch(/^direct,,,,4,3,1,0,1,0,0,0,1,/)
  const wrong = await rig.depotApi(compareRoutes, { query: { from: day.to, to: day.from } })
  expect(wrong.status).toBe(422)
})

test('I5 a socket that draws more than our set point is under a foreign limit, until it keeps ours again', async () => {
  const { rig, draw } = await charging()
  for (const ampere of [20, 20]) await draw(ampere)
  expect(await limitsOf(rig)).toEqual([])
  for (const ampere of [30, 30, 30]) await draw(ampere)
  await rig.pass(1)
  expect(await limitsOf(rig)).toMatchObject([
    { identity: 'yard-01', connector: 1, kind: 'above', seenBy: 'meter', limitA: 20, seenA: 30, endedAt: null },
  ])
  await rig.restart()
  expect(await limitsOf(rig)).toMatchObject([{ kind: 'above', endedAt: null }])
})

test('I5 a unit that allows less than we do says so by its composite schedule; one that is full does not count', async () => {
  const { rig, unit, draw } = await charging()
  let allowedA = 20
  unit.on('GetCompositeSchedule', () => ({
    status: 'Accepted',
    connectorId: 1,
    scheduleStart: rig.clock.now().toString(),
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: allowedA }] },
  }))
  for (const ampere of [12, 11, 10]) await draw(ampere)
  await rig.pass(1)
  expect(await limitsOf(rig)).toEqual([])
  allowedA = 10
  for (let minute = 0; minute < 8; minute++) await draw(10)
  expect(await limitsOf(rig)).toMatchObject([{ kind: 'below', seenBy: 'schedule', seenA: 10, endedAt: null }])
  allowedA = 32
  for (let minute = 0; minute < 8; minute++) await draw(10)
  expect(await limitsOf(rig)).toMatchObject([{ kind: 'below', endedAt: expect.any(String) }])
})

test('I5 what a unit allowed before our limit rose is not held against the new one', async () => {
  const { rig, unit, draw } = await charging()
  unit.on('GetCompositeSchedule', () => ({
    status: 'Accepted',
    connectorId: 1,
    scheduleStart: rig.clock.now().toString(),
    chargingSchedule: {
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: unit.limits(1).at(-1) ?? 0 }],
    },
  }))
  // The optimiser lowers the limit to 12 A, and raises it again when the vehicle draws up to that.
  for (const ampere of [10, 10, 10, 10, 12, 10, 10]) await draw(ampere)
  expect(unit.limits(1)).toEqual(expect.arrayContaining([12, 20]))
  expect(unit.limits(1).at(-1)).toBeGreaterThan(12)
  expect(await limitsOf(rig)).toEqual([])
})
