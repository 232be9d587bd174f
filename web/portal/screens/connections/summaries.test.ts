import { describe, expect, test } from 'vitest'
import type { Overview } from '../../../../schemas/portal/portal.ts'
import { connectionDay, connections, fixtureNow } from '../../../test/support/fixtures.ts'
import { dayRows } from './day-rows.ts'
import {
  connectionInWords,
  dayInOneLine,
  dispatchInWords,
  exceptionsFirst,
  overviewInWords,
  turnDownBands,
} from './summaries.ts'

const now = Date.parse(fixtureNow)
const quiet = { due: 0, issued: 0, acknowledged: 0, refused: 0, unknown: 0, missed: 0 }
const noAlarms = { critical: 0, high: 0, medium: 0, low: 0 }

function overviewOf(change: Partial<Overview>): Overview {
  return {
    at: fixtureNow,
    tradingDay: '2026-01-15',
    sites: connections(true),
    alarms: noAlarms,
    dispatch: quiet,
    ...change,
  }
}

const nbsp = (text: string) => text.replaceAll('\u00a0', ' ')

describe('the overview in words', () => {
  test('says so in one calm line when nothing needs anyone', () => {
    expect(overviewInWords(overviewOf({}))).toEqual({
      tone: 'normal',
      text: 'All 9 sites are within their limits. No alarm is open.',
    })
  })
  test('names what is over its limit and what is not known', () => {
    const { tone, text } = overviewInWords(overviewOf({ sites: connections(), alarms: { ...noAlarms, high: 1 } }))
    expect(tone).toBe('fault')
    expect(text).toBe('Dartford is over its limit; Camden is without fresh data; 1 alarm open.')
  })
  test('tells of instructions that went wrong though every site is within its limit', () => {
    const { text } = overviewInWords(overviewOf({ dispatch: { ...quiet, due: 3, issued: 2, refused: 1, missed: 1 } }))
    expect(text).toBe('1 instruction refused; 1 instruction missed. All 9 sites are within their limits.')
  })
  test('sums the dispatch of the day', () => {
    expect(dispatchInWords(quiet)).toBe('No turn-down has been due today.')
    expect(dispatchInWords({ ...quiet, due: 36, issued: 36, acknowledged: 36 })).toBe(
      '36 turn-down instructions due so far, all acknowledged.',
    )
  })
})

describe('a list of sites', () => {
  test('has breaches first, then what is not known', () => {
    expect(
      exceptionsFirst(connections())
        .map((site) => site.state)
        .slice(0, 3),
    ).toEqual(['breach', 'unknown', 'compliant'])
  })
})

describe('a connection in words', () => {
  test('says by how much and since when it is over its limit', () => {
    const dartford = connections().find((site) => site.name === 'Dartford')
    expect(dartford && nbsp(connectionInWords(dartford, now))).toBe(
      'Import is 7.4 kW over the limit of 155.0 kW since 17:30.',
    )
  })
  test('does not call old data a load', () => {
    const camden = connections().find((site) => site.name === 'Camden')
    expect(camden && nbsp(connectionInWords(camden, now))).toMatch(
      /^No fresh data since 17:16\. Import was 42\.\d kW at 17:11;/,
    )
  })
})

describe('a day', () => {
  const dartford = connections().find((site) => site.name === 'Dartford')?.connectionId ?? ''
  const day = connectionDay(dartford, '2026-01-15')
  test('is told in one line: peak, breach, turn-down', () => {
    expect(nbsp(dayInOneLine(day, now))).toMatch(
      /^Import peaked at 16\d\.\d kW at 17:\d\d; a breach from 17:24, still going after 28 min, at most 22\.4 kW over; turn-down of 35\.0 kW instructed from 17:00 to 19:00\.$/,
    )
  })
  test('joins turn-downs that lie end to end, and leaves out what was refused', () => {
    expect(turnDownBands(day)).toHaveLength(1)
    const refused = { ...day, turnDowns: day.turnDowns.map((t, i) => (i === 2 ? { ...t, state: 'refused' } : t)) }
    expect(turnDownBands(refused).map((b) => (b.to - b.from) / 900_000)).toEqual([2, 5])
  })
  test('is a table of 92, 96 or 100 quarter-hours', () => {
    const rowsOn = (tradingDay: string) => dayRows(connectionDay(dartford, tradingDay)).length
    expect([rowsOn('2025-03-30'), rowsOn('2026-01-15'), rowsOn('2025-10-26')]).toEqual([92, 96, 100])
  })
  test('leaves quarter-hours without data empty, and marks those that cannot be trusted', () => {
    const rows = dayRows(day)
    expect(rows[40]).toMatchObject({ meanW: null, headroomW: null, limitW: 176_000 })
    expect(rows[52]?.doubtful).toBe(true)
    expect(rows.filter((row) => row.turnDownW !== null)).toHaveLength(8)
  })
})
