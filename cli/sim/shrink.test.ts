import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shrink } from './shrink.ts'

const causes = Array.from({ length: 9 }, (_, i) => i)

test('what fails with some causes together is shrunk to just these, wherever they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(causes, { minLength: 1 }), async (needed) => {
      const fails = async (some: readonly number[]) => needed.every((each) => some.includes(each))
      expect(await shrink(causes, fails)).toEqual(needed)
    }),
  )
})

test('what fails without any cause is shrunk to none', async () => {
  expect(await shrink(causes, async () => true)).toEqual([])
})

test('nothing of what is left can be left out, where any two of some causes will do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(causes, { minLength: 2 }), async (able) => {
      const fails = async (some: readonly number[]) => some.filter((each) => able.includes(each)).length >= 2
      expect(await shrink(causes, fails)).toHaveLength(2)
    }),
  )
})
