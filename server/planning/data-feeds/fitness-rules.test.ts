import { describe, expect, test } from 'vitest'
import { contentDays, silenceOf, unfitReason } from './fitness-rules.ts'

describe('a delivery', () => {
  test.each([
    [{ rows: 100, rejected: 1, fault: null }, null],
    [{ rows: 100, rejected: 0, fault: null }, null],
    [{ rows: 100, rejected: 2, fault: null }, '2 of 100 rows were rejected, and at most 1 % may be'],
    [{ rows: 0, rejected: 0, fault: null }, 'it has no rows'],
    [{ rows: 3, rejected: 3, fault: null }, 'none of its 3 rows could be taken'],
    [{ rows: 100, rejected: 0, fault: 'it was not read to its end' }, 'it was not read to its end'],
  ])('of %j is taken, or waits in quarantine because %s', (read, reason) => {
    expect(unfitReason(read, { mostRejectedPercent: 1 })).toBe(reason)
  })

  test('in which every row is rejected is never taken, however many may be', () => {
    expect(unfitReason({ rows: 2, rejected: 2, fault: null }, { mostRejectedPercent: 50 })).not.toBeNull()
  })
})

describe('the bytes of a delivery', () => {
  test.each([
    ['trips', 400, false, 300, 300],
    ['trips', 200, false, 300, 200],
    ['trips', 400, true, 300, 30],
    ['trips', 400, true, 7, 7],
    ['charge-points', 400, true, 7, 400],
    ['site-history', 90, false, 7, 90],
  ] as const)(
    'of %s kept for %d days (unread: %s) are there for %d days of trips: %d',
    (kind, keepDays, isUnread, tripDays, days) => {
      expect(contentDays({ kind, keepDays }, isUnread, tripDays)).toBe(days)
    },
  )
})

describe('a feed is waited for', () => {
  const rhythm = { everyDays: 31, lateAfterDays: 35, failedAfterDays: 45 }
  const once = { ...rhythm, everyDays: null }
  const [late, failed] = [35 * 86_400, 45 * 86_400]

  test.each([
    [{ rhythm, isActive: true }, false, late, failed],
    [{ rhythm, isActive: true }, true, late, failed],
    [{ rhythm: once, isActive: true }, false, late, failed],
    [{ rhythm: once, isActive: true }, true, null, 2_147_483_647],
    [{ rhythm, isActive: false }, false, null, 2_147_483_647],
  ])('%j, delivered: %s, until %s and %s s', (agreed, isDone, amberS, redS) => {
    expect(silenceOf(agreed, isDone)).toMatchObject({ amberS, redS })
  })
})
