import { describe, expect, test } from 'vitest'
import type { DataFeed } from '../../../../schemas/planning/data-feeds.ts'
import { type DataFeedDraft, draftOf, readDataFeedDraft } from './draft.ts'
import { dataFeedUrgency, dueInWords, feedWording } from './words.ts'

const draft: DataFeedDraft = {
  ...draftOf(null),
  feedId: 'city-rides-trips',
  name: 'Trips of City Rides',
  providerId: 'city-rides',
  columns: 'startedAt = pickup_time\nendedAt=dropoff_time',
  passedOver: 'driver rating\n\nfare\n',
}

describe('what is agreed of a feed', () => {
  test('is read from its form: columns a line each, headings that are passed over, and the rhythm', () => {
    expect(readDataFeedDraft(draft, []).given).toMatchObject({
      columns: { startedAt: 'pickup_time', endedAt: 'dropoff_time' },
      passedOver: ['driver rating', 'fare'],
      rhythm: { everyDays: 31, lateAfterDays: 35, failedAfterDays: 45 },
      mostRejectedPercent: 1,
      customerId: null,
    })
  })

  test('becomes a draft that says the same', () => {
    const { given } = readDataFeedDraft({ ...draft, comesAgain: false, zone: 'UTC', mostRejectedPercent: '2.5' }, [])
    const feed = { feedId: draft.feedId, ...given } as DataFeed
    expect(readDataFeedDraft(draftOf(feed), []).given).toEqual(given)
    expect(given).toMatchObject({ rhythm: { everyDays: null }, zone: 'UTC', mostRejectedPercent: 2.5 })
  })

  test.each([
    ['no provider', { providerId: '' }, 'providerId', 'Choose who delivers it.'],
    ['no customer of a meter history', { kind: 'site-history' }, 'customerId', 'Choose the customer'],
    ['an identifier that is in use', { feedId: 'other' }, 'feedId', 'It is in use'],
    ['lateness before it is due', { lateAfterDays: '30' }, 'lateAfterDays', 'cannot be late before it is due'],
    ['failure before lateness', { failedAfterDays: '35' }, 'failedAfterDays', 'more days than until it is late'],
    ['more than half of the rows', { mostRejectedPercent: '60' }, 'mostRejectedPercent', 'from 0 to 50'],
    ['a column without a heading', { columns: 'startedAt' }, 'columns', '“startedAt” is not a column'],
    ['a column twice', { columns: 'km = a\nkm = b' }, 'columns', 'km is there twice'],
    ['a name that is too long', { name: 'x'.repeat(101) }, 'name', 'at most 100 characters'],
  ] as const)('is not taken with %s, which is told at its field', (_, change, field, words) => {
    const { given, faults } = readDataFeedDraft({ ...draft, ...change }, ['other'])
    expect([given, Object.keys(faults), faults[field]]).toEqual([null, [field], expect.stringContaining(words)])
  })

  test('does not ask for days from one to the next of a file that comes once', () => {
    expect(readDataFeedDraft({ ...draft, comesAgain: false, everyDays: '' }, []).faults).toEqual({})
  })
})

const feed: DataFeed = {
  ...(readDataFeedDraft(draft, []).given as NonNullable<ReturnType<typeof readDataFeedDraft>['given']>),
  feedId: 'city-rides-trips',
  provider: 'City Rides',
  freshness: 'green',
  lastTakenAt: '2026-01-05T08:00:00Z',
  agreedAt: '2026-01-01T08:00:00Z',
  agreedBy: 'ada',
  quarantined: 0,
  etag: '1',
}

describe('how a feed stands', () => {
  test('says when the next file is due, and from when it is late and failed', () => {
    expect(dueInWords(feed)).toBe(
      'The next file is due by Thu 5 Feb 2026; it counts as late from Mon 9 Feb 2026 and as failed from Thu 19 Feb 2026.',
    )
  })

  test('waits for the first file from the day on which it was agreed', () => {
    expect(dueInWords({ ...feed, lastTakenAt: null })).toMatch(/^The first file is due by Sun 1 Feb 2026;/)
  })

  test('waits for no other file of one that came once, nor of one that is switched off', () => {
    const once = { ...feed, rhythm: { ...feed.rhythm, everyDays: null } }
    expect(dueInWords(once)).toBe('It came, as agreed, once. Nothing more is due.')
    expect(feedWording({ ...feed, isActive: false, freshness: 'red' }).word).toBe('Switched off')
  })

  test('puts files that nobody could read first, and what is switched off last', () => {
    const unread = { ...feed, quarantined: 1 }
    const silent = { ...feed, freshness: 'red' as const }
    const off = { ...feed, isActive: false, quarantined: 3 }
    const sorted = [off, feed, silent, unread].toSorted((a, b) => dataFeedUrgency(a) - dataFeedUrgency(b))
    expect(sorted).toEqual([unread, silent, feed, off])
  })
})
