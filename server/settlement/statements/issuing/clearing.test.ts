import { randomUUID } from 'node:crypto'
import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { makePartitions } from '../../../../platform/db/index.ts'
import { operations } from '../../../../schemas/operations.ts'
import { giveAuthority, registerUnit, saveTestSite } from '../../../../test/support/market.ts'
import { agreed, moveStatement, secondPerson } from '../../../../test/support/second-person.ts'
import { type SettlementRig, startSettlementRig } from '../../test/support/rig.ts'

const day = '2026-01-20'
const at = (time: string) => `${day}T${time}:00Z`
const workingDays = ['19', '16', '15', '14', '13', '12'].map((n) => `2026-01-${n}`)

let rig: SettlementRig
let [small, large] = ['', '']

/**
 * Two FUs of one site, whose profile allows 100 kW from 16:00 to 20:00, which is 25,000 Wh a quarter-hour. They stand under contract for a
 * product that is paid as clear, 40 kW each: the small one, which usually takes 12,000 Wh, up to £80/MWh; the large one, which takes
 * 18,000 Wh, up to £100/MWh.
 */
beforeAll(async () => {
  rig = await startSettlementRig()
  const { engineer, fsp, db } = rig
  const administrator = await secondPerson(rig.server)
  const example = operations.createProduct.body.meta()?.['example'] as { settings: object }
  const settings = { ...example.settings, name: 'Cleared', paysAvailability: true, priceRule: 'pay-as-clear' }
  await administrator.ask(operations.createProduct, { body: { product: 'PC', kind: 'day-ahead', settings } })
  const { mpan, connectionId } = await saveTestSite(db, rig.clock.now())
  await giveAuthority(engineer, fsp.client, mpan)
  small = (await registerUnit(fsp.client, 'Small', mpan)).fuId
  large = (await registerUnit(fsp.client, 'Large', mpan, 80_000)).fuId
  await stand(small, '80.00')
  await stand(large, '100.00')
  await rig.passTo('2026-01-19T09:00:00Z')
  await bid(small, '60.00')
  await bid(large, '90.00')
  await rig.passTo('2026-02-02T09:00:00Z')
  for (const other of workingDays) {
    await rig.uploadDay(small, other, () => 12_000)
    await rig.uploadDay(large, other, () => 18_000)
  }
  await rig.uploadDay(small, day, (q) => (q === 68 || q === 69 ? 2_000 : 12_000))
  await rig.uploadDay(large, day, (q) => (q === 68 ? 8_500 : 18_000))
  await instructed(small, '17:00', '17:30')
  await instructed(large, '17:00', '17:15')
  await makePartitions(db, { table: 'connection_half_hour', grain: 'month' }, [LocalDate.parse(day)])
  // The FUs take 30,500 Wh of it, so the rest of the site takes 5,000 Wh a quarter-hour.
  await db.$client`
    insert into connection_half_hour (connection_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at)
    values (${connectionId}, ${at('17:00')}, 81000, 81000, 40500, 1, 'good', ${at('18:00')})`
})

async function stand(fuId: string, utilisationGbpPerMwh: string): Promise<void> {
  const body = {
    fuId,
    product: 'PC',
    turnDownW: 40_000,
    availabilityGbpPerMwH: '10.00',
    utilisationGbpPerMwh,
    validFrom: '2026-01-12',
    validTo: '2026-01-31',
    windows: [{ weekdays: ['tuesday'], from: '17:00', to: '18:00' }],
    baselineMethod: 'recent-history',
    baselineFallback: 'zero',
    reference: 'Framework agreement 2026/17',
  }
  await agreed(await secondPerson(rig.server), rig.engineer.ask(operations.enterStandingContract, { body }))
}

async function bid(fuId: string, price: string): Promise<void> {
  const { status } = await rig.fsp.client.ask(operations.submitSchedule, {
    params: { fuId, day, kind: 'cost' },
    body: { kind: 'cost', resolution: 'PT30M', start: at('00:00'), revision: 1, values: Array(48).fill(price) },
  })
  expect(status).toBe(200)
}

/** 40 kW, planned at 20:00 on the day before and accepted. */
async function instructed(fuId: string, from: string, to: string): Promise<void> {
  const planned = Instant.parse('2026-01-19T20:00:00Z').toString()
  const intervals = JSON.stringify([{ from: at(from), to: at(to), turnDownW: 40_000 }])
  await rig.db.$client`
    insert into instruction (instruction_id, fu_id, fsp_id, product, from_at, to_at, turn_down_w, intervals, state,
      schedule_kind, schedule_version, planned_at, issued_at, acknowledged_at, expires_at)
    values (${randomUUID()}, ${fuId}, ${rig.fsp.fspId}, 'PC', ${at(from)}, ${at(to)}, 40000, ${intervals}, 'ended',
      'optimised', 1, ${planned}, ${planned}, ${planned}, ${at(from)})`
}

test('F3 a statement of a product that is paid as clear, with FUs that share the limit of their site, is settled, checked, approved and issued', async () => {
  const { body } = await rig.clerk.ask(operations.prepareStatement, {
    body: { fspId: rig.fsp.fspId, product: 'PC', month: '2026-01' },
  })
  // Tuesdays from the 12th on are the 13th, the 20th and the 27th: four quarter-hours each, for either FU.
  expect(body.lines).toHaveLength(2 * 3 * 4)
  const lineAt = (fuId: string, time: string) =>
    body.lines.find((line: { fuId: string; from: string }) => line.fuId === fuId && line.from === at(time))
  // 20,000 Wh are left under the limit, shared 12 : 18. Of 10,000 Wh delivered in full 8,000 − 2,000 are paid, at £90 up to £80:
  // £0.10 + £0.48.
  expect(lineAt(small, '17:00')).toMatchObject({
    site: { limitWh: 25_000, restWh: 5_000, baselinesWh: 30_000 },
    limitWh: 8_000,
    turnedDownWh: 10_000,
    deliveredWh: 6_000,
    bidGbpPerMwh: '60.00',
    clearedGbpPerMwh: '90.00',
    utilisationGbpPerMwh: '80.00',
    settledGbp: '0.58',
  })
  // 9,500 of 10,000 Wh are delivered, and 12,000 − 8,500 of them paid at £90: £0.10 + £0.315.
  expect(lineAt(large, '17:00')).toMatchObject({
    limitWh: 12_000,
    turnedDownWh: 9_500,
    deliveredWh: 3_500,
    performanceFactor: 1,
    clearedGbpPerMwh: '90.00',
    utilisationGbpPerMwh: '90.00',
    settledGbp: '0.42',
  })
  // The large one is not instructed any more, so the node clears at £60: £0.10 + 6,000 Wh × £60.
  expect(lineAt(small, '17:15')).toMatchObject({
    deliveredWh: 6_000,
    clearedGbpPerMwh: '60.00',
    utilisationGbpPerMwh: '60.00',
    settledGbp: '0.46',
  })
  expect(lineAt(large, '17:15')).toMatchObject({ instructedWh: null, clearedGbpPerMwh: null, settledGbp: '0.10' })
  // 21 quarter-hours of mere availability.
  expect(body.totalGbp).toBe((0.58 + 0.42 + 0.46 + 21 * 0.1).toFixed(2))
  for (const [who, event] of [
    [rig.clerk, 'check'],
    [rig.second, 'approve'],
    [rig.clerk, 'issue'],
  ] as const)
    expect((await moveStatement(who, body.statementId, event)).status).toBe(200)
  const issued = await rig.fsp.client.ask(operations.readStatement, { params: { id: body.statementId } })
  expect(issued.body).toMatchObject({ state: 'issued', totalGbp: body.totalGbp, lines: body.lines })
})
