import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { ClockWatch, isClockOff } from './clock-watch.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}Z`)

test('a message that was held back does not make a clock slow: the stamp furthest ahead in the last hour counts', () => {
  const watch = new ClockWatch()
  // The clock is 40 s ahead: received at 12:00:00 with 12:00:40, and a backlog of 11:30:40 received at 12:00:10.
  watch.see('2026-01-15T12:00:40Z', at('12:00:00'))
  watch.see('2026-01-15T11:30:40Z', at('12:00:10'))
  expect(watch.aheadS(at('12:00:10'))).toBe(40)
  // At 13:00:05 the first is past the hour; of the second, 12:00:10 less 11:30:40, 1770 s behind is left.
  expect(watch.aheadS(at('13:00:05'))).toBe(-1_770)
  expect(watch.aheadS(at('13:00:10'))).toBeNull()
})

test('a clock that was set right is seen to be right within the hour, and what is no time says nothing', () => {
  const watch = new ClockWatch()
  watch.see('2026-01-15T12:02:00Z', at('12:00:00'))
  watch.see('never', at('12:30:00'))
  watch.see('2026-01-15T12:30:00Z', at('12:30:01'))
  expect([watch.aheadS(at('12:59:59')), watch.aheadS(at('13:00:00'))]).toEqual([120, -1])
})

test('I14 a clock may be off by 60 s, not by more, in either direction', () => {
  expect([60, -60, 60.001, -61, null].map(isClockOff)).toEqual([false, false, true, true, false])
})
