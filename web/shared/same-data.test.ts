import { expect, test } from 'vitest'
import { isSameData } from './same-data.ts'

test('data say the same in whatever order their members come, and another value or member is a difference', () => {
  const scheme = { name: 'sliding-scale', fromRatio: 0.6, toRatio: 1 }
  const terms = { scheme, steps: [1, 2], note: undefined }
  expect(isSameData(terms, { steps: [1, 2], scheme: { toRatio: 1, fromRatio: 0.6, name: 'sliding-scale' } })).toBe(true)
  expect(isSameData(terms, { steps: [2, 1], scheme })).toBe(false)
  expect(isSameData(terms, { steps: [1, 2], scheme: { ...scheme, fromRatio: 0.5 } })).toBe(false)
  expect(isSameData(terms, { steps: [1, 2], scheme, more: null })).toBe(false)
})
