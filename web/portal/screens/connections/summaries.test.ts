import { type Instant, LocalDate } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import type { ConnectionDay, ConnectionSummary } from '../../../../schemas/grid/connections.ts'
import type { Overview } from '../../../../schemas/portal/portal.ts'
import { dayStart, periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { dayInOneLine, turnDownBands } from '../../../shared/connection-day/day-in-words.ts'
import { dayRows } from '../../../shared/connection-day/day-rows.ts'
import { connectionInWords } from './connection-in-words.ts'
import { dispatchInWords, exceptionsFirst, overviewInWords } from './summaries.ts'

const at = '2026-01-15T17:52:20Z'
const now = Date.parse(at)

/** Of a site what is told of it; within its limit unless stated otherwise. */
function siteOf(name: string, change: Partial<ConnectionSummary> = {}): ConnectionSummary {
  const calm = {
    name,
    connectionId: name,
    state: 'compliant' as const,
    stateSince: null,
    import: { importW: 100_000, at, quality: 'good' as const, stale: false },
    limitW: 155_000,
    openAlarms: 0,
    hubLink: 'online' as const,
  }
  return { ...calm, ...change } as ConnectionSummary
}

const calmSites = ['Islington', 'Whitechapel', 'Premier Park', 'Mount Pleasant', 'Bexleyheath', 'Orpington', 'Victoria']
const dartford = siteOf('Dartford', {
  state: 'breach',
  stateSince: '2026-01-15T17:30:00Z',
  import: { importW: 162_400, at, quality: 'good', stale: false },
  openAlarms: 1,
})
const camden = siteOf('Camden', {
  state: 'unknown',
  stateSince: '2026-01-15T17:16:20Z',
  import: { importW: 42_300, at: '2026-01-15T17:11:00Z', quality: 'good', stale: true },
  hubLink: 'offline',
})
const sites = [...calmSites.map((name) => siteOf(name)), dartford, camden]
const quiet = { due: 0, issued: 0, acknowledged: 0, refused: 0, unknown: 0, missed: 0, stopped: 0 }
const noAlarms = { critical: 0, high: 0, medium: 0, low: 0 }

function overviewOf(change: Partial<Overview>): Overview {
  return {
    at,
    tradingDay: '2026-01-15',
    sites: [...calmSites, 'Dartford', 'Camden'].map((name) => siteOf(name)),
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
  test('does not ask anyone to look into a site that has no monitor', () => {
    const estate = siteOf('Barnsbury estate', { state: 'unknown', import: null, hubLink: null })
    const { tone, text } = overviewInWords(overviewOf({ sites: [estate, ...calmSites.map((name) => siteOf(name))] }))
    expect(tone).toBe('normal')
    expect(text).toBe('All 7 sites with a monitor are within their limits. No alarm is open.')
    expect(overviewInWords(overviewOf({ sites: [estate] })).text).toBe('No site has a monitor yet. No alarm is open.')
    expect(exceptionsFirst([estate, camden, dartford]).map(({ name }) => name)).toEqual([
      'Dartford',
      'Camden',
      'Barnsbury estate',
    ])
  })
  test('names what is over its limit and what is not known', () => {
    const { tone, text } = overviewInWords(overviewOf({ sites, alarms: { ...noAlarms, high: 1 } }))
    expect(tone).toBe('fault')
    expect(text).toBe('Dartford is over its limit; Camden is without fresh data; 1 alarm open.')
  })
  test('tells of instructions that went wrong though every site is within its limit', () => {
    const { text } = overviewInWords(
      overviewOf({ dispatch: { ...quiet, due: 3, issued: 2, refused: 1, missed: 1, stopped: 0 } }),
    )
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
      exceptionsFirst(sites)
        .map((site) => site.state)
        .slice(0, 3),
    ).toEqual(['breach', 'unknown', 'compliant'])
  })
})

describe('a connection in words', () => {
  test('says by how much and since when it is over its limit', () => {
    expect(nbsp(connectionInWords(dartford, now))).toBe('Import is 7.4 kW over the limit of 155.0 kW since 17:30.')
  })
  test('does not call old data a load', () => {
    expect(nbsp(connectionInWords(camden, now))).toMatch(/^No fresh data since 17:16\. Import was 42\.\d kW at 17:11;/)
  })
})

/** A day until the evening: 12 kW, a peak in the breach; no data in the 25 min from 10:00, doubtful ones from 13:00 to 13:40. */
function dayOf(tradingDay: string): ConnectionDay {
  const start = dayStart(LocalDate.parse(tradingDay))
  const minute = (n: number) => start.plusSeconds(60 * n)
  const load = Array.from({ length: 17 * 60 + 52 }, (_, n) => ({
    at: minute(n).toString(),
    importW: n === 17 * 60 + 30 ? 162_400 : 12_000,
    quality: n >= 780 && n < 820 ? ('questionable' as const) : ('good' as const),
  })).filter((_, n) => n < 600 || n >= 625)
  const evening = periodStarts(LocalDate.parse(tradingDay), 'PT15M').slice(68, 76)
  const next = (from: Instant) => from.plusSeconds(900).toString()
  const limit = { limitW: 176_000, source: 'profile' as const }
  return {
    connectionId: 'Dartford',
    tradingDay,
    load,
    limits: [{ from: start.toString(), to: minute(26 * 60).toString(), ...limit }],
    turnDowns: evening.map((from) => ({
      from: from.toString(),
      to: next(from),
      turnDownW: 35_000,
      state: 'acknowledged',
    })),
    breaches: [
      {
        breachId: 'b',
        connectionId: 'Dartford',
        connectionName: 'Dartford',
        direction: 'import',
        start: '2026-01-15T17:24:00Z',
        end: null,
        limitW: 155_000,
        limitSource: 'profile',
        peakExcessW: 22_400,
        excessWh: 6_150,
      },
    ],
  }
}

describe('a day', () => {
  const day = dayOf('2026-01-15')
  test('is told in one line: peak, breach, turn-down', () => {
    expect(nbsp(dayInOneLine(day, now))).toMatch(
      /^Import peaked at 16\d\.\d kW at 17:\d\d; a breach from 17:24, ongoing after 28 min, up to 22\.4 kW over; turn-down of 35\.0 kW instructed from 17:00 to 19:00\.$/,
    )
  })
  test('joins turn-downs that lie end to end, and leaves out what was refused', () => {
    expect(turnDownBands(day)).toHaveLength(1)
    const refused = { ...day, turnDowns: day.turnDowns.map((t, i) => (i === 2 ? { ...t, state: 'refused' } : t)) }
    expect(turnDownBands(refused).map((b) => (b.to - b.from) / 900_000)).toEqual([2, 5])
  })
  test('is a table of 92, 96 or 100 quarter-hours', () => {
    const rowsOn = (tradingDay: string) => dayRows(dayOf(tradingDay)).length
    expect([rowsOn('2025-03-30'), rowsOn('2026-01-15'), rowsOn('2025-10-26')]).toEqual([92, 96, 100])
  })
  test('leaves quarter-hours without data empty, and marks those that cannot be trusted', () => {
    const rows = dayRows(day)
    expect(rows[40]).toMatchObject({ meanW: null, headroomW: null, limitW: 176_000 })
    expect(rows[52]?.doubtful).toBe(true)
    expect(rows.filter((row) => row.turnDownW !== null)).toHaveLength(8)
  })
})
