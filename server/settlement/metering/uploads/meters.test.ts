import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { agreed } from '../../../../test/support/second-person.ts'
import { type SettlementRig, startSettlementRig } from '../../test/support/rig.ts'

let rig: SettlementRig
let unit: Awaited<ReturnType<SettlementRig['contractedUnit']>>

beforeAll(async () => {
  rig = await startSettlementRig()
  unit = await rig.contractedUnit('Islington')
  await rig.passTo('2026-02-02T09:00:00Z')
})

type Quarter = { energyWh: number | null; revision: number | null; marks: string[] }

const dayOf = async (day: string, asOf?: string): Promise<Quarter[]> =>
  (await rig.clerk.ask(operations.readMeteredDay, { params: { id: unit.fuId, day }, query: { asOf } })).body.periods
const send = (meterId: string, readings: [string, number | null][], change: object = {}) =>
  rig.upload(unit.fuId, readings, { meterId, ...change })
const quarter = async (day: string, index: number) => (await dayOf(day))[index]

describe('several meters of an FU', () => {
  test('add up, and a quarter-hour that one of them lacks has no sum and says so', async () => {
    await send('a', [
      ['2026-01-05T10:00:00Z', 4_000],
      ['2026-01-05T10:15:00Z', 4_100],
      ['2026-01-05T10:30:00Z', 4_200],
    ])
    expect(await quarter('2026-01-05', 40)).toMatchObject({ energyWh: 4_000, marks: [] })
    await send('b', [
      ['2026-01-05T10:00:00Z', 1_000.1],
      ['2026-01-05T10:15:00Z', null],
    ])
    expect((await dayOf('2026-01-05')).slice(39, 44)).toMatchObject([
      { energyWh: null, marks: [] },
      { energyWh: 5_000.1, revision: 1, marks: [] },
      { energyWh: null, revision: null, marks: ['incomplete'] },
      { energyWh: null, marks: ['incomplete'] },
      { energyWh: null, marks: [] },
    ])
    await send('b', [['2026-01-05T10:30:00Z', 500]])
    expect(await quarter('2026-01-05', 42)).toMatchObject({ energyWh: 4_700, marks: [] })
  })

  test('FM17 FM21 each has revisions of its own, and what was known before can still be read', async () => {
    const before = rig.clock.now().toString()
    await rig.clock.advanceTo(rig.clock.now().plusSeconds(60))
    const corrected = await send('b', [['2026-01-05T10:00:00Z', 2_000]], { revision: 2 })
    expect(corrected.body).toMatchObject({ stored: 1, superseded: 1 })
    expect(await quarter('2026-01-05', 40)).toMatchObject({ energyWh: 6_000, revision: 2 })
    expect((await dayOf('2026-01-05', before))[40]).toMatchObject({ energyWh: 5_000.1, revision: 1 })
    expect((await send('a', [['2026-01-05T10:00:00Z', 4_000]])).body).toMatchObject({ stored: 0, unchanged: 1 })
    expect((await send('a', [['2026-01-05T10:00:00Z', 4_001]])).status).toBe(409)
  })

  test('may have readings of different lengths', async () => {
    await send('a', [['2026-01-06T10:00:00Z', 8_000]], { resolution: 'PT30M' })
    await send(
      'b',
      Array.from({ length: 15 }, (_, i) => [`2026-01-06T10:${String(i).padStart(2, '0')}:00Z`, 10]),
      {
        resolution: 'PT1M',
      },
    )
    expect((await dayOf('2026-01-06')).slice(40, 42)).toMatchObject([
      { energyWh: 4_150, marks: ['apportioned'] },
      { energyWh: null, marks: ['apportioned', 'incomplete'] },
    ])
  })

  test('belong to the FU from their first day, and a day before it has the others alone', async () => {
    await send('a', [['2026-01-02T10:00:00Z', 3_000]])
    expect(await quarter('2026-01-02', 40)).toMatchObject({ energyWh: 3_000, marks: [] })
    const { body } = await rig.clerk.ask(operations.listUnitMeters, { params: { id: unit.fuId } })
    expect(body.items).toMatchObject([
      { meterId: 'a', derId: null, from: '2026-01-02', until: null },
      { meterId: 'b', from: '2026-01-05', until: null },
    ])
  })

  const state = (meterId: string, days: { from: string; until: string | null; derId?: string }, who = rig.fsp.client) =>
    who.ask(operations.stateUnitMeter, { params: { id: unit.fuId, meterId }, body: { derId: null, ...days } })

  test('an FSP ends one from today on; the past is for two people of the DNO, and moves the sums', async () => {
    expect((await state('b', { from: '2026-01-05', until: '2026-01-07' })).status).toBe(422)
    expect((await state('b', { from: '2026-01-05', until: '2026-02-02' })).body).toMatchObject({ until: '2026-02-02' })
    await send('a', [['2026-01-08T10:00:00Z', 3_000]])
    expect(await quarter('2026-01-08', 40)).toMatchObject({ energyWh: null, marks: ['incomplete'] })
    await agreed(rig.second, state('b', { from: '2026-01-05', until: '2026-01-07' }, rig.clerk))
    expect(await quarter('2026-01-08', 40)).toMatchObject({ energyWh: 3_000, marks: [] })
    expect(await quarter('2026-01-05', 40)).toMatchObject({ energyWh: 6_000 })
    const late = await send('b', [['2026-01-07T10:00:00Z', 1]])
    expect([late.status, late.body.errors[0].message]).toEqual([409, expect.stringContaining('from 2026-01-07 on')])
  })

  test('a meter may be of one DER of the FU, whose rating it is then judged by', async () => {
    const [der] = (await rig.fsp.client.ask(operations.listDers)).body.items
    const other = '00000000-0000-4000-8000-000000000000'
    expect((await state('c', { from: '2026-02-02', until: null, derId: other })).status).toBe(422)
    expect((await state('c', { from: '2026-02-02', until: null, derId: der.derId })).body).toMatchObject({
      derId: der.derId,
    })
  })

  test('F5 the readings of each meter are exported with every revision, for a dispute', async () => {
    const query = { from: '2026-01-05', to: '2026-01-05' }
    const { body } = await rig.fsp.client.ask(operations.readMeterEvidence, { params: { id: unit.fuId }, query })
    const lines = (body as string).trim().split('\r\n')
    expect(lines[0]).toBe('at,minutes,meter_id,der_id,source,revision,energy_wh,quality,received_at')
    expect(lines.slice(1, 4).map((line) => line.split(',').slice(0, 8))).toEqual([
      ['2026-01-05T10:00:00Z', '15', 'a', '', 'upload', '1', '4000', 'measured'],
      ['2026-01-05T10:00:00Z', '15', 'b', '', 'upload', '1', '1000.1', 'measured'],
      ['2026-01-05T10:00:00Z', '15', 'b', '', 'upload', '2', '2000', 'measured'],
    ])
    const long = { from: '2026-01-01', to: '2026-02-01' }
    const refused = await rig.clerk.ask(operations.readMeterEvidence, { params: { id: unit.fuId }, query: long })
    expect(refused.status).toBe(422)
  })
})

describe('what is believed', () => {
  let own: typeof unit
  const upload = (readings: [string, number | null][], change: object = {}) => rig.upload(own.fuId, readings, change)
  const periods = async (day: string): Promise<Quarter[]> =>
    (await rig.clerk.ask(operations.readMeteredDay, { params: { id: own.fuId, day } })).body.periods

  beforeAll(async () => {
    own = await rig.contractedUnit('Camden')
    await rig.passTo('2026-02-03T09:00:00Z')
    // 22,796 W is usual.
    for (const day of ['2026-01-28', '2026-01-29']) await rig.uploadDay(own.fuId, day, () => 5_699)
  })

  test('a full turn-down to almost nothing is delivery, and the same without an instruction is held as a mistake of unit', async () => {
    await rig.instructed(own.fuId, '2026-01-30T17:00:00Z', 40_000)
    const delivered = await upload([['2026-01-30T17:00:00Z', 15]])
    expect(delivered.body).toMatchObject({ stored: 1, holdId: null })
    const odd = await upload([['2026-01-30T18:00:00Z', 15]])
    expect(odd.body).toMatchObject({ stored: 0, holdId: expect.any(String) })
  })

  test('a half-hour or a minute under an instruction is judged by it too', async () => {
    const halfHour = await upload([['2026-01-30T17:00:00Z', 30]], { resolution: 'PT30M', meterId: 'm2' })
    expect(halfHour.body).toMatchObject({ holdId: null })
    const minute = await upload([['2026-01-30T17:07:00Z', 1]], { resolution: 'PT1M', meterId: 'm3' })
    expect(minute.body).toMatchObject({ holdId: null })
  })

  test('one of several meters is compared with itself, not with the sum of all', async () => {
    const shared = await rig.contractedUnit('Orpington')
    for (const day of ['2026-01-28', '2026-01-29']) await rig.uploadDay(shared.fuId, day, () => 5_699)
    // 400 W beside 22.8 kW: no mistake of unit, but a small meter.
    const small = (day: string, wh: number) =>
      rig.upload(
        shared.fuId,
        Array.from({ length: 96 }, (_, i) => [
          new Date(Date.parse(`${day}T00:00:00Z`) + i * 900_000).toISOString(),
          wh,
        ]),
        { meterId: 'small' },
      )
    expect((await small('2026-01-30', 100)).body).toMatchObject({ stored: 96, holdId: null })
    expect((await small('2026-01-31', 1)).body).toMatchObject({ stored: 0, holdId: expect.any(String) })
  })

  test('more than the equipment can carry is held', async () => {
    // 50 kW are registered, with a quarter to spare: 62.5 kW are 15,625 Wh a quarter-hour.
    expect((await upload([['2026-01-29T00:00:00Z', 15_625]], { revision: 2 })).body).toMatchObject({ stored: 1 })
    const held = await upload([['2026-01-29T00:15:00Z', 15_626]], { revision: 2 })
    expect(held.body.holdId).toEqual(expect.any(String))
    const { body } = await rig.clerk.ask(operations.listHeldUploads)
    const reasons = body.items.flatMap((hold: { reasons: string[] }) => hold.reasons)
    expect(reasons).toContainEqual(expect.stringContaining('more than the 50000 W that the equipment can carry'))
  })

  test('a register that falls and returns is a dropout: no energy, with a mark', async () => {
    const day = '2026-01-27'
    const readings: [string, number][] = [
      [`${day}T10:00:00Z`, 5_000],
      [`${day}T10:15:00Z`, -9_000],
      [`${day}T10:30:00Z`, 10],
      [`${day}T10:45:00Z`, 14_000],
      [`${day}T11:00:00Z`, 5_000],
    ]
    expect((await upload(readings)).body).toMatchObject({ stored: 5, dropouts: 3 })
    expect((await upload(readings)).body).toMatchObject({ stored: 0, unchanged: 5 })
    expect((await periods(day)).slice(40, 45)).toMatchObject([
      { energyWh: 5_000, marks: [] },
      { energyWh: null, marks: ['dropout'] },
      { energyWh: null, marks: ['dropout'] },
      { energyWh: null, marks: ['dropout'] },
      { energyWh: 5_000, marks: [] },
    ])
  })

  test('what the sender estimated says so, quarter-hour by quarter-hour', async () => {
    const at = (minute: string) => `2026-01-26T10:${minute}:00Z`
    await rig.fsp.client.ask(operations.uploadReadings, {
      body: {
        fuId: own.fuId,
        meterId: 'm1',
        resolution: 'PT15M',
        stamp: 'period-start',
        revision: 1,
        readings: [
          { at: at('00'), energyWh: 5_000, quality: 'estimated' },
          { at: at('15'), energyWh: 5_000, quality: 'measured' },
        ],
      },
    })
    expect((await periods('2026-01-26')).slice(40, 42)).toMatchObject([
      { energyWh: 5_000, marks: ['estimated'] },
      { energyWh: 5_000, marks: [] },
    ])
  })

  test('rows of separators in a file are passed over', async () => {
    const query = { resolution: 'PT15M', stamp: 'period-start', meterId: 'm1' }
    const text = 'at,energy_wh,quality\n2026-01-09T00:00:00Z,5000,measured\n,,\n,,\n'
    const { body } = await rig.fsp.client.ask(operations.uploadReadingFile, { params: { id: own.fuId }, query, text })
    expect(body).toMatchObject({ stored: 1 })
  })
})
