import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { meteringSettings } from '../../../schemas/metering.ts'
import { registerFsp } from '../../../test/support/market.ts'
import { type SettlementRig, startSettlementRig } from '../testing/rig.ts'
import { medianOf, oddities, periodsOf, quarterHours } from './rules.ts'

let rig: SettlementRig
let fuId: string

beforeAll(async () => {
  rig = await startSettlementRig()
  fuId = (await rig.contractedUnit('Islington')).fuId
  await rig.passTo('2026-02-02T09:00:00Z')
})

const stored = async () => Number((await rig.db.$client`select count(*) as n from meter_reading`)[0]?.['n'])
const dayOf = async (day: string, query = '') =>
  (await rig.fsp.client.get(`/flexible-units/${fuId}/metered-days/${day}${query}`)).body.periods

describe('uploading', () => {
  test('FA04 history is stored and read back as quarter-hours, whatever its resolution', async () => {
    await rig.upload(fuId, [['2026-01-05T10:00:00Z', 8_000]], { resolution: 'PT30M' })
    await rig.upload(
      fuId,
      Array.from({ length: 15 }, (_, i) => [`2026-01-05T10:${30 + i}:00Z`, 100]),
      { resolution: 'PT1M' },
    )
    const periods = await dayOf('2026-01-05')
    expect(periods.slice(40, 44).map((p: { energyWh: number }) => p.energyWh)).toEqual([4_000, 4_000, 1_500, null])
    const { body } = await rig.clerk.get(`/flexible-units/${fuId}/meter-completeness?from=2026-01-05&to=2026-01-06`)
    expect(body.items).toMatchObject([
      { periods: 96, metered: 3 },
      { periods: 96, metered: 0 },
    ])
  })

  test('FM21 the same upload again, or an older revision after a newer one, changes nothing', async () => {
    expect((await rig.upload(fuId, [['2026-01-06T10:00:00Z', 5]], { revision: 2 })).body).toMatchObject({ stored: 1 })
    const again = await rig.upload(fuId, [['2026-01-06T10:00:00Z', 5]], { revision: 2 })
    expect(again.body).toMatchObject({ stored: 0, unchanged: 1, superseded: 0 })
    const older = await rig.upload(fuId, [['2026-01-06T10:00:00Z', 4]], { revision: 1 })
    expect(older.body).toMatchObject({ stored: 1, superseded: 0 })
    expect((await dayOf('2026-01-06'))[40]).toMatchObject({ energyWh: 5, revision: 2 })
  })

  test('FM21 uploads for one unit at the same time take turns', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => rig.upload(fuId, [['2026-01-06T12:00:00Z', 7]])))
    expect(answers.map((a) => a.status)).toEqual(Array(5).fill(200))
    expect(answers.reduce((sum, a) => sum + a.body.stored, 0)).toBe(1)
  })

  test('FM17 a correction is a new version, and what was known before can still be read', async () => {
    await rig.upload(fuId, [['2026-01-07T10:00:00Z', 100]])
    const before = rig.clock.now().toString()
    await rig.clock.advanceTo(rig.clock.now().plusSeconds(60))
    const reused = await rig.upload(fuId, [['2026-01-07T10:00:00Z', 120]])
    expect([reused.status, reused.body.errors[0].field]).toEqual([409, 'readings[0]'])
    expect((await rig.upload(fuId, [['2026-01-07T10:00:00Z', 120]], { revision: 2 })).body.superseded).toBe(1)
    expect((await dayOf('2026-01-07'))[40]).toMatchObject({ energyWh: 120, revision: 2 })
    expect((await dayOf('2026-01-07', `?asOf=${before}`))[40]).toMatchObject({ energyWh: 100, revision: 1 })
  })

  test('FM03 period-end stamps are moved to the start, and stamps without a declaration are refused', async () => {
    await rig.upload(fuId, [['2026-01-08T10:15:00Z', 3]], { stamp: 'period-end' })
    expect((await dayOf('2026-01-08'))[40].energyWh).toBe(3)
    const undeclared = await rig.upload(fuId, [['2026-01-08T11:00:00Z', 3]], { stamp: undefined })
    expect([undeclared.status, undeclared.body.errors[0].field]).toEqual([422, 'stamp'])
  })

  test('FM12 null, 0 and missing stay apart', async () => {
    await rig.upload(fuId, [
      ['2026-01-09T10:00:00Z', 0],
      ['2026-01-09T10:15:00Z', null],
    ])
    expect((await dayOf('2026-01-09')).slice(40, 43)).toMatchObject([
      { energyWh: 0, revision: 1 },
      { energyWh: null, revision: null },
      { energyWh: null, revision: null },
    ])
    const [row] = await rig.db.$client`select energy_wh from meter_reading where period_start = '2026-01-09T10:15:00Z'`
    expect(row?.['energy_wh']).toBeNull()
  })

  test('a wrong boundary, a double stamp, a period not over yet and a foreign unit store nothing', async () => {
    const before = await stored()
    const bad = await rig.upload(fuId, [
      ...([
        ['2026-01-10T10:05:00Z', 1],
        ['2026-01-10T10:15:00Z', 1],
      ] as [string, number][]),
      ...([
        ['2026-01-10T10:15:00Z', 1],
        ['2026-02-02T09:00:00Z', 1],
      ] as [string, number][]),
    ])
    expect(bad.status).toBe(422)
    expect(bad.body.errors.map((e: { field: string }) => e.field)).toEqual([
      'readings[0].at',
      'readings[2].at',
      'readings[3].at',
    ])
    expect((await rig.upload('00000000-0000-4000-8000-000000000000', [['2026-01-10T10:00:00Z', 1]])).status).toBe(404)
    expect(await stored()).toBe(before)
  })

  test('FM40 another FSP’s unit is as if it were not there, to write and to read', async () => {
    const [baseUrl, tokenEndpoint] = ['http://127.0.0.1:9/control', 'http://127.0.0.1:9/token']
    const controlApi = { baseUrl, tokenEndpoint, clientId: 'dno', clientSecret: 'another long secret' }
    const other = await registerFsp(rig.server, rig.engineer, 'Home Charging Ltd', { controlApi } as never)
    const before = await stored()
    const readings = [{ at: '2026-01-11T10:00:00Z', energyWh: 1, quality: 'measured' }]
    const series = { fuId, meterId: 'm1', resolution: 'PT15M', stamp: 'period-start', revision: 9, readings }
    expect((await other.client.post('/meter-readings', series)).status).toBe(404)
    expect((await other.client.get(`/flexible-units/${fuId}/metered-days/2026-01-05`)).status).toBe(404)
    expect((await other.client.get(`/flexible-units/${fuId}/baseline?day=2026-01-20`)).status).toBe(404)
    expect(await stored()).toBe(before)
  })

  test('FM29 a CSV file is taken whole, or refused with the lines that are wrong', async () => {
    const path = `/flexible-units/${fuId}/meter-readings?resolution=PT15M&stamp=period-start&meterId=m1`
    const send = (text: string) => rig.fsp.client.sendText('POST', path, text, { 'content-type': 'text/csv' })
    const before = await stored()
    const bad = await send('at,power_w\n2026-01-12T10:00:00Z,4000\n2026-01-12 10:15,4000\n2026-01-12T10:30:00Z,four\n')
    expect(bad.status).toBe(422)
    expect(bad.body.errors.map((e: { field: string }) => e.field)).toEqual(['line 3, at', 'line 4, power_w'])
    expect(await stored()).toBe(before)
    expect((await send('at;power_w\r\n2026-01-12T10:00:00Z;4000\r\n2026-01-12T10:15:00Z;\r\n')).body.stored).toBe(2)
    expect((await dayOf('2026-01-12'))[40].energyWh).toBe(1_000)
  })

  test('FM13 kW sent as W is held for a person, who releases or rejects it', async () => {
    for (const day of ['2026-01-26', '2026-01-27']) await rig.uploadDay(fuId, day, () => 5_000)
    const { body } = await rig.upload(fuId, [['2026-01-28T10:00:00Z', 5]])
    expect(body).toMatchObject({ stored: 0 })
    expect(body.holdId).not.toBeNull()
    expect((await rig.upload(fuId, [['2026-01-28T10:00:00Z', 5]])).body.holdId).toBe(body.holdId)
    expect((await dayOf('2026-01-28'))[40].energyWh).toBeNull()
    const [held] = (await rig.clerk.get('/held-uploads')).body.items
    expect(held).toMatchObject({ holdId: body.holdId, state: 'held', readings: 1 })
    expect(held.reasons[0]).toContain('are they in kW?')
    const decide = (decision: string) =>
      rig.clerk.post(`/held-uploads/${body.holdId}/decision`, { decision, reason: 'A test discharge, they say' })
    expect((await decide('release')).body.receipt.stored).toBe(1)
    expect((await decide('reject')).status).toBe(409)
    expect((await dayOf('2026-01-28'))[40].energyWh).toBe(5)
    const [decided] = (await rig.fsp.client.get('/held-uploads')).body.items
    expect(decided).toMatchObject({ decidedBy: 'clara', decisionReason: 'A test discharge, they say' })
  })

  test('how much of each day is metered is told for all units at once, none for another FSP’s', async () => {
    const { body } = await rig.clerk.get('/meter-completeness?from=2026-01-05&to=2026-01-06')
    expect(body.items).toMatchObject([
      {
        fuId,
        fuName: 'Islington',
        days: [
          { day: '2026-01-05', periods: 96, metered: 3 },
          { periods: 96, metered: 2 },
        ],
      },
    ])
    expect((await rig.clerk.get('/meter-completeness?from=2026-01-05&to=2026-12-06')).status).toBe(422)
  })
})

describe('rules', () => {
  const period = (at: string, minutes: number, energyWh: number | null) =>
    ({ periodStart: Instant.parse(at), minutes, energyWh, quality: 'measured' }) as const
  const usual = { maxTurnDownW: 50_000, usualW: 20_000, hasExported: false }

  test('a quarter-hour that is not covered to the full has no value', () => {
    const rows = Array.from({ length: 14 }, (_, i) => period(`2026-01-05T10:${String(i).padStart(2, '0')}:00Z`, 1, 10))
    expect(quarterHours(rows).size).toBe(0)
    expect([...quarterHours([...rows, period('2026-01-05T10:14:00Z', 1, 10)]).values()]).toEqual([150])
  })

  test('two-minute periods are spread over the quarter-hour boundary', () => {
    const rows = Array.from({ length: 15 }, (_, i) =>
      period(`2026-01-05T10:${String(i * 2).padStart(2, '0')}:00Z`, 2, 10),
    )
    expect([...quarterHours(rows).values()]).toEqual([75, 75])
  })

  test('FM01 the repeated hour of an autumn day has readings of its own', () => {
    const upload = {
      ...{ fuId, meterId: 'm', resolution: 'PT15M' as const, stamp: 'period-start' as const, revision: 1 },
      readings: ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((at) => ({
        at,
        powerW: 4_000,
        quality: 'measured' as const,
      })),
    }
    const { periods, faults } = periodsOf(upload, Instant.parse('2026-11-01T00:00:00Z'))
    expect(faults).toEqual([])
    expect(periods.map((p) => p.energyWh)).toEqual([1_000, 1_000])
  })

  test('FM13 what looks like another unit or sign is odd; what a unit really does is not', () => {
    const defaults = meteringSettings.parse({})
    const of = (wh: number) => oddities([period('2026-01-05T10:00:00Z', 15, wh)], usual, defaults)
    expect([of(5_000), of(0), of(200), of(-0)]).toEqual([[], [], [], []])
    expect(of(99)[0]).toContain('are they in kW?')
    expect(of(-5_000)[0]).toContain('negative')
    expect(of(5_000_000)).toHaveLength(2)
    expect(oddities([period('2026-01-05T10:00:00Z', 15, -5_000)], { ...usual, hasExported: true }, defaults)).toEqual(
      [],
    )
    expect(oddities([period('2026-01-05T10:00:00Z', 15, 1)], { ...usual, usualW: null }, defaults)).toEqual([])
    const strict = { oddFactor: 3, mostTimes: 1 }
    expect(oddities([period('2026-01-05T10:00:00Z', 15, 1_600)], usual, strict)[0]).toContain('are they in kW?')
    expect(oddities([period('2026-01-05T10:00:00Z', 15, 13_000)], usual, strict)[0]).toContain('1 times the 50000 W')
    expect([medianOf([]), medianOf([3, 1, 2]), medianOf([4, 1, 2, 3])]).toEqual([null, 2, 2])
  })
})
