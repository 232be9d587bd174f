import { LocalDate } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { makePartitions } from '../../../../platform/db/index.ts'
import { operations } from '../../../../schemas/operations.ts'
import { dayStart } from '../../../../schemas/vocabulary/time.ts'
import { registerUnit } from '../../../../test/support/market.ts'
import { agreed } from '../../../../test/support/second-person.ts'
import { type SettlementRig, startSettlementRig } from '../../test/support/rig.ts'
import { rebuildDueDays, takeHubReadings } from './index.ts'

let rig: SettlementRig
let unit: Awaited<ReturnType<SettlementRig['contractedUnit']>>

/** What the roll-up of the grid makes of a hub's measurements; its own tests show how. */
async function rolled(at: string, energyWh: number, quality = 'good', completeness = 1) {
  await rig.db.$client`
    insert into connection_half_hour (connection_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at)
    values (${unit.connectionId}, ${at}, ${energyWh * 2}, ${energyWh * 2}, ${energyWh}, ${completeness}, ${quality},
      ${rig.clock.now().toString()})
    on conflict (connection_id, at) do update set energy_wh = excluded.energy_wh, completeness = excluded.completeness,
      quality = excluded.quality, rolled_at = excluded.rolled_at`
}

async function rolledDay(day: string, energyWh: (half: number) => number, quality = 'good') {
  const start = dayStart(LocalDate.parse(day))
  for (let half = 0; half < 48; half++)
    await rolled(start.plusSeconds(half * 1_800).toString(), energyWh(half), quality)
}

const take = () => takeHubReadings(rig.server.context)
const periodsOf = async (day: string, asOf?: string) =>
  (await rig.clerk.ask(operations.readMeteredDay, { params: { id: unit.fuId, day }, query: { asOf } })).body.periods

beforeAll(async () => {
  rig = await startSettlementRig()
  unit = await rig.contractedUnit('Islington', true)
  await makePartitions(rig.db, { table: 'connection_half_hour', grain: 'month' }, [LocalDate.parse('2026-01-01')])
  await rig.passTo('2026-02-02T09:00:00Z')
})

describe('hub data of a whole site', () => {
  test('are its meter data, half-hours spread over their quarters, with what they are and how much of the day they cover', async () => {
    await rolled('2026-01-05T10:00:00Z', 8_000)
    await rolled('2026-01-05T10:30:00Z', 6_000, 'derived')
    await take()
    expect((await periodsOf('2026-01-05')).slice(39, 45)).toMatchObject([
      { energyWh: null, source: null },
      { energyWh: 4_000, source: 'hub', revision: 1 },
      { energyWh: 4_000, source: 'hub' },
      { energyWh: 3_000, source: 'hub-derived' },
      { energyWh: 3_000, source: 'hub-derived' },
      { energyWh: null, source: null },
    ])
    const { body } = await rig.clerk.ask(operations.listUnitCompleteness, {
      params: { id: unit.fuId },
      query: { from: '2026-01-05', to: '2026-01-05' },
    })
    expect(body.items).toMatchObject([{ metered: 4, fromHub: 4 }])
  })

  test('what the hub did not trust, or had too little of, is a gap', async () => {
    await rolled('2026-01-06T10:00:00Z', 8_000, 'questionable')
    await rolled('2026-01-06T10:30:00Z', 8_000, 'good', 0.89)
    await rolled('2026-01-06T11:00:00Z', 8_000, 'good', 0.9)
    await take()
    const energies = (await periodsOf('2026-01-06')).slice(40, 46).map((p: { energyWh: number | null }) => p.energyWh)
    expect(energies).toEqual([null, null, null, null, 4_000, 4_000])
  })

  test('an upload goes before the hub, of whatever resolution and order, and the hub fills its gaps', async () => {
    await rig.upload(unit.fuId, [['2026-01-07T10:00:00Z', 7_000]], { resolution: 'PT30M' })
    for (const at of ['10:00', '10:30', '11:00']) await rolled(`2026-01-07T${at}:00Z`, 2_000)
    await take()
    await rig.upload(unit.fuId, [
      ['2026-01-07T10:30:00Z', 900],
      ['2026-01-07T10:45:00Z', null],
    ])
    expect((await periodsOf('2026-01-07')).slice(40, 46)).toMatchObject([
      { energyWh: 3_500, source: 'upload' },
      { energyWh: 3_500, source: 'upload' },
      { energyWh: 900, source: 'upload' },
      { energyWh: 1_000, source: 'hub' },
      { energyWh: 1_000, source: 'hub' },
      { energyWh: 1_000, source: 'hub' },
    ])
  })

  test('FM17 late measurements make a new revision, the same again makes none, and what was known before can still be read', async () => {
    await rolled('2026-01-08T10:00:00Z', 2_000)
    await take()
    const before = rig.clock.now().toString()
    await rig.clock.advanceTo(rig.clock.now().plusSeconds(60))
    await rolled('2026-01-08T10:00:00Z', 2_400)
    await take()
    await take()
    expect((await periodsOf('2026-01-08'))[40]).toMatchObject({ energyWh: 1_200, revision: 2, source: 'hub' })
    expect((await periodsOf('2026-01-08', before))[40]).toMatchObject({ energyWh: 1_000, revision: 1 })
    const [count] = await rig.db.$client`
      select count(*)::int as n from meter_reading where source = 'hub' and period_start = '2026-01-08T10:00:00Z'`
    expect(count?.['n']).toBe(2)
  })

  test('a line that rests on a hub says so, with the derived flag, and opens to the source of its baseline days', async () => {
    for (const day of ['19', '16', '15', '14', '13']) await rolledDay(`2026-01-${day}`, () => 24_000)
    // Baseline 12,000 Wh a quarter-hour; from 17:00 to 18:00 the unit draws 2,000, of which the second half-hour is derived.
    await rolledDay('2026-01-20', (half) => (half === 34 || half === 35 ? 4_000 : 24_000))
    await rolled('2026-01-20T17:30:00Z', 4_000, 'derived')
    await take()
    for (const time of ['17:00', '17:30']) await rig.instructed(unit.fuId, `2026-01-20T${time}:00Z`, 40_000)
    const terms = {
      baselineMethod: 'bl01',
      inDayAdjustment: false,
      scheduleAccuracy: false,
      missingMeterData: 'unpaid',
      referenceWPerDer: null,
      scheme: { name: 'sliding-scale', fromRatio: 0.5, toRatio: 1 },
    }
    const put = { params: { id: unit.contractId }, body: terms }
    await agreed(rig.second, rig.clerk.ask(operations.setSettlementTerms, put))
    const { body } = await rig.clerk.ask(operations.prepareStatement, {
      body: { fspId: rig.fsp.fspId, product: 'A', month: '2026-01' },
    })
    const at = (time: string) => body.lines.find((l: { from: string }) => l.from === `2026-01-20T${time}:00Z`)
    expect(at('17:00')).toMatchObject({
      meteredWh: 2_000,
      amountGbp: '1.10',
      flags: ['hub-meter-data', 'apportioned-meter-data'],
    })
    expect(at('17:30')).toMatchObject({
      meteredWh: 2_000,
      amountGbp: '1.10',
      flags: ['derived-meter-data', 'apportioned-meter-data'],
    })
    expect(at('17:15')).toMatchObject({ instructedW: null, flags: [] })
    const params = { id: body.statementId, lineId: at('17:00').lineId }
    const explained = (await rig.clerk.ask(operations.explainLine, { params })).body
    const sources = explained.baselineValues.map((v: { source: string }) => v.source)
    expect(sources).toEqual(Array(5).fill('hub'))
  })

  test('of a unit that is not declared to be the whole site nothing is taken: the hub measures the building too', async () => {
    const declare = (isWholeSite: boolean) =>
      rig.db.$client`update flexible_unit set is_whole_site = ${isWholeSite} where fu_id = ${unit.fuId}`
    await rolled('2026-01-27T10:00:00Z', 8_000)
    await declare(false)
    await take()
    expect((await periodsOf('2026-01-27'))[40]).toMatchObject({ energyWh: null })
    await declare(true)
    await take()
    expect((await periodsOf('2026-01-27'))[40]).toMatchObject({ energyWh: 4_000, source: 'hub' })
  })

  test('of a unit that shares its connection nothing is taken: the hub measures both', async () => {
    const [row] = await rig.db.$client`
      select mpan from connection_mpan where connection_id = ${unit.connectionId} limit 1`
    await registerUnit(rig.fsp.client, 'Islington annex', row?.['mpan'])
    await rolled('2026-01-09T10:00:00Z', 8_000)
    await take()
    expect((await periodsOf('2026-01-09'))[40]).toMatchObject({ energyWh: null })
  })
})

describe('metered days', () => {
  test('of readings that were there before days were kept are made by a job, once', async () => {
    await rig.uploadDay(unit.fuId, '2026-01-12', () => 700)
    await rig.db.$client`delete from meter_day`
    await rig.db.$client`insert into meter_day_due values (${unit.fuId})`
    await rebuildDueDays(rig.server.context)
    expect((await periodsOf('2026-01-12'))[0]).toMatchObject({ energyWh: 700, source: 'upload' })
    expect((await periodsOf('2026-01-08'))[40]).toMatchObject({ energyWh: 1_200, source: 'hub' })
    expect(await rig.db.$client`select * from meter_day_due`).toEqual([])
  })
})
