import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { registerFsp } from '../../../../test/support/market.ts'
import { agreed } from '../../../../test/support/second-person.ts'
import { type SettlementRig, startSettlementRig } from '../../test/support/rig.ts'

let rig: SettlementRig
let unit: Awaited<ReturnType<SettlementRig['contractedUnit']>>

/** Working days of January 2026 before the event on the 20th, nearest first, the nearer the less. */
const workingDays = ['19', '16', '15', '14', '13', '12', '09', '08', '07', '06']
const eventQuarters = [68, 69]

beforeAll(async () => {
  rig = await startSettlementRig()
  unit = await rig.contractedUnit('Islington')
  await rig.passTo('2026-02-02T09:00:00Z')
  for (const [i, day] of workingDays.entries()) await rig.uploadDay(unit.fuId, `2026-01-${day}`, () => 11_000 + i * 200)
  // An event of half an hour from 17:00; before it the unit draws 1,000 Wh more than on the ten days before.
  await rig.uploadDay(unit.fuId, '2026-01-20', (q) => (eventQuarters.includes(q) ? 3_900 : 12_900))
  for (const time of ['17:00', '17:15']) await rig.instructed(unit.fuId, `2026-01-20T${time}:00Z`, 40_000)
})

const compare = async (day = '2026-01-20') =>
  (await rig.clerk.ask(operations.compareBaselines, { params: { id: unit.fuId }, query: { day } })).body

const rowsOf = (body: { methods: { method: string; inDayAdjustment: boolean; amountGbp: string }[] }) =>
  Object.fromEntries(body.methods.map((m) => [`${m.method}${m.inDayAdjustment ? ' adjusted' : ''}`, m]))

describe('baselines side by side', () => {
  test('each method that the data allow shows its series and what the day would have paid, with and without the adjustment', async () => {
    const rows = rowsOf(await compare())
    expect(Object.keys(rows)).toEqual([
      ...['recent-history', 'recent-history adjusted', 'mid-8-in-10', 'mid-8-in-10 adjusted'],
      ...['bl01', 'bl01 adjusted', 'zero', 'zero adjusted'],
    ])
    // Baseline 11,900 − 3,900 metered: 8,000 of 10,000 Wh, so (0.10 + 0.80) × 0.55 = 0.495, half-even 0.50; six idle periods at 0.10.
    expect(rows['recent-history']).toMatchObject({ isInForce: true, deliveredWh: 16_000, amountGbp: '1.60' })
    // Adjusted by 12,900 − 11,900 it is 9,000 Wh: (0.10 + 0.90) × (1 − 3 × 0.05) = 0.85.
    expect(rows['recent-history adjusted']).toMatchObject({ isInForce: false, deliveredWh: 18_000, amountGbp: '2.30' })
    expect(rows['zero']).toMatchObject({ deliveredWh: 0, amountGbp: '0.60' })
    // 12,900 − 3,900 again: the adjustment makes of nothing what was drawn before the event.
    expect(rows['zero adjusted']).toMatchObject({ deliveredWh: 18_000, amountGbp: '2.30' })
  })

  test('the series are those of the day, and the adjustment moves the periods of the event alone', async () => {
    const body = await compare()
    expect(body.periods).toHaveLength(96)
    expect(body.periods[68]).toMatchObject({ from: '2026-01-20T17:00:00Z', meteredWh: 3_900, instructedW: 40_000 })
    expect(body.periods[67]).toMatchObject({ meteredWh: 12_900, instructedW: null })
    const series = rowsOf(body)['recent-history adjusted'] as unknown as { energyWh: number[]; days: string[] }
    expect(series.energyWh.slice(67, 71)).toEqual([11_900, 12_900, 12_900, 11_900])
    expect(series.days).toEqual(workingDays.map((day) => `2026-01-${day}`))
    expect(body.contracts).toMatchObject([{ contractId: unit.contractId, baselineMethod: 'recent-history' }])
  })

  test('what is shown for the method in force is what the statement pays', async () => {
    const given = { fspId: rig.fsp.fspId, product: 'A', month: '2026-01' }
    for (const inDayAdjustment of [false, true]) {
      const terms = {
        baselineMethod: 'mid-8-in-10',
        inDayAdjustment,
        scheduleAccuracy: false,
        missingMeterData: 'unpaid',
        referenceWPerDer: null,
        scheme: { name: 'sliding-scale', fromRatio: 0.5, toRatio: 1 },
      }
      const put = { params: { id: unit.contractId }, body: terms }
      await agreed(rig.second, rig.clerk.ask(operations.setSettlementTerms, put))
      const { body } = await rig.clerk.ask(operations.prepareStatement, { body: given })
      const paid = body.lines
        .filter((line: { from: string }) => line.from.startsWith('2026-01-20'))
        .reduce((pence: number, line: { settledGbp: string }) => pence + Math.round(Number(line.settledGbp) * 100), 0)
      const inForce = (await compare()).methods.filter((m: { isInForce: boolean }) => m.isInForce)
      expect(inForce).toMatchObject([{ method: 'mid-8-in-10', inDayAdjustment, amountGbp: (paid / 100).toFixed(2) }])
    }
  })

  test('a day without a contract has series and no amounts, and a day without data has what needs none', async () => {
    const sunday = await compare('2026-01-25')
    expect(sunday.contracts).toEqual([])
    expect(sunday.methods).toMatchObject([{ method: 'zero', amountGbp: null, isInForce: false }])
    const spring = await compare('2026-03-29')
    expect(spring.periods).toHaveLength(92)
    expect(spring.methods[0].energyWh).toHaveLength(92)
  })

  test('FM40 nobody sees the baselines of another FSP’s unit', async () => {
    const [baseUrl, tokenEndpoint] = ['http://127.0.0.1:9/control', 'http://127.0.0.1:9/token']
    const controlApi = { baseUrl, tokenEndpoint, clientId: 'dno', clientSecret: 'another long secret' }
    const other = await registerFsp(rig.server, rig.engineer, 'Home Charging Ltd', { controlApi } as never)
    expect(
      (
        await rig.fsp.client.ask(operations.compareBaselines, {
          params: { id: unit.fuId },
          query: { day: '2026-01-20' },
        })
      ).status,
    ).toBe(200)
    expect(
      (await other.client.ask(operations.compareBaselines, { params: { id: unit.fuId }, query: { day: '2026-01-20' } }))
        .status,
    ).toBe(404)
  })
})

describe('accuracy report', () => {
  const report = async (from: string, to: string) =>
    (await rig.clerk.ask(operations.readBaselineAccuracy, { params: { id: unit.fuId }, query: { from, to } })).body

  test('bias and MAPE are of days without events, and of those that the method has a baseline for', async () => {
    // The mean of the days before each is above it, since each is 200 Wh below the one before: the 13th has five.
    const { methods } = await report('2026-01-13', '2026-01-13')
    const byMethod = Object.fromEntries(methods.map((m: { method: string }) => [m.method, m]))
    // Metered 11,800; baseline (12,000 + 12,200 + 12,400 + 12,600 + 12,800) ÷ 5 = 12,400: 600 ÷ 11,800 too much.
    expect(byMethod['recent-history'].days).toBe(1)
    expect(byMethod['recent-history'].bias).toBeCloseTo(600 / 11_800, 12)
    expect(byMethod['recent-history'].mape).toBeCloseTo(600 / 11_800, 12)
    expect(byMethod['mid-8-in-10']).toEqual({ method: 'mid-8-in-10', days: 0, bias: null, mape: null })
    expect(byMethod['bl01'].days).toBe(1)
    // The day before has four, and one is never enough.
    const before = (await report('2026-01-12', '2026-01-12')).methods
    expect(before.map((m: { days: number }) => m.days)).toEqual(before.map(() => 0))
  })

  test('the day of the event does not count', async () => {
    const { methods } = await report('2026-01-20', '2026-01-20')
    expect(methods.map((m: { days: number }) => m.days)).toEqual(methods.map(() => 0))
  })

  test('errors of either sign cancel in the bias and add up in the MAPE', async () => {
    // 21st: 100 Wh below the ten days before in the first half of the day, 100 above in the second.
    await rig.uploadDay(unit.fuId, '2026-01-21', (q) => 11_900 + (q < 48 ? -100 : 100))
    const found = (await report('2026-01-21', '2026-01-21')).methods.find(
      (m: { method: string }) => m.method === 'recent-history',
    )
    expect(found.days).toBe(1)
    expect(found.bias).toBeCloseTo(0, 12)
    expect(found.mape).toBeCloseTo((100 / 11_800 + 100 / 12_000) / 2, 12)
  })

  test('a span that ends before it begins, or is longer than three months, is refused', async () => {
    const ask = (from: string, to: string) =>
      rig.clerk.ask(operations.readBaselineAccuracy, { params: { id: unit.fuId }, query: { from, to } })
    expect((await ask('2026-01-21', '2026-01-20')).status).toBe(422)
    expect((await ask('2025-10-01', '2026-01-01')).body.errors[0].field).toBe('to')
  })
})
