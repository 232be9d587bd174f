import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergedHistory, unrecorded } from './merged-history.ts'

const halfHourMs = 30 * 60_000
const of = (readings: Record<number, number>) =>
  new Map(Object.entries(readings).map(([slot, kwh]) => [Number(slot) * halfHourMs, kwh]))

test('P8 a later reading replaces an earlier one, and one that says nothing does not', () => {
  const before = { fromMs: 2 * halfHourMs, kwh: [1, 2, unrecorded] }
  expect(mergedHistory(before, of({ 3: 9, 4: unrecorded, 6: 4 }), 100)).toEqual({
    fromMs: 2 * halfHourMs,
    kwh: [1, 9, unrecorded, unrecorded, 4],
  })
  expect(mergedHistory(before, of({ 2: unrecorded, 0: 7 }), 100)).toEqual({
    fromMs: 0,
    kwh: [7, unrecorded, 1, 2, unrecorded],
  })
})

test('P8 of a history that grows too long the latest half-hours stay', () => {
  expect(mergedHistory({ fromMs: 0, kwh: [1, 2, 3] }, of({ 4: 5 }), 3)).toEqual({
    fromMs: 2 * halfHourMs,
    kwh: [3, unrecorded, 5],
  })
  expect(mergedHistory({ fromMs: 100 * halfHourMs, kwh: [1] }, of({ 0: 5 }), 3)).toEqual({
    fromMs: 98 * halfHourMs,
    kwh: [unrecorded, unrecorded, 1],
  })
})

test('P8 whatever is merged, each half-hour has its latest reading', () => {
  const readings = fc
    .dictionary(fc.integer({ min: 0, max: 30 }).map(String), fc.constantFrom(unrecorded, 0, 1, 2), { minKeys: 1 })
    .map((found) => of(found))
  fc.assert(
    fc.property(fc.array(readings, { minLength: 1, maxLength: 5 }), (files) => {
      let merged: ReturnType<typeof mergedHistory> | null = null
      const naive = new Map<number, number>()
      for (const file of files) {
        merged = mergedHistory(merged, file, 100)
        for (const [ms, kwh] of file) if (kwh !== unrecorded) naive.set(ms, kwh)
      }
      const found = new Map(merged?.kwh.map((kwh, i) => [(merged?.fromMs ?? 0) + i * halfHourMs, kwh] as const) ?? [])
      expect(new Map([...found].filter(([, kwh]) => kwh !== unrecorded))).toEqual(
        new Map([...naive].sort(([a], [b]) => a - b)),
      )
    }),
  )
})
