import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { meteringSettings } from '../../../../schemas/settlement/metering.ts'
import { registerFsp } from '../../../../test/support/market.ts'
import { agreed } from '../../../../test/support/second-person.ts'
import { type SettlementRig, startSettlementRig } from '../../test/support/rig.ts'
import { quarterHours } from '../days/rules.ts'
import { medianOf, reasonsToHold } from './rules.ts'

let rig: SettlementRig
let fuId: string

beforeAll(async () => {
  rig = await startSettlementRig()
  fuId = (await rig.contractedUnit('Islington')).fuId
  await rig.passTo('2026-02-02T09:00:00Z')
})

const stored = async () => Number((await rig.db.$client`select count(*) as n from meter_reading`)[0]?.['n'])
const dayOf = async (day: string, asOf?: string) =>
  (await rig.fsp.client.ask(operations.readMeteredDay, { params: { id: fuId, day }, query: { asOf } })).body.periods

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
    const { body } = await rig.clerk.ask(operations.listUnitCompleteness, {
      params: { id: fuId },
      query: { from: '2026-01-05', to: '2026-01-06' },
    })
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
    expect((await dayOf('2026-01-07', before))[40]).toMatchObject({ energyWh: 100, revision: 1 })
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
    expect((await other.client.ask(operations.uploadReadings, { body: series })).status).toBe(404)
    expect(
      (await other.client.ask(operations.readMeteredDay, { params: { id: fuId, day: '2026-01-05' } })).status,
    ).toBe(404)
    expect(
      (await other.client.ask(operations.readBaseline, { params: { id: fuId }, query: { day: '2026-01-20' } })).status,
    ).toBe(404)
    expect(await stored()).toBe(before)
  })

  test('FM29 a CSV file is taken whole, or refused with the lines that are wrong', async () => {
    const query = { resolution: 'PT15M', stamp: 'period-start', meterId: 'm1' }
    const send = (text: string) =>
      rig.fsp.client.ask(operations.uploadReadingFile, { params: { id: fuId }, query, text })
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
    const [held] = (await rig.clerk.ask(operations.listHeldUploads)).body.items
    expect(held).toMatchObject({ holdId: body.holdId, state: 'held', readings: 1 })
    expect(held.reasons[0]).toContain('are they in kW?')
    const decide = (decision: string) =>
      rig.clerk.ask(operations.decideOnHeldUpload, {
        params: { id: body.holdId },
        body: { decision, reason: 'A test discharge, they say' },
      })
    await agreed(rig.second, decide('release'))
    expect((await decide('reject')).status).toBe(409)
    expect((await dayOf('2026-01-28'))[40].energyWh).toBe(5)
    const [decided] = (await rig.fsp.client.ask(operations.listHeldUploads)).body.items
    expect(decided).toMatchObject({ decidedBy: 'sven', decisionReason: 'A test discharge, they say' })
  })

  test('how much of each day is metered is told for all units at once, none for another FSP’s', async () => {
    const { body } = await rig.clerk.ask(operations.listCompleteness, {
      query: { from: '2026-01-05', to: '2026-01-06' },
    })
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
    expect(
      (await rig.clerk.ask(operations.listCompleteness, { query: { from: '2026-01-05', to: '2026-12-06' } })).status,
    ).toBe(422)
  })
})

describe('bad input', () => {
  const head = () => ({ fuId, meterId: 'm1', resolution: 'PT1M', stamp: 'period-start', revision: 1 })
  const sendJson = (text: string) =>
    rig.fsp.client.ask(operations.uploadReadings, { text }, { 'content-type': 'application/json' })
  const sendCsv = (text: string, query: object = { resolution: 'PT1M', stamp: 'period-start' }) =>
    rig.fsp.client.ask(operations.uploadReadingFile, { params: { id: fuId }, query: { meterId: 'm1', ...query }, text })
  const fields = (answer: { body: { errors: { field: string }[] } }) => answer.body.errors.map((e) => e.field)

  test('FM01 the repeated hour of an autumn day has readings of its own, and there are none of the hour that spring leaves out', async () => {
    const upload = (at: string, wh: number) => ({ at, energyWh: wh, quality: 'measured' })
    const readings = [upload('2025-10-26T01:30:00+01:00', 7_000), upload('2025-10-26T01:30:00Z', 8_000)]
    const { status } = await sendJson(JSON.stringify({ ...head(), resolution: 'PT15M', readings }))
    expect(status).toBe(200)
    const day = await dayOf('2025-10-26')
    expect([day.length, day[6].energyWh, day[10].energyWh]).toEqual([100, 7_000, 8_000])
    // Local time without its offset could be either hour, or on the spring day no hour at all: it is not guessed.
    const csv = 'at,energy_wh\n2025-03-30T01:30:00,5\n'
    expect(fields(await sendCsv(csv, { resolution: 'PT15M', stamp: 'period-start' }))).toEqual(['line 2, at'])
    expect(await dayOf('2025-03-30')).toHaveLength(92)
  })

  test('a million rows with one bad one are refused by its line, and nothing is stored', async () => {
    const before = await stored()
    const [rows, bad] = [1_000_000, 999_990]
    const start = Date.parse('2024-01-01T00:00:00Z')
    const lines = ['at,energy_wh']
    for (let n = 1; n <= rows; n++)
      lines.push(`${new Date(start + n * 60_000).toISOString()},${n === bad ? 'many' : n % 97}`)
    const answer = await sendCsv(`${lines.join('\n')}\n`)
    expect([answer.status, fields(answer)]).toEqual([422, [`line ${bad + 1}, energy_wh`]])
    expect(await stored()).toBe(before)
  }, 240_000)

  test('more readings than one list had room for before are taken as JSON, whatever stands around them and in whatever order', async () => {
    const start = Date.parse('2025-06-01T00:00:00Z')
    const count = 60_000
    const readings = Array.from({ length: count }, (_, n) => ({
      at: new Date(start + n * 60_000).toISOString(),
      energyWh: 10 + (n % 7),
      quality: 'measured',
    }))
    const { fuId: id, ...rest } = head()
    // The readings first, and what is said of them after.
    const text = JSON.stringify({
      readings,
      note: 'a "readings": [ in a text, and an escaped \\" too',
      fuId: id,
      ...rest,
    })
    expect((await sendJson(text)).body).toMatchObject({ stored: count, unchanged: 0 })
    expect((await sendJson(text)).body).toMatchObject({ stored: 0, unchanged: count })
    expect((await dayOf('2025-06-20'))[40].energyWh).toBeGreaterThan(0)
  }, 120_000)

  test('JSON that breaks off, or holds what is no reading, is refused with the place', async () => {
    const before = await stored()
    const good = '{"at":"2026-01-13T10:00:00Z","energyWh":1,"quality":"measured"}'
    const { fuId: id, ...rest } = head()
    const around = JSON.stringify({ fuId: id, ...rest }).slice(1)
    const of = (readings: string) => sendJson(`{"readings":${readings},${around}`)
    expect((await sendJson(`{"readings":[${good},`)).status).toBe(400)
    expect((await of(`[${good},7]`)).status).toBe(400)
    expect((await of(`[${good}],"readings":[${good}]`)).status).toBe(400)
    expect(fields(await of(`[${good},{"at":"noon","energyWh":1,"quality":"measured"},{"at":7}]`))).toEqual([
      ...['readings[1].at', 'readings[2].at', 'readings[2].quality'],
    ])
    expect(fields(await of('[]'))).toEqual(['readings'])
    expect(fields(await of('{}'))).toEqual(['readings'])
    expect((await sendJson('5')).status).toBe(422)
    expect(await stored()).toBe(before)
  })

  test('a wrong resolution is named by the stamps that do not fit it, and another that it does not know by its name', async () => {
    const answer = await sendCsv('at,energy_wh\n2026-01-13T10:00:00Z,1\n2026-01-13T10:15:00Z,1\n', {
      resolution: 'PT30M',
      stamp: 'period-start',
    })
    expect([answer.status, fields(answer)]).toEqual([422, ['line 3, at']])
    expect(answer.body.errors[0].message).toContain('not on a boundary of 30 minutes')
    expect(fields(await sendCsv('at,energy_wh\n', { resolution: 'PT5M', stamp: 'period-start' }))).toEqual([
      'resolution',
    ])
  })

  test('period-end stamps that are not declared are not guessed', async () => {
    expect(fields(await sendCsv('at,energy_wh\n2026-01-13T10:00:00Z,1\n', { resolution: 'PT15M' }))).toEqual(['stamp'])
  })

  test('a file for another FSP’s unit is refused and stores nothing', async () => {
    const before = await stored()
    const answer = await rig.fsp.client.ask(operations.uploadReadingFile, {
      params: { id: '00000000-0000-4000-8000-000000000000' },
      query: { meterId: 'm', resolution: 'PT15M', stamp: 'period-end' },
      text: 'at,energy_wh\n2026-01-13T10:15:00Z,1\n',
    })
    expect([answer.status, await stored()]).toEqual([404, before])
  })

  test('FM21 the same file once more doubles nothing, and one that says something else needs a higher revision', async () => {
    const file = 'at,power_w\n2026-01-13T12:00:00Z,4000\n2026-01-13T12:15:00Z,\n'
    const quarter = { resolution: 'PT15M', stamp: 'period-start' }
    expect((await sendCsv(file, quarter)).body).toMatchObject({ stored: 2, unchanged: 0, superseded: 0 })
    const before = await stored()
    expect((await sendCsv(file, quarter)).body).toMatchObject({ stored: 0, unchanged: 2, superseded: 0 })
    const other = await sendCsv(file.replace('4000', '4100'), quarter)
    expect([other.status, fields(other)]).toEqual([409, ['line 2']])
    expect(await stored()).toBe(before)
    const corrected = await sendCsv(file.replace('4000', '4100'), { ...quarter, revision: 2 })
    expect(corrected.body).toMatchObject({ stored: 2, superseded: 2 })
  })

  test('FM13 a whole day in kW is held whole, and counts when it is released', async () => {
    const day = Array.from(
      { length: 96 },
      (_, n) => `${new Date(Date.parse('2026-01-30T00:00:00Z') + n * 900_000).toISOString()},5`,
    )
    const { body } = await sendCsv(`at,energy_wh\n${day.join('\n')}\n`, { resolution: 'PT15M', stamp: 'period-start' })
    expect(body).toMatchObject({ stored: 0 })
    const held = (await rig.clerk.ask(operations.listHeldUploads)).body.items.find(
      (h: { holdId: string }) => h.holdId === body.holdId,
    )
    expect(held).toMatchObject({
      readings: 96,
      from: '2026-01-30T00:00:00Z',
      to: '2026-01-30T23:45:00Z',
      meterId: 'm1',
    })
    const released = await rig.clerk.ask(operations.decideOnHeldUpload, {
      params: { id: body.holdId },
      body: {
        decision: 'release',
        reason: 'it is so',
      },
    })
    await agreed(rig.second, released)
    expect((await dayOf('2026-01-30'))[95].energyWh).toBe(5)
  })
})

describe('rules', () => {
  const period = (at: string, minutes: number, energyWh: number | null) =>
    ({ periodStart: Instant.parse(at), minutes, energyWh, quality: 'measured' }) as const
  const usual = { maxTurnDownW: 50_000, usualW: 20_000, canExport: false, equipmentW: null }

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

  test('FM13 what looks like another unit or sign is held; what a unit really does is not', () => {
    const defaults = { ...meteringSettings.parse({}), equipmentFactor: 1.25 }
    const powers = (usualW: number, largestW = Math.abs(usualW)) => ({
      meteredW: Math.abs(usualW),
      usualW: Math.abs(usualW),
      largestW,
      isAllExport: usualW < 0,
    })
    const of = (usualW: number) => reasonsToHold(powers(usualW), usual, defaults)
    expect([of(20_000), of(800), of(400), reasonsToHold(null, usual, defaults)]).toEqual([[], [], [], []])
    expect(of(396)[0]).toContain('are they in kW?')
    expect(of(-20_000)[0]).toContain('negative')
    expect(of(20_000_000)).toHaveLength(2)
    expect(reasonsToHold(powers(20_000, 2_500_001), usual, defaults)[0]).toContain('more than 50 times the 50000 W')
    expect(reasonsToHold(powers(-20_000), { ...usual, canExport: true }, defaults)).toEqual([])
    expect(reasonsToHold(powers(4), { ...usual, usualW: null }, defaults)).toEqual([])
    const strict = { ...defaults, unitErrorFactor: 3, implausibleFactor: 1 }
    expect(reasonsToHold(powers(6_400), usual, strict)[0]).toContain('are they in kW?')
    expect(reasonsToHold(powers(52_000), usual, strict)[0]).toContain('1 times the 50000 W')
    // 22,796 W is usual, 40 kW are turned down and 60 W remain: as if nothing had been turned down, 40,060 W.
    const turnedDown = { largestW: 60, meteredW: 60, usualW: 40_060, isAllExport: false }
    expect(reasonsToHold(turnedDown, { ...usual, usualW: 22_796 }, defaults)).toEqual([])
    expect(reasonsToHold({ ...turnedDown, usualW: 60 }, { ...usual, usualW: 22_796 }, defaults)[0]).toContain('60 W')
    const carried = { ...usual, equipmentW: 50_000 }
    expect(reasonsToHold(powers(20_000, 62_500), carried, defaults)).toEqual([])
    expect(reasonsToHold(powers(20_000, 62_501), carried, defaults)[0]).toContain('the equipment can carry')
    expect([medianOf([]), medianOf([3, 1, 2]), medianOf([4, 1, 2, 3])]).toEqual([null, 2, 2])
  })
})
