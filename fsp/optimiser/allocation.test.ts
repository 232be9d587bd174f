import fc from 'fast-check'
import { expect, test } from 'vitest'
import { leastA } from '../chargepoints/index.ts'
import { allocate, type Claim } from './allocation.ts'
import { withTurnMs } from './priority.ts'

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
})

const model = { maxCurrentA: 32, canPause: true }
const minutes = (key: string, laxity: number): Claim => ({
  key,
  model,
  usefulA: 32,
  laxityMs: laxity * 60_000,
})

test.each([
  // What is left after the most urgent is enough for the next.
  [40, { pressed: 32, calm: 8, idle: 0 }],
  // 2 A are left, 4 A short of the least: the most urgent gives them, and nobody gives for the third.
  [34, { pressed: 28, calm: 6, idle: 0 }],
  [70, { pressed: 32, calm: 32, idle: 6 }],
  // 3 A are short: the less urgent of the two gives them.
  [67, { pressed: 32, calm: 29, idle: 6 }],
  // All have their least, and 5 A are not enough for one more.
  [11, { pressed: 11, calm: 0, idle: 0 }],
  [12, { pressed: 12, calm: 0, idle: 0 }],
  [5, { pressed: 0, calm: 0, idle: 0 }],
])('of %i A the urgent vehicles get all that they can use before the others get any', (capacityA, expected) => {
  const claims = [minutes('idle', 600), minutes('pressed', 1), minutes('calm', 60)]
  expect(Object.fromEntries(allocate(claims, capacityA))).toEqual(expected)
})

test('a vehicle that is charging keeps its turn until another is ten minutes more urgent, or has less than an hour to spare', () => {
  const turn = (laxity: number) => withTurnMs(laxity * 60_000, true) / 60_000
  const shared = (now: number, next: number) =>
    Object.fromEntries(allocate([minutes('now', turn(now)), minutes('next', next)], 32))
  expect(shared(120, 111)).toEqual({ now: 32, next: 0 })
  expect(shared(120, 109)).toEqual({ now: 0, next: 32 })
  expect(shared(65, 59)).toEqual({ now: 0, next: 32 })
  expect(shared(50, 49)).toEqual({ now: 0, next: 32 })
})

test('where any current may be given, nothing is left over while a vehicle could use it', () => {
  fc.assert(
    fc.property(claims, capacity, (all, capacityA) => {
      const pausing = all.map((each) => ({ ...each, model: { ...each.model, canPause: true } }))
      const limits = allocate(pausing, capacityA, { leastA: 0, stepA: 0 })
      const usable = sum(pausing.map(({ usefulA, model: { maxCurrentA } }) => Math.min(usefulA, maxCurrentA)))
      expect(sum(limits.values())).toBeCloseTo(Math.min(capacityA, usable), 6)
    }),
  )
})
