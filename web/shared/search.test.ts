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

test('what makes sense in an address is taken, and the rest is stated as missing, so that it does not stay', () => {
  const good = { day: '2028-02-29', month: '2026-12', view: 'table', hours: 744, open: 'a', edit: false }
  expect(read({ ...good, other: 1 })).toStrictEqual(good)
  const nonsense = { day: '2026-02-30', month: '2026-13', view: 'toString', hours: 745, open: 7, edit: 'yes' }
  const none = { day: undefined, month: undefined, view: undefined, hours: undefined, open: undefined, edit: undefined }
  expect(read(nonsense)).toStrictEqual(none)
})
