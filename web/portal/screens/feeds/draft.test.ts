import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Feed } from '../../../../schemas/grid/feeds.ts'
import { draftOf, type FeedDraft, readFeedDraft, readRecords, spanS, spanText } from './draft.ts'

const draft: FeedDraft = {
  feedId: 'weather-forecast',
  name: 'Weather forecast',
  owner: 'Met Office, desk@met.example',
  format: 'JSON over HTTPS',
  cadence: '1 h',
  late: '2 h',
  silent: '4h',
  fields: 'at: string\ntemperatureC: number or null\n',
}

test('a draft becomes the terms of a feed: spans in seconds, fields with their types', () => {
  expect(readFeedDraft(draft, [])).toEqual({
    faults: {},
    given: {
      name: 'Weather forecast',
      owner: 'Met Office, desk@met.example',
      format: 'JSON over HTTPS',
      cadenceS: 3_600,
      amberS: 7_200,
      redS: 14_400,
      fields: { at: 'string', temperatureC: ['number', 'null'] },
    },
  })
})

test('every span is shown as it can be typed, and read as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_147_483_647 }), (seconds) => {
      expect(spanS(spanText(seconds))).toBe(seconds)
    }),
  )
  expect([86_400, 5_400, 3_600, 90].map(spanText)).toEqual(['1 d', '90 min', '1 h', '90 s'])
  expect(['', '0 s', '15', '1.5 h', '2 weeks', '9999999999 d'].map(spanS)).toEqual([null, null, null, null, null, null])
})

test('the terms of a feed that is there become a draft that says the same', () => {
  const given = readFeedDraft(draft, []).given
  const feed = { feedId: draft.feedId, ...given } as Feed
  expect(readFeedDraft(draftOf(feed), []).given).toEqual(given)
})

test.each([
  ['an identifier that is in use', { feedId: 'spot-prices' }, 'feedId', 'There is such a feed'],
  ['an identifier with capitals', { feedId: 'Weather' }, 'feedId', 'lower-case letters'],
  ['a span without a unit', { cadence: '15' }, 'cadence', 'such as 15 min'],
  ['lateness after silence', { late: '5 h' }, 'late', 'less than until it counts as silent'],
  ['a field without a type', { fields: 'at' }, 'fields', '“at” is not a field'],
  ['a type that JSON does not have', { fields: 'at: date' }, 'fields', '“at: date” is not a field'],
  ['a field that is there twice', { fields: 'at: string\nat: number' }, 'fields', 'at is there twice'],
] as const)('tells of %s at its field', (_, change, field, words) => {
  const { given, faults } = readFeedDraft({ ...draft, ...change }, ['spot-prices'])
  expect([given, Object.keys(faults), faults[field]]).toEqual([null, [field], expect.stringContaining(words)])
})

test('records are pasted as one or as a list; anything else is told of', () => {
  expect(readRecords('{"at":"now"}')).toEqual({ ok: true, given: { records: [{ at: 'now' }] } })
  expect(readRecords('[{"n":1},{"n":2}]')).toEqual({ ok: true, given: { records: [{ n: 1 }, { n: 2 }] } })
  expect(readRecords('at,now')).toMatchObject({ ok: false, fault: expect.stringContaining('not JSON') })
  expect(readRecords('[]')).toMatchObject({ ok: false, fault: expect.stringContaining('at least one record') })
})
