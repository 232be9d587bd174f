import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { FeedState } from '../../schemas/fsp/feeds/feeds.ts'
import type { Statement } from '../../schemas/settlement/statements.ts'
import {
  checkDelivery,
  checkDispatch,
  checkEnergy,
  checkFeeds,
  checkHomes,
  checkMeasurements,
  checkStatement,
  dispatchFigures,
  instructedQuarters,
} from './checks.ts'

const from = Instant.parse('2026-01-15T17:00:00Z')
const by = from.minusSeconds(29 * 60)
const owed = (fuId: string) => ({ product: 'A' as const, fuId, from, turnDownW: 40_000, by })
const due = [owed('a'), owed('b')]
const arrived = (fuId: string, instructionId: string, minutesAhead = 30, turnDownW = 40_000) => ({
  instructionId,
  fuId,
  from,
  turnDownW,
  receivedAt: from.minusSeconds(minutesAhead * 60),
  isAccepted: true,
})

test('everything owed that arrives once and in time holds', () => {
  const figures = dispatchFigures(due, [arrived('a', '1'), arrived('b', '2')])
  expect(figures).toEqual({ due: 2, issued: 2, acknowledged: 2, late: 0, duplicates: 0, notOwed: 0 })
  expect(checkDispatch(figures, 'A').ok).toBe(true)
})

test('a lost, a late, a doubled, an unowed and a refused instruction, and one for other W, each fail the check', () => {
  const holds = (...received: ReturnType<typeof arrived>[]) => checkDispatch(dispatchFigures(due, received), 'A').ok
  expect(holds(arrived('a', '1'))).toBe(false)
  expect(holds(arrived('a', '1'), arrived('b', '2', 28))).toBe(false)
  expect(holds(arrived('a', '1'), arrived('b', '2'), arrived('b', '3'))).toBe(false)
  expect(holds(arrived('a', '1'), arrived('b', '2'), arrived('c', '3'))).toBe(false)
  expect(holds(arrived('a', '1'), arrived('b', '2', 30, 39_999))).toBe(false)
  expect(holds(arrived('a', '1'), { ...arrived('b', '2'), isAccepted: false })).toBe(false)
  expect(checkDispatch(dispatchFigures([], []), 'A').ok).toBe(false)
})

test('an interval of several quarter-hours counts as each of them', () => {
  const received = { instructionId: '1', fuId: 'a', product: 'B', from, to: from.plusSeconds(2_700), turnDownW: 40_000 }
  const quarters = instructedQuarters(
    [
      { ...received, receivedAt: from, outcome: 'accepted' },
      { ...received, product: 'C', receivedAt: from, outcome: 'accepted' },
    ],
    'B',
  )
  expect(quarters.map((each) => each.from.toString())).toEqual([
    '2026-01-15T17:00:00Z',
    '2026-01-15T17:15:00Z',
    '2026-01-15T17:30:00Z',
  ])
})

test('what was instructed, uploaded and settled must agree, and some of it be delivered', () => {
  const line = { fuId: 'a', from: from.toString(), instructedW: 40_000, meteredWh: 5_000, deliveredWh: 9_000 }
  const holds = (change: Partial<typeof line>, uploadedWh = 5_000) =>
    checkDelivery(
      'A',
      [arrived('a', '1')],
      [{ product: 'A', lines: [{ ...line, ...change }] } as unknown as Statement],
      {
        readingsWh: new Map([[`a ${from}`, uploadedWh]]),
      },
    ).ok
  expect(holds({})).toBe(true)
  expect(holds({ instructedW: 30_000 })).toBe(false)
  expect(holds({}, 4_000)).toBe(false)
  expect(holds({ deliveredWh: 0 })).toBe(false)
  expect(holds({ deliveredWh: 11_000 })).toBe(false)
})

test('homes that draw as much as without an instruction, or whose meters read less than they drew, fail', () => {
  const holds = (drawnWh: number, meteredWh: number) =>
    checkHomes(
      new Map([['a', new Map([[from.toEpochMilli(), { drawnWh, undisturbedWh: 20_000 }]])]]),
      [arrived('a', '1')],
      { readingsWh: new Map([[`a ${from}`, meteredWh]]) },
    ).map((check) => check.ok)
  expect(holds(10_000, 10_000)).toEqual([true, true])
  expect(holds(10_000, 9_000)).toEqual([false, true])
  expect(holds(19_000, 19_000)).toEqual([true, false])
})

test('homes that were turned up must draw that much more: what others saved does not stand in for it', () => {
  const later = from.plusSeconds(900)
  const holds = (drawnWh: number) =>
    checkHomes(
      new Map([
        ['a', new Map([[from.toEpochMilli(), { drawnWh: 10_000, undisturbedWh: 20_000 }]])],
        ['b', new Map([[later.toEpochMilli(), { drawnWh, undisturbedWh: 20_000 }]])],
      ]),
      [arrived('a', '1'), { ...arrived('b', '2', 30, -40_000), from: later }],
      {
        readingsWh: new Map([
          [`a ${from}`, 10_000],
          [`b ${later}`, drawnWh],
        ]),
      },
    ).map((check) => [check.name.slice(0, 26), check.ok])
  const fell = ['the load of the homes fell', true]
  const rose = (ok: boolean) => ['the load of the homes rose', ok]
  expect(holds(30_000)).toEqual([['metered energy of the home', true], fell, rose(true)])
  expect(holds(21_000)).toEqual([['metered energy of the home', true], fell, rose(false)])
})

test('what was turned up agrees with its lines, which count in the direction of their contract', () => {
  const line = { fuId: 'a', from: from.toString(), instructedW: 40_000, meteredWh: 5_000, deliveredWh: 9_000 }
  const statement = { product: 'B', lines: [{ ...line, direction: 'turn-up' }] } as unknown as Statement
  const readings = { readingsWh: new Map([[`a ${from}`, 5_000]]) }
  expect(checkDelivery('B', [arrived('a', '1', 30, -40_000)], [statement], readings).ok).toBe(true)
  expect(checkDelivery('B', [arrived('a', '1', 30, -20_000)], [statement], readings).ok).toBe(false)
})

test('a statement whose lines do not sum to it fails, to the penny', () => {
  const given = (total: string, ...amounts: string[]) =>
    ({ number: 'x', totalGbp: total, lines: amounts.map((amountGbp) => ({ amountGbp })) }) as Statement
  expect(checkStatement(given('0.30', '0.10', '0.20')).ok).toBe(true)
  expect(checkStatement(given('-0.10', '0.10', '-0.20')).ok).toBe(true)
  expect(checkStatement(given('0.31', '0.10', '0.20')).ok).toBe(false)
  expect(checkStatement(given('0.00')).ok).toBe(false)
})

test('a lost measurement and a depot whose meter and hub disagree fail', () => {
  expect([checkMeasurements(10, 10).ok, checkMeasurements(9, 10).ok, checkMeasurements(0, 0).ok]).toEqual([
    true,
    false,
    false,
  ])
  const figures = (hub: number, metered: number) => ({
    hubEvWh: new Map([['c', hub]]),
    meteredByConnectionWh: new Map([['c', metered]]),
  })
  expect(checkEnergy(figures(200_500, 200_000)).ok).toBe(true)
  expect(checkEnergy(figures(203_000, 200_000)).ok).toBe(false)
  expect(checkEnergy({ ...figures(0, 0), hubEvWh: new Map(), meteredByConnectionWh: new Map() }).ok).toBe(false)
})

test('a depot without a feed, a late feed, one that failed and one with something in quarantine fail', () => {
  const feed = { freshness: 'green', lastError: null, quarantinedFiles: 0, quarantinedRecords: 0 } as const
  const all = (change: object) => [
    { ...feed, feedId: 'clamps', format: { kind: 'site-load' } as FeedState['format'], ...change },
    { ...feed, feedId: 'vans', format: { kind: 'telematics' } as FeedState['format'] },
  ]
  expect(checkFeeds(all({}), 1)).toMatchObject({ ok: true, detail: '1 of site load, 1 of telematics' })
  expect(checkFeeds(all({}), 2).ok).toBe(false)
  expect(checkFeeds(all({}).slice(0, 1), 1).ok).toBe(false)
  expect(checkFeeds(all({ freshness: 'red' }), 1)).toMatchObject({
    ok: false,
    detail: expect.stringContaining('clamps is red'),
  })
  expect(checkFeeds(all({ lastError: '502' }), 1).ok).toBe(false)
  expect(checkFeeds(all({ quarantinedRecords: 1 }), 1).ok).toBe(false)
})
