import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import type { Client } from '../../../../test/support/client.ts'
import { agreed, moveStatement as move } from '../../../../test/support/second-person.ts'
import { unitReliabilities } from '../../../planning/index.ts'
import { type SettlementRig, startSettlementRig } from '../../test/support/rig.ts'

let rig: SettlementRig
let unit: Awaited<ReturnType<SettlementRig['contractedUnit']>>
let other: typeof unit
let fspId: string

/** Working days of January 2026 before the event on the 20th, nearest first: ten of them make the baseline. */
const workingDays = ['19', '16', '15', '14', '13', '12', '09', '08', '07', '06', '05', '02']
const event = ['17:00', '17:15', '17:30', '17:45', '18:00', '18:15', '18:30', '18:45']
const quarter = (time: string) => Number(time.slice(0, 2)) * 4 + Number(time.slice(3)) / 15

beforeAll(async () => {
  rig = await startSettlementRig()
  fspId = rig.fsp.fspId
  unit = await rig.contractedUnit('Islington')
  other = await rig.contractedUnit('Camden')
  await rig.passTo('2026-02-02T09:00:00Z')
  for (const day of workingDays) await rig.uploadDay(unit.fuId, `2026-01-${day}`, () => 12_000)
  // Baseline 12,000 Wh and 40 kW instructed: 10,000 Wh a quarter-hour is delivery in full.
  const metered: Record<string, number> = {
    '17:00': 2_000,
    '17:15': 2_500,
    '17:30': 4_000,
    '17:45': 5_700,
    '18:00': 12_000,
  }
  const times = new Map(Object.entries(metered).map(([time, wh]) => [quarter(time), wh]))
  await rig.uploadDay(unit.fuId, '2026-01-20', (i) => times.get(i) ?? 1_000)
  for (const time of event) await rig.instructed(unit.fuId, `2026-01-20T${time}:00Z`, 40_000)
  for (const day of ['23', '22', '21', '20', '19']) await rig.uploadDay(other.fuId, `2026-01-${day}`, () => 12_000)
  await rig.upload(other.fuId, [
    ['2026-01-26T17:00:00Z', 2_000],
    ['2026-01-26T17:15:00Z', null],
    ['2026-01-26T17:30:00Z', 4_000],
  ])
  await rig.instructed(other.fuId, '2026-01-26T17:15:00Z', 40_000)
})

async function prepare() {
  return rig.clerk.ask(operations.prepareStatement, { body: { fspId, product: 'A', month: '2026-01' } })
}

describe('a month', () => {
  test('FA10 a statement has a line per contracted quarter-hour, each with what it follows from', async () => {
    const { status, body } = await prepare()
    expect(status).toBe(200)
    expect(body.lines).toHaveLength(2 * 22 * 8)
    const lines = body.lines.filter(
      (l: { fuId: string; instructedW: number }) => l.fuId === unit.fuId && l.instructedW !== null,
    )
    expect(lines.map((l: { deliveryRatio: number }) => l.deliveryRatio)).toEqual([1, 0.95, 0.8, 0.63, 0, 1, 1, 1])
    // £10 × 0.04 MW × ¼ h = £0.10 available, £100 × delivered MWh; factors 1, 1, 0.55 and 0.
    expect(lines.map((l: { amountGbp: string }) => l.amountGbp)).toEqual([
      ...['1.10', '1.05', '0.50', '0.00', '0.00', '1.10', '1.10', '1.10'],
    ])
    const idle = body.lines.filter((l: { instructedW: number }) => l.instructedW === null)
    expect(new Set(idle.map((l: { amountGbp: string }) => l.amountGbp))).toEqual(new Set(['0.10']))
    expect(body.totalGbp).toBe((5.95 + (2 * 22 * 8 - 9) * 0.1).toFixed(2))
  })

  test('FM12 FM20 a quarter-hour without meter data is unpaid, says so, and is no zero', async () => {
    const { body } = await prepare()
    const at = (time: string) =>
      body.lines.find((l: { fuId: string; from: string }) => l.fuId === other.fuId && l.from.includes(`26T${time}`))
    expect(at('17:15')).toMatchObject({ meteredWh: null, flags: ['no-meter-data'], amountGbp: '0.00' })
    expect(at('17:45')).toMatchObject({ meteredWh: null, flags: [], amountGbp: '0.10' })
  })

  test('FA11 the baseline is the mean of the ten latest working days without an event', async () => {
    const { body } = await rig.engineer.ask(operations.readBaseline, {
      params: { id: unit.fuId },
      query: { day: '2026-01-20' },
    })
    expect(body.days).toEqual(workingDays.slice(0, 10).map((day) => `2026-01-${day}`))
    expect(body.periods[68]).toMatchObject({ from: '2026-01-20T17:00:00Z', energyWh: 12_000 })
  })

  test('FM19 the same inputs give the same bytes, as CSV and as PDF', async () => {
    const first = (await prepare()).body
    const files = async () => [
      (await rig.clerk.ask(operations.readStatementCsv, { params: { id: first.statementId } })).body,
      (await rig.clerk.ask(operations.readStatementPdf, { params: { id: first.statementId } })).body,
    ]
    const before = await files()
    await rig.clock.advanceTo(rig.clock.now().plusSeconds(60))
    expect((await prepare()).body.statementId).toBe(first.statementId)
    expect(await files()).toEqual(before)
    expect(before[1].slice(0, 5)).toBe('%PDF-')
  })

  test('a line opens to its arithmetic and to the meter data of its baseline days', async () => {
    const { body } = await prepare()
    const line = body.lines.find(
      (l: { fuId: string; from: string }) => l.fuId === unit.fuId && l.from === '2026-01-20T17:30:00Z',
    )
    const found = await rig.clerk.ask(operations.explainLine, { params: { id: body.statementId, lineId: line.lineId } })
    expect(found.body.baselineValues).toHaveLength(10)
    expect(found.body.baselineValues[0]).toMatchObject({ energyWh: 12_000, revision: 1 })
    const results = Object.fromEntries(
      found.body.steps.map((s: { quantity: string; result: string }) => [s.quantity, s.result]),
    )
    expect(results).toMatchObject({
      'Delivered, Wh': '8000',
      'Delivery ratio': '0.8',
      Factor: '0.55',
      'Worth, £': '0.50',
    })
  })

  test('non-delivery is reported per unit with its longest run', async () => {
    const { body } = await prepare()
    const found = await rig.clerk.ask(operations.listDelivery, { params: { id: body.statementId } })
    expect(found.body.items).toMatchObject([
      { fuName: 'Islington', instructedPeriods: 8, failedPeriods: 2, longestFailure: 2 },
      { fuName: 'Camden', instructedPeriods: 1, failedPeriods: 1, longestFailure: 1, meanRatio: null },
    ])
  })
})

describe('the way to issue', () => {
  test('FM16 a person who prepared or checked a statement cannot approve it, and the attempt is audited', async () => {
    const { statementId } = (await prepare()).body
    expect((await move(rig.clerk, statementId, 'approve')).status).toBe(409)
    expect((await move(rig.clerk, statementId, 'check')).body.state).toBe('checked')
    expect((await move(rig.clerk, statementId, 'approve')).status).toBe(403)
    const audited = await rig.db.$client`select action from audit_entry where action = 'statement.approve-refused'`
    expect(audited).toHaveLength(1)
    expect((await prepare()).status).toBe(409)
    expect((await rig.fsp.client.ask(operations.readStatement, { params: { id: statementId } })).status).toBe(404)
    expect((await move(rig.second, statementId, 'approve')).body).toMatchObject({
      state: 'approved',
      approvedBy: 'sven',
    })
    expect((await move(rig.clerk, statementId, 'issue')).body.state).toBe('issued')
    expect((await rig.fsp.client.ask(operations.readStatement, { params: { id: statementId } })).status).toBe(200)
    expect((await move(rig.clerk, statementId, 'return')).status).toBe(409)
  })

  const reliability = async (fuId: string) =>
    (await rig.fsp.client.ask(operations.readUnitReliability, { params: { id: fuId } })).body

  test('D12 what was issued says how reliable a unit is, with the figures behind it; what had no data says nothing', async () => {
    const found = await reliability(unit.fuId)
    // Ratios of 1, 0.95, 0.8, 0.63, 0, 1, 1 and 1 of 10,000 Wh each: 63,800 ÷ 80,000.
    expect(found).toMatchObject({ instructedWh: 80_000, deliveredWh: 63_800, ratio: 0.7975 })
    expect(found.periods[0]).toMatchObject({ from: '2026-01-20T18:45:00Z', instructedWh: 10_000, deliveredWh: 10_000 })
    expect(await reliability(other.fuId)).toEqual({
      fuId: other.fuId,
      ratio: null,
      instructedWh: 0,
      deliveredWh: 0,
      periods: [],
    })
    const known = await unitReliabilities(rig.db, [unit.fuId, other.fuId])
    expect([known.size, known.get(unit.fuId)]).toMatchObject([1, { ratio: 0.7975, periods: 8, settingVersion: 0 }])
  })

  test('FM18 corrected meter data make a delta statement for the difference, and the issued one stays as it is', async () => {
    const { body: list } = await rig.clerk.ask(operations.listStatements)
    const issued = list.items[0]
    const before = (await rig.clerk.ask(operations.readStatementCsv, { params: { id: issued.statementId } })).body
    expect((await prepare()).status).toBe(409)
    await rig.upload(unit.fuId, [['2026-01-20T18:00:00Z', 2_000]], { revision: 2 })
    const delta = (await prepare()).body
    expect(delta).toMatchObject({ number: `${issued.number}-D1`, delta: 1, totalGbp: '1.10' })
    expect(delta.lines).toMatchObject([
      { settledGbp: '1.10', previousGbp: '0.00', amountGbp: '1.10', meterRevision: 2 },
    ])
    expect((await rig.clerk.ask(operations.readStatementCsv, { params: { id: issued.statementId } })).body).toBe(before)
    const counts = (await rig.clerk.ask(operations.listStatements)).body.items.map(
      (s: { lineCount: number }) => s.lineCount,
    )
    expect(counts).toEqual([2 * 22 * 8, 1])
    await rig.upload(unit.fuId, [['2026-01-20T18:00:00Z', 2_500]], { revision: 3 })
    expect((await prepare()).body).toMatchObject({ statementId: delta.statementId, totalGbp: '1.05' })
    for (const [who, event] of [
      [rig.clerk, 'check'],
      [rig.second, 'approve'],
      [rig.clerk, 'issue'],
    ] as const)
      expect((await move(who, delta.statementId, event)).status).toBe(200)
    // The delta settled one quarter-hour again: 0.95 in place of 0 is 9,500 Wh more.
    expect(await reliability(unit.fuId)).toMatchObject({ deliveredWh: 73_300, ratio: 0.9162 })
    await rig.upload(unit.fuId, [['2026-01-20T18:00:00Z', 12_000]], { revision: 4 })
    expect((await prepare()).body).toMatchObject({ number: `${issued.number}-D2`, totalGbp: '-1.05' })
  })

  test('an issued statement is disputed with a reason and answered with an outcome, once', async () => {
    const { body: list } = await rig.clerk.ask(operations.listStatements)
    const issued = list.items.find((s: { delta: number }) => s.delta === 0)
    const params = { id: issued.statementId }
    const dispute = (lineNumber: number, reason: string) =>
      rig.fsp.client.ask(operations.raiseDispute, { params, body: { lineNumber, reason } })
    expect((await dispute(999, 'no such line')).status).toBe(422)
    const { body } = await dispute(1, 'our meter says more')
    expect(body.state).toBe('open')
    const outcome = { state: 'rejected', outcome: 'the meter was read again' }
    expect(
      (await rig.fsp.client.ask(operations.decideOnDispute, { params: { id: body.disputeId }, body: outcome })).status,
    ).toBe(403)
    expect(
      (await rig.clerk.ask(operations.decideOnDispute, { params: { id: body.disputeId }, body: outcome })).body
        .decidedBy,
    ).toBe('clara')
    expect(
      (await rig.clerk.ask(operations.decideOnDispute, { params: { id: body.disputeId }, body: outcome })).status,
    ).toBe(409)
    expect((await rig.fsp.client.ask(operations.listDisputes, { params })).body.items).toHaveLength(1)
  })
})

describe('terms of a contract', () => {
  const usual = { inDayAdjustment: false, scheduleAccuracy: false, missingMeterData: 'unpaid', referenceWPerDer: null }
  const scheme = { name: 'grace-and-multiplier', graceRatio: 0.95, slope: 3, floorRatio: 0.63 }

  test('FM20 terms may want an estimate for what is missing, which is flagged', async () => {
    const lineOf = async () => {
      const { body } = await prepare()
      return body.lines.find(
        (l: { fuId: string; from: string }) => l.fuId === other.fuId && l.from === '2026-01-26T17:15:00Z',
      )
    }
    const terms = { ...usual, baselineMethod: 'recent-history', scheme, missingMeterData: 'estimate' }
    const put = { params: { id: other.contractId }, body: terms }
    await agreed(rig.second, rig.clerk.ask(operations.setSettlementTerms, put))
    expect(await lineOf()).toMatchObject({
      meteredWh: 3_000,
      flags: ['estimated-meter-data'],
      deliveryRatio: 0.9,
      settledGbp: '0.85',
    })
  })

  test('FB01 the terms of a contract decide on baseline and scheme, and a fixed reference needs its profile', async () => {
    const put = (who: Client, terms: object) =>
      who.ask(operations.setSettlementTerms, { params: { id: unit.contractId }, body: { ...usual, ...terms } })
    const bad = await put(rig.clerk, { scheme, baselineMethod: 'fixed-reference' })
    expect([bad.status, bad.body.errors[0].field]).toEqual([422, 'referenceWPerDer'])
    expect((await put(rig.fsp.client, { scheme, baselineMethod: 'zero' })).status).toBe(403)
    const usef = { name: 'usef', penaltyGbpPerMwh: '200.00' }
    await agreed(rig.second, put(rig.clerk, { scheme: usef, baselineMethod: 'mid-8-in-10' }))
    const { body } = await prepare()
    const line = body.lines.find(
      (l: { fuId: string; from: string }) => l.fuId === unit.fuId && l.from === '2026-01-20T17:30:00Z',
    )
    // Delivered 8 of 10 kWh: 0.10 + 0.80 − 0.002 × 200 = 0.50, which is what was settled before, so there is no line for it.
    expect(line).toBeUndefined()
    const none = body.lines.find(
      (l: { fuId: string; from: string }) => l.fuId === unit.fuId && l.from === '2026-01-20T18:00:00Z',
    )
    expect(none).toMatchObject({ settledGbp: '-1.90', terms: { baselineMethod: 'mid-8-in-10' } })
    expect(none.baselineDays).toHaveLength(8)
  })
})

test('SEC13 everybody who had a hand in a statement keeps it when it is returned and done again', async () => {
  await rig.upload(unit.fuId, [['2026-01-20T18:00:00Z', 3_333]], { revision: 8 })
  const third = await rig.server.person('theo', 'settlement')
  const { statementId } = (await prepare()).body
  await move(rig.second, statementId, 'check')
  await move(third, statementId, 'return')
  await move(rig.clerk, statementId, 'check')
  expect(await move(rig.second, statementId, 'approve')).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('checked') },
  })
  const { body: seen } = await third.ask(operations.readStatement, { params: { id: statementId } })
  await move(rig.second, statementId, 'return')
  await move(rig.clerk, statementId, 'check')
  const stale = { params: { id: statementId }, body: { event: 'approve' }, version: seen.version }
  expect((await third.ask(operations.moveStatement, stale)).status).toBe(412)
  await move(rig.second, statementId, 'return')
})
