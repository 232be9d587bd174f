import { LocalDate } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { agreed } from '../../../../test/support/second-person.ts'
import { saveProfile } from '../../../grid/index.ts'
import { type SettlementRig, startSettlementRig } from '../../test/support/rig.ts'
import { deliveredOn } from './index.ts'

let rig: SettlementRig
let unit: Awaited<ReturnType<SettlementRig['contractedUnit']>>

const workingDays = ['19', '16', '15', '14', '13', '12', '09', '08', '07', '06']
const scheme = { name: 'grace-and-multiplier', graceRatio: 0.95, slope: 3, floorRatio: 0.63 }
const usual = {
  baselineMethod: 'recent-history',
  inDayAdjustment: false,
  scheme,
  scheduleAccuracy: false,
  missingMeterData: 'unpaid',
  referenceWPerDer: null,
}

beforeAll(async () => {
  rig = await startSettlementRig()
  unit = await rig.contractedUnit('Islington')
  // The FSP nominates 52 kW on the days of the 19th and the 20th, a day before each.
  for (const day of ['2026-01-19', '2026-01-20']) {
    await rig.passTo(`${LocalDate.parse(day).minusDays(1)}T09:00:00Z`)
    const values = periodStarts(LocalDate.parse(day), 'PT30M').map(() => 52_000)
    const { status, body } = await rig.fsp.client.ask(operations.submitSchedule, {
      params: { fuId: unit.fuId, day, kind: 'baseline' },
      body: {
        kind: 'baseline',
        resolution: 'PT30M',
        start: `${day}T00:00:00Z`,
        revision: 1,
        values,
      },
    })
    if (status !== 200) throw new Error(JSON.stringify(body))
  }
  await rig.passTo('2026-02-02T09:00:00Z')
  for (const day of workingDays) await rig.uploadDay(unit.fuId, `2026-01-${day}`, () => 12_000)
  await rig.uploadDay(unit.fuId, '2026-01-20', (q) => (q === 68 ? 2_000 : 12_000))
  await rig.instructed(unit.fuId, '2026-01-20T17:00:00Z', 40_000)
})

async function settledBy(change: object) {
  const terms = { params: { id: unit.contractId }, body: { ...usual, ...change } }
  const put = await rig.clerk.ask(operations.setSettlementTerms, terms)
  // 409: they are in force already.
  if (put.status !== 409) await agreed(rig.second, put)
  const { body } = await rig.clerk.ask(operations.prepareStatement, {
    body: { fspId: rig.fsp.fspId, product: 'A', month: '2026-01' },
  })
  const lineAt = (from: string) => body.lines.find((line: { from: string }) => line.from === from)
  return { body, lineAt, event: lineAt('2026-01-20T17:00:00Z') }
}

async function explained(body: { statementId: string }, line: { lineId: string }) {
  const found = await rig.clerk.ask(operations.explainLine, { params: { id: body.statementId, lineId: line.lineId } })
  return Object.fromEntries(found.body.steps.map((s: { quantity: string }) => [s.quantity, s]))
}

describe('terms through to the statement', () => {
  test('the scheme of the statement is that of its contracts', async () => {
    expect((await settledBy({})).body.scheme).toEqual(scheme)
    const sliding = { name: 'sliding-scale', fromRatio: 0.5, toRatio: 1 }
    expect((await settledBy({ scheme: sliding })).body).toMatchObject({
      scheme: sliding,
      baselineMethod: 'recent-history',
    })
  })

  test('a nominated baseline is what the FSP submitted for the day', async () => {
    const { event, lineAt } = await settledBy({ baselineMethod: 'nominated' })
    // 52 kW are 13,000 Wh a quarter-hour: 11,000 Wh below it, of which 10,000 were asked for.
    expect(event).toMatchObject({ baselineWh: 13_000, deliveredWh: 10_000, amountGbp: '1.10', baselineDays: [] })
    expect(lineAt('2026-01-16T17:00:00Z')).toMatchObject({ baselineWh: null, amountGbp: '0.10' })
  })

  test('the schedule accuracy factor multiplies every line of the month, and the line says so', async () => {
    const { body, event, lineAt } = await settledBy({ baselineMethod: 'nominated', scheduleAccuracy: true })
    // |12,000 − 13,000| ÷ 12,000 is a twelfth in every period outside the event: 11/12 accurate, so 1 − 3 × (0.95 − 0.91667) = 0.9.
    expect(event).toMatchObject({ accuracyFactor: 0.9, performanceFactor: 0.9, settledGbp: '0.99' })
    expect(lineAt('2026-01-16T17:00:00Z')).toMatchObject({ accuracyFactor: 0.9, settledGbp: '0.09' })
    expect((await explained(body, event))['Factor']).toMatchObject({ working: '1 × 0.9', result: '0.9' })
  })

  test('a fixed reference is its profile times the DERs of the unit', async () => {
    const referenceWPerDer = Array.from({ length: 48 }, (_, half) => (half === 34 ? 40_000 : 0))
    const { event } = await settledBy({ baselineMethod: 'fixed-reference', referenceWPerDer })
    expect(event).toMatchObject({ baselineWh: 10_000, deliveredWh: 8_000, settledGbp: '0.50' })
  })

  test('turn-down that the agreed profile required anyway is not paid, and the line shows the limit', async () => {
    await saveProfile(rig.db, {
      connectionId: unit.connectionId,
      version: 1,
      state: 'approved',
      fallbackLimitW: null,
      validFrom: LocalDate.parse('2026-01-20'),
      validTo: LocalDate.parse('2026-01-20'),
      limits: { weekday: [{ from: '00:00', limitW: 40_000 }], weekend: [{ from: '00:00', limitW: 40_000 }] },
    })
    const { body, event } = await settledBy({})
    // All 10,000 Wh are delivered; of the baseline of 12,000 Wh only the 10,000 of the limit are paid: 0.10 + 0.80.
    expect(event).toMatchObject({ baselineWh: 12_000, limitWh: 10_000, deliveredWh: 8_000, settledGbp: '0.90' })
    expect(event.flags).toEqual(['profile-limit', 'site-not-measured'])
    const steps = await explained(body, event)
    expect(steps['Delivered, Wh'].working).toBe('clamp(12000 − 2000, 0, 10000)')
    expect(steps['Paid, Wh'].working).toBe('clamp(10000 − 2000, 0, 10000)')
  })

  test('the board shows what will be settled: up to the limit, nothing out of service, by the contract of the hour', async () => {
    const of = async () => (await deliveredOn(rig.db, LocalDate.parse('2026-01-20'), [unit.fuId])).get(unit.fuId)
    expect(await of()).toEqual(new Map([['2026-01-20T17:00:00Z', 32_000]]))
    await settledBy({ baselineMethod: 'zero' })
    expect(await of()).toEqual(new Map([['2026-01-20T17:00:00Z', 0]]))
    await settledBy({})
    await rig.db.$client`
      insert into service_status (fu_id, in_service, effective_from, reason, declared_at)
      values (${unit.fuId}, false, '2026-01-20T12:00:00Z', 'repair', '2026-01-20T12:00:00Z')`
    expect(await of()).toEqual(new Map([['2026-01-20T17:00:00Z', 0]]))
    expect((await settledBy({})).event).toMatchObject({
      inService: false,
      flags: ['out-of-service'],
      settledGbp: '0.00',
    })
  })

  test('a declaration of service that is back-dated counts from its receipt', async () => {
    const [fuId, at] = [unit.fuId, (time: string) => `2026-01-20T${time}:00Z`]
    await rig.db.$client`delete from service_status where fu_id = ${fuId}`
    const declare = (effectiveFrom: string, declaredAt: string) => rig.db.$client`
      insert into service_status (fu_id, in_service, effective_from, reason, declared_at)
      values (${fuId}, false, ${effectiveFrom}, 'repair', ${declaredAt})`
    // Said at 17:20 to have begun at 09:00: the quarter-hour of 17:00 stays settled, those from 17:15 on are out of service.
    await declare(at('09:00'), at('17:20'))
    const { event, lineAt } = await settledBy({})
    expect(event).toMatchObject({ inService: true, flags: ['profile-limit', 'site-not-measured'] })
    expect(lineAt(at('17:15'))).toMatchObject({ inService: false, settledGbp: '0.00' })
    expect(lineAt(at('17:30'))).toMatchObject({ inService: false, settledGbp: '0.00' })
  })
})
