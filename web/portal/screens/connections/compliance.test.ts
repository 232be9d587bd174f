import { describe, expect, test } from 'vitest'
import type { Feed } from '../../../../schemas/grid/feeds.ts'
import { dayParts, daysInWords, everyDay } from '../../../shared/connection-day/compliance-days.ts'
import { feedsInWords } from '../feeds/summaries.ts'

const day = { tradingDay: '2026-01-15', compliantS: 80_000, atRiskS: 4_000, breachS: 2_400, unknownS: 0 }

describe('a day of compliance', () => {
  test('is split from the worst state up, without those that it was never in', () => {
    expect(dayParts(day).map((part) => part.state)).toEqual(['breach', 'at-risk', 'compliant'])
    expect(dayParts(day).reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(1, 12)
  })
})

describe('a span of days', () => {
  test('has every day, those without an answer as not monitored', () => {
    const days = everyDay([day], '2026-01-13', '2026-01-16')
    expect(days.map((each) => each.tradingDay)).toEqual(['2026-01-13', '2026-01-14', '2026-01-15', '2026-01-16'])
    expect(days.map((each) => dayParts(each).length)).toEqual([0, 0, 3, 0])
  })
})

describe('days of compliance in words', () => {
  test('tell the share within the limit, and how long not', () => {
    expect(daysInWords([day, { ...day, breachS: 0, unknownS: 3_600 }]).replaceAll('\u00a0', ' ')).toBe(
      'Within the limit for 96.6 % of the time monitored, over it for 40 min on 1 day; not known for 1 h.',
    )
    expect(daysInWords([{ ...day, breachS: 0 }]).replaceAll('\u00a0', ' ')).toBe(
      'Within the limit for 100.0 % of the time monitored, never over it.',
    )
  })
  test('do not speak of compliance where nothing was watched', () => {
    expect(daysInWords([{ ...day, compliantS: 0, atRiskS: 0, breachS: 0 }])).toBe('Not monitored in this period.')
  })
})

describe('feeds in words', () => {
  test('name what is silent, and are calm when all deliver', () => {
    const [onTime, silent] = [{ freshness: 'green' } as Feed, { freshness: 'red' } as Feed]
    expect(feedsInWords([onTime, silent])).toEqual({ tone: 'fault', text: '1 feed silent.' })
    expect(feedsInWords([onTime])).toEqual({ tone: 'normal', text: 'All feeds deliver on time.' })
    expect(feedsInWords([{ ...onTime, freshness: 'never' }]).tone).toBe('doubt')
  })
})
