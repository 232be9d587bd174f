import fc from 'fast-check'
import { expect, test } from 'vitest'
import { leastA } from '../chargepoints/index.ts'
import { allocate, type Claim } from './allocation.ts'

const claim = fc.record({
  model: fc.record({ maxCurrentA: fc.constantFrom(16, 32), canPause: fc.boolean() }),
  usefulA: fc.integer({ min: leastA, max: 32 }),
  laxityMs: fc.integer({ min: -1_000_000, max: 50_000_000 }),
})
const claims = fc
  .array(claim, { maxLength: 40 })
  .map((all) => all.map((each, i): Claim => ({ ...each, key: `cp-${String(i).padStart(2, '0')}` })))
const capacity = fc.double({ min: 0, max: 1_500, noNaN: true })
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

test('allocates whole amperes, 0 or at least 6, within what a socket can use', () => {
  fc.assert(
    fc.property(claims, capacity, (all, capacityA) => {
      const limits = allocate(all, capacityA)
      for (const { key, usefulA, model } of all) {
        const limit = limits.get(key) ?? Number.NaN
        expect(Number.isInteger(limit)).toBe(true)
        expect(limit === 0 || limit >= leastA).toBe(true)
        expect(limit).toBeLessThanOrEqual(Math.min(usefulA, model.maxCurrentA))
        if (!model.canPause) expect(limit).toBeGreaterThanOrEqual(leastA)
      }
    }),
  )
})

test('never allocates more than the capacity in total, except to units that cannot pause', () => {
  fc.assert(
    fc.property(claims, capacity, (all, capacityA) => {
      const unavoidableA = all.filter(({ model }) => !model.canPause).length * leastA
      expect(sum(allocate(all, capacityA).values())).toBeLessThanOrEqual(Math.max(capacityA, unavoidableA))
    }),
  )
})

test('leaves over nothing that a vehicle could use, except less than 6 A', () => {
  fc.assert(
    fc.property(claims, capacity, (all, capacityA) => {
      const limits = allocate(all, capacityA)
      const left = Math.floor(capacityA) - sum(limits.values())
      for (const { key, usefulA, model } of all) {
        const limit = limits.get(key) ?? 0
        if (limit === 0) expect(left).toBeLessThan(leastA)
        else if (limit < Math.min(usefulA, model.maxCurrentA)) expect(left).toBeLessThanOrEqual(0)
      }
    }),
  )
})

test('serves the most urgent first, whatever the order of the sockets', () => {
  fc.assert(
    fc.property(claims, capacity, (all, capacityA) => {
      const sorted = (limits: Map<string, number>) => [...limits].sort(([a], [b]) => (a < b ? -1 : 1))
      expect(sorted(allocate([...all].reverse(), capacityA))).toEqual(sorted(allocate(all, capacityA)))
    }),
  )
  const model = { maxCurrentA: 32, canPause: true }
  const two = allocate(
    [
      { key: 'patient', model, usefulA: 32, laxityMs: 9_000 },
      { key: 'pressed', model, usefulA: 32, laxityMs: 1_000 },
    ],
    40,
  )
  expect([two.get('pressed'), two.get('patient')]).toEqual([32, 8])
})
