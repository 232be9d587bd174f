import { expect, test } from 'vitest'
import { day, month, oneOf, searchOf, text, whole, yesOrNo } from './search.ts'

const read = searchOf({
  day,
  month,
  view: oneOf<'chart' | 'table'>({ chart: true, table: true }),
  hours: whole(1, 744),
  open: text,
  edit: yesOrNo,
})

test('what makes sense in an address is taken, and the rest is as if it were missing', () => {
  const whole = { day: '2028-02-29', month: '2026-12', view: 'table', hours: 744, open: 'a', edit: false }
  expect(read({ ...whole, other: 1 })).toEqual(whole)
  expect(read({ day: '2026-02-30', month: '2026-13', view: 'toString', hours: 745, open: 7, edit: 'yes' })).toEqual({})
})
