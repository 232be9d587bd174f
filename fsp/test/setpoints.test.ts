import { asc, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { chargingTransaction, setpoint } from '../chargepoints/tables.ts'
import { type Rig, startRig } from './support/rig.ts'

const results = (rig: Rig) => rig.db.select().from(setpoint).orderBy(asc(setpoint.setpointId))
const sequence = [32, 16, 8, 0, 18, 10, 32]

/** Offers a depot one current after the other, a minute apart. */
async function play(rig: Rig, ampere: readonly number[]): Promise<void> {
  for (const each of ampere) {
    await rig.offer(each)
    await rig.pass(1)
  }
}

test('SET03 a set point is an absolute profile that ends by itself, above a standing safe limit, and its result is recorded', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await rig.pass(1)
  const transactionId = await unit.plugIn(1, 'yard-001')
  await rig.offer(20)
  await rig.pass(1)
  const [standing, own] = [unit.received[0], unit.received.at(-1)]
  expect(standing).toMatchObject({ connectorId: 0, profile: { chargingProfilePurpose: 'TxDefaultProfile' } })
  expect(standing?.profile.chargingSchedule.chargingSchedulePeriod).toEqual([{ startPeriod: 0, limit: 6 }])
  expect(standing?.profile.validTo).toBeUndefined()
  expect(own?.profile).toMatchObject({
    transactionId,
    chargingProfileKind: 'Absolute',
    stackLevel: 1,
    chargingSchedule: { chargingRateUnit: 'A', startSchedule: own?.at.toString() },
    validTo: own?.at.plusSeconds(900).toString(),
  })
  expect((await results(rig)).at(-1)).toMatchObject({ connector: 1, limitA: 20, attempt: 1, result: 'accepted' })
})

test('SET03 a set point that is rejected is tried again within its expiry, and each attempt is recorded', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await rig.offer(20)
  await rig.pass(1)
  await unit.plugIn(1, 'yard-001')
  unit.answers = ['Rejected', 'Rejected']
  await rig.pass(2)
  const own = (await results(rig)).filter((row) => row.connector === 1)
  expect(own.map(({ attempt, result, limitA }) => [attempt, result, limitA])).toEqual([
    [1, 'rejected', 20],
    [2, 'rejected', 20],
    [3, 'accepted', 20],
  ])
  expect(new Set(own.map((row) => row.decidedAt.toString())).size).toBe(1)
})

test('SET03 a standing limit that was not taken is sent again, five times at most, and people hear of it at the second failure', async () => {
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const rig = await startRig(undefined, { log })
  const [lucky, stubborn] = [rig.chargePoint('yard-01'), rig.chargePoint('yard-03')]
  lucky.answers = ['Rejected']
  stubborn.answers = Array.from({ length: 10 }, () => 'Rejected' as const)
  await lucky.boot()
  await stubborn.boot()
  await rig.pass(10)
  const ofUnit = async (identity: string) =>
    (await results(rig)).filter((row) => row.identity === identity).map(({ attempt, result }) => [attempt, result])
  expect(await ofUnit('yard-01')).toEqual([
    [1, 'rejected'],
    [2, 'accepted'],
  ])
  expect(await ofUnit('yard-03')).toEqual([1, 2, 3, 4, 5].map((attempt) => [attempt, 'rejected']))
  const warnings = lines.filter((line) => line.includes('standing safe limit'))
  expect(warnings.map((line) => JSON.parse(line).identity)).toEqual(['yard-03'])
})

test('SET03 a charge point is sent no limit for a charge before it has been told the number of that charge', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  const started = await rig.db.transaction(async (tx) => {
    // The FSP cannot answer the start while it cannot keep its register; meanwhile the depot decides.
    await tx.execute(sql`lock table register_reading in exclusive mode`)
    const plugging = unit.plugIn(1, 'yard-001')
    await expect.poll(async () => rig.db.select().from(chargingTransaction)).toHaveLength(1)
    await rig.offer(20)
    await rig.pass(1)
    expect(unit.limits(1)).toEqual([])
    return { plugging }
  })
  await started.plugging
  await rig.pass(1)
  expect(unit.limits(1)).toEqual([20])
  expect((await results(rig)).map(({ result }) => result)).not.toContain('rejected')
})

test('SET03 a set point that is never taken expires, and says so', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  unit.answers = Array(200).fill('Rejected')
  await play(rig, Array(17).fill(20))
  const own = (await results(rig)).filter((row) => row.connector === 1 && row.limitA === 20)
  const expired = own.find((row) => row.result === 'expired')
  expect(expired?.at.toEpochMilli()).toBeGreaterThanOrEqual(expired?.validTo?.toEpochMilli() ?? Number.NaN)
  expect(own.some((row) => row.result === 'accepted')).toBe(false)
})

test('a set point is sent again before it ends', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  for (let i = 0; i < 6; i++) await play(rig, [20, 20, 20, 20, 20])
  const sent = unit.received.filter(
    (r) => r.connectorId === 1 && r.profile.chargingSchedule.chargingSchedulePeriod[0]?.limit === 20,
  )
  for (const [i, each] of sent.entries()) {
    const next = sent[i + 1]
    if (next) expect(next.at.toEpochMilli()).toBeLessThan(Date.parse(each.profile.validTo ?? ''))
  }
  expect(sent.length).toBeLessThan(6)
})

test('a vehicle that is plugged in anew is told its limit again', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  const first = await unit.plugIn(1, 'yard-001')
  await play(rig, [20])
  await unit.stop(first, 100)
  const second = await unit.plugIn(1, 'yard-002', 100)
  await rig.clock.advanceTo(rig.clock.now().plusSeconds(5))
  const last = unit.received.at(-1)
  expect(last?.profile.transactionId).toBe(second)
  expect(unit.limits(1).at(-1)).toBe(20)
})

test('FAT01 32→16→8→0→18→10→32 A on a single unit', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await play(rig, sequence)
  expect(unit.limits(1).slice(-7)).toEqual(sequence)
})

test.each([
  ['FAT02', 1],
  ['FAT03', 2],
] as const)('%s 32→16→8→0→18→10→32 A on socket %i of a twin', async (_id, connector) => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-02')
  await unit.boot()
  await unit.plugIn(connector, 'yard-001')
  await play(rig, sequence)
  expect(unit.limits(connector).slice(-7)).toEqual(sequence)
  expect(unit.limits(3 - connector)).toEqual([])
})

test('FAT04 32→16→8→0→18→10→32 A on both sockets of a twin at once, no sooner after each other than the model allows', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-02')
  await unit.boot()
  await rig.pass(1)
  await unit.plugIn(1, 'yard-001')
  await unit.plugIn(2, 'yard-002')
  await play(
    rig,
    sequence.map((each) => 2 * each),
  )
  const sums = sequence.map((each) => 2 * each)
  const [one, two] = [unit.limits(1), unit.limits(2)]
  expect([one.at(-1), two.at(-1)]).toEqual([32, 32])
  // The sockets share by priority: whatever one got, together they were never given more than was there.
  const times = unit.received.map((r) => r.at.toEpochMilli())
  for (let i = 1; i < times.length; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(2_000)
  let held: Record<number, number> = {}
  const settled: number[] = []
  let minute = -1
  for (const { at, connectorId, profile } of unit.received.filter((r) => r.connectorId > 0)) {
    const now = Math.floor(at.toEpochMilli() / 60_000)
    if (minute >= 0 && now !== minute) settled.push((held[1] ?? 0) + (held[2] ?? 0))
    minute = now
    held = { ...held, [connectorId]: profile.chargingSchedule.chargingSchedulePeriod[0]?.limit ?? 0 }
  }
  settled.push((held[1] ?? 0) + (held[2] ?? 0))
  expect(settled).toEqual(sums)
})

test('I9 32→16→8→0→18→10→32 A on a model that needs more time between set points: five seconds and more between set points', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-03')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await play(rig, sequence)
  expect(unit.limits(1).slice(-7)).toEqual(sequence)
  const times = unit.received.map((r) => r.at.toEpochMilli())
  for (let i = 1; i < times.length; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(5_000)
})

test('I8 32→16→8→18→10→32 A on a model that cannot pause, which never gets less than 6 A', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-04')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  const steps = [32, 16, 8, 18, 10, 32]
  await play(rig, steps)
  expect(unit.limits(1).slice(-6)).toEqual(steps)
  await play(rig, [0])
  expect(unit.limits(1).at(-1)).toBe(6)
})

test('in test mode set points are computed and recorded and none is sent; off computes nothing', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  const set = (mode: string) => rig.depotApi(depotOperations.setControlMode, { body: { mode } })
  expect((await set('test')).status).toBe(204)
  await unit.plugIn(1, 'yard-001')
  await play(rig, [20])
  expect(unit.limits(1)).toEqual([])
  expect((await results(rig)).at(-1)).toMatchObject({ limitA: 20, result: 'test' })
  expect((await set('live')).status).toBe(204)
  await play(rig, [20])
  expect(unit.limits(1).at(-1)).toBe(20)
  expect((await set('loud')).status).toBe(422)
})
