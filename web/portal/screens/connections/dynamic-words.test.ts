import { expect, test } from 'vitest'
import type { DynamicDay, DynamicPeriod } from '../../../../schemas/planning/dynamic-limits.ts'
import { issueInWords, spellsOf } from './dynamic-words.ts'

const nbsp = (text: string) => text.replaceAll('\u00a0', ' ')
const period = (hour: number, change: Partial<DynamicPeriod>): DynamicPeriod => ({
  from: `2026-01-15T${hour}:00:00Z`,
  to: `2026-01-15T${hour + 1}:00:00Z`,
  limitW: 60_000,
  reason: 'shared',
  nodeId: 'sec',
  roomW: 120_000,
  ...change,
})

test('half-hours with one limit and one reason are one line, and what is not known is no limit', () => {
  const spells = spellsOf(
    [
      period(10, {}),
      period(11, {}),
      period(12, { limitW: 20_000, reason: 'floor', roomW: -5_000 }),
      period(13, { limitW: null, reason: 'node-not-forecast', nodeId: 'pri', roomW: null }),
    ],
    [{ nodeId: 'sec', name: 'Mill Lane' }],
  )
  expect(
    spells.map(({ from, to, limitW, words }) => [from.slice(11, 16), to.slice(11, 16), limitW, nbsp(words)]),
  ).toEqual([
    ['10:00', '12:00', 60_000, 'A share: Mill Lane has room for 120.0 kW in total.'],
    ['12:00', '13:00', 20_000, 'The floor of the contract: Mill Lane has room for 0.0 kW in total.'],
    ['13:00', '14:00', null, 'No dynamic limit: the load of pri is not forecast.'],
  ])
})

test('an issue says when, by whom and by which rule; none and a withdrawn one say so', () => {
  const day: DynamicDay = {
    connectionId: '',
    tradingDay: '2026-01-15',
    version: 2,
    issuedAt: '2026-01-14T18:20:00Z',
    issuedBy: 'dynamic-limits',
    floorW: 20_000,
    share: 'equal',
    periods: [period(10, {})],
  }
  expect(nbsp(issueInWords(day))).toBe('Issue 2, 14 Jan 18:20, by dynamic-limits: shared equally, never below 20.0 kW.')
  expect(issueInWords({ ...day, periods: [] })).toContain('withdrawn')
  expect(issueInWords({ ...day, version: 0, issuedAt: null, periods: [] })).toContain('Nothing was issued')
})
