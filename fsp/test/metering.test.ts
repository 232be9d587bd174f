import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import type { TestChargePoint } from './support/charge-point.ts'
import { type Rig, startRig } from './support/rig.ts'

/** What the DNO has been told of each quarter-hour: energy, quality and revision by its start, the last word each. */
function told(rig: Rig): Record<string, [number | null | undefined, string, number]> {
  const known: Record<string, [number | null | undefined, string, number]> = {}
  for (const { readings, revision, stamp, resolution } of rig.dno.uploads) {
    expect([stamp, resolution]).toEqual(['period-start', 'PT15M'])
    for (const each of readings) known[each.at.slice(11, 16)] = [each.energyWh, each.quality, revision]
  }
  return known
}

/** A charge of 120 Wh a minute. */
async function charge(rig: Rig, unit: TestChargePoint, id: number, fromWh: number, minutes: number): Promise<number> {
  let energyWh = fromWh
  for (let i = 0; i < minutes; i++) {
    await rig.pass(1)
    energyWh += 120
    await unit.meter(1, id, energyWh, 7_200)
  }
  return energyWh
}

async function metered() {
  const rig = await startRig('2026-01-15T12:00:00Z')
  await rig.register()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  return { rig, unit }
}

test('energy per quarter-hour follows from the registers and is uploaded every quarter-hour', async () => {
  const { rig, unit } = await metered()
  const id = await unit.plugIn(1, 'yard-001', 5_000)
  const atQuarter = await charge(rig, unit, id, 5_000, 13)
  await unit.stop(id, await charge(rig, unit, id, atQuarter, 5))
  await rig.pass(13)
  expect(told(rig)).toMatchObject({ '12:00': [1_560, 'measured', 1], '12:15': [600, 'measured', 1] })
  await rig.pass(15)
  expect(told(rig)['12:30']).toEqual([0, 'measured', 1])
})

test('an upload that is not taken is sent again until it is', async () => {
  const { rig } = await metered()
  rig.dno.refuseUploads = [503, 500, 503]
  await rig.pass(16)
  expect(rig.dno.uploads).toEqual([])
  await rig.pass(3)
  expect(told(rig)).toEqual({ '12:00': [0, 'measured', 1] })
})

test('FM17 values that come late, after a lost link, correct what was estimated by a higher revision', async () => {
  const { rig, unit } = await metered()
  const id = await unit.plugIn(1, 'yard-001')
  const before = await charge(rig, unit, id, 0, 5)
  await unit.hangUp()
  await rig.pass(20)
  expect(told(rig)['12:00']).toEqual([600, 'estimated', 1])
  const back = rig.chargePoint('yard-01')
  await back.boot()
  for (let minute = 8; minute <= 20; minute++) {
    const at = Instant.parse('2026-01-15T12:00:00Z').plusSeconds(minute * 60)
    await back.meter(1, id, before + (minute - 7) * 100, 6_000, at.toString())
  }
  await rig.pass(15)
  expect(told(rig)).toMatchObject({ '12:00': [1_400, 'measured', 2], '12:15': [500, expect.any(String), 1] })
})

test('a restart loses no quarter-hour and counts none twice', async () => {
  const { rig, unit } = await metered()
  const id = await unit.plugIn(1, 'yard-001')
  const first = await charge(rig, unit, id, 0, 10)
  await rig.restart()
  const back = rig.chargePoint('yard-01')
  await back.boot()
  await charge(rig, back, id, first, 20)
  await rig.pass(5)
  expect(told(rig)).toEqual({ '12:00': [1_560, 'measured', 1], '12:15': [1_800, 'measured', 1] })
  const all = rig.dno.uploads.flatMap((upload) => upload.readings.map((reading) => reading.at))
  expect(new Set(all).size).toBe(all.length)
})

test('FM21 a message sent twice changes nothing: one transaction, one energy', async () => {
  const { rig, unit } = await metered()
  const start = { connectorId: 1, idTag: 'yard-001', meterStart: 100, timestamp: rig.clock.now().toString() }
  const [a, b] = [await unit.call('StartTransaction', start), await unit.call('StartTransaction', start)]
  expect(a).toEqual(b)
  const { transactionId } = a as { transactionId: number }
  await rig.pass(5)
  for (let i = 0; i < 2; i++) await unit.meter(1, transactionId, 700, 7_200)
  for (let i = 0; i < 2; i++) await unit.stop(transactionId, 700)
  await rig.pass(12)
  expect(told(rig)['12:00']).toEqual([600, 'measured', 1])
})

test('FA04 history of a past day is passed on to the DNO, and the same again changes nothing', async () => {
  const { rig } = await metered()
  const energyWh = Array.from({ length: 96 }, (_, i) => i)
  const post = (body: object) => rig.depotApi(depotOperations.takeMeterHistory, { body })
  for (let i = 0; i < 2; i++) expect((await post({ tradingDay: '2026-01-14', energyWh })).status).toBe(204)
  await rig.pass(3)
  const uploaded = rig.dno.uploads.flatMap((upload) => upload.readings)
  expect(uploaded.map((reading) => reading.energyWh)).toEqual(energyWh)
  expect(uploaded[0]?.at).toBe('2026-01-14T00:00:00Z')
  expect((await post({ tradingDay: '2026-03-29', energyWh })).status).toBe(422)
  expect((await post({ tradingDay: '2026-01-14', energyWh: [1] })).status).toBe(422)
})

test('history does not reach into the time that our own meters measured, nor into the future', async () => {
  const { rig } = await metered()
  await rig.pass(40)
  await rig.fsp.importHistory({ depotId: 'yard', tradingDay: '2026-01-15', energyWh: Array(96).fill(7) })
  await rig.pass(2)
  const known = told(rig)
  expect([known['11:45'], known['12:00'], known['12:45']]).toEqual([[7, 'measured', 1], [0, 'measured', 1], undefined])
})
