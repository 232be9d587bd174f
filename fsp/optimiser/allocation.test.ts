import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate, type Claim, type Share, type SharedLimit } from './allocation.ts'
import { withTurnMs } from './priority.ts'

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)
const amperes = (shares: Map<string, Share>) => [...shares.values()].map(({ limitA }) => limitA)
const limitOf = (capacityA: number): SharedLimit[] => [{ id: 'connection', capacityA }]
const ofOne = [{ limit: 0, factor: 1 }]

const someone = fc.record({
  leastA: fc.constantFrom(6, 6, 6, 8),
  moreA: fc.integer({ min: 0, max: 26 }),
  canPause: fc.boolean(),
  laxityMs: fc.integer({ min: -1_000_000, max: 50_000_000 }),
})
const keyed = <T extends object>(all: T[]) =>
  all.map((each, i) => ({ ...each, key: `cp-${String(i).padStart(2, '0')}` }))
const claims = fc
  .array(someone, { maxLength: 40 })
  .map((all) => keyed(all).map(({ moreA, ...each }): Claim => ({ ...each, mostA: each.leastA + moreA, uses: ofOne })))
const capacity = fc.double({ min: 0, max: 1_500, noNaN: true })

/** A depot of five limits: its total, three phases, and a feeder; sockets on one phase or on three, some on the feeder. */
const wired = fc.record({ phase: fc.constantFrom(1, 2, 3, 0), isOnFeeder: fc.boolean() })
const depot = fc
  .record({
    claims: fc.array(fc.tuple(someone, wired), { maxLength: 30 }),
    capacities: fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 5, maxLength: 5 }),
  })
  .map(({ claims: all, capacities }) => ({
    limits: capacities.map((capacityA, i): SharedLimit => ({ id: `limit ${i}`, capacityA })),
    claims: keyed(all.map(([one, wiring]) => ({ ...one, ...wiring }))).map(
      ({ moreA, phase, isOnFeeder, ...each }): Claim => ({
        ...each,
        mostA: each.leastA + moreA,
        uses: [
          { limit: 0, factor: phase === 0 ? 3 : 1 },
          ...(phase === 0 ? [1, 2, 3] : [phase]).map((limit) => ({ limit, factor: 1 })),
          ...(isOnFeeder ? [{ limit: 4, factor: phase === 0 ? 3 : 1 }] : []),
        ],
      }),
    ),
  }))

/** What an allocation takes of each limit, A. */
function takenOf(all: readonly Claim[], limits: readonly SharedLimit[], ampere: (key: string) => number): number[] {
  return limits.map((_, i) =>
    sum(all.map(({ key, uses }) => (uses.find(({ limit }) => limit === i)?.factor ?? 0) * ampere(key))),
  )
}

test('allocates whole amperes, 0 or at least the least of the socket, within what it can use', () => {
  fc.assert(
    fc.property(depot, ({ claims: all, limits }) => {
      const shares = allocate(all, limits)
      for (const { key, leastA, mostA, canPause } of all) {
        const { limitA } = shares.get(key) as Share
        expect(Number.isInteger(limitA)).toBe(true)
        expect(limitA === 0 ? canPause : limitA >= leastA).toBe(true)
        expect(limitA).toBeLessThanOrEqual(mostA)
      }
    }),
  )
})

test('takes more of no limit than there is, but what units that cannot pause need, and says of those that they are forced', () => {
  fc.assert(
    fc.property(depot, ({ claims: all, limits }) => {
      const shares = allocate(all, limits)
      const taken = takenOf(all, limits, (key) => shares.get(key)?.limitA ?? Number.NaN)
      const unavoidable = takenOf(
        all.filter(({ canPause }) => !canPause),
        limits,
        (key) => all.find((each) => each.key === key)?.leastA ?? 0,
      )
      for (const [i, { capacityA }] of limits.entries()) {
        const isOver = (taken[i] as number) > capacityA + 1e-6
        expect(taken[i]).toBeLessThanOrEqual(Math.max(capacityA, unavoidable[i] as number) + 1e-6)
        const forced = all.filter(({ canPause, uses }) => !canPause && uses.some(({ limit }) => limit === i))
        if (isOver) expect(forced.every(({ key }) => shares.get(key)?.isForced)).toBe(true)
      }
    }),
  )
})

test('leaves over nothing that a vehicle could use, except less than its least, and names the limit that stops it', () => {
  fc.assert(
    fc.property(depot, ({ claims: all, limits }) => {
      const shares = allocate(all, limits)
      const taken = takenOf(all, limits, (key) => shares.get(key)?.limitA ?? Number.NaN)
      for (const { key, leastA, mostA, uses } of all) {
        const { limitA, boundBy } = shares.get(key) as Share
        if (limitA === mostA) {
          expect(boundBy).toBeNull()
          continue
        }
        const step = limitA === 0 ? leastA : 1
        const short = uses.filter(({ limit, factor }) => {
          const left = (limits[limit] as SharedLimit).capacityA - (taken[limit] as number)
          return left < factor * step - 1e-6
        })
        expect(short.map(({ limit }) => limits[limit]?.id)).toContain(boundBy)
      }
    }),
  )
})

test('serves the most urgent first, whatever the order of the sockets', () => {
  fc.assert(
    fc.property(depot, ({ claims: all, limits }) => {
      const sorted = (shares: Map<string, Share>) => [...shares].sort(([a], [b]) => (a < b ? -1 : 1))
      expect(sorted(allocate([...all].reverse(), limits))).toEqual(sorted(allocate(all, limits)))
    }),
  )
})

test('gives no less in total when there is more', () => {
  fc.assert(
    fc.property(claims, capacity, fc.double({ min: 0, max: 50, noNaN: true }), (all, capacityA, moreA) => {
      const before = sum(amperes(allocate(all, limitOf(capacityA))))
      expect(sum(amperes(allocate(all, limitOf(capacityA + moreA))))).toBeGreaterThanOrEqual(before)
    }),
  )
})

/**
 * Tried by enumeration: of all whole currents under which everybody served has its least, those that are first in the order of urgency. Whom
 * to serve is the rule of the house: each in turn who fits beside what those before have, or for whom room is made of a rest.
 */
function byEnumeration(order: readonly Claim[], limits: readonly SharedLimit[]): number[] {
  const isFeasible = (currents: readonly number[]) =>
    takenOf(order, limits, (key) => currents[order.findIndex((each) => each.key === key)] ?? 0).every(
      (taken, i) => taken <= (limits[i] as SharedLimit).capacityA + 1e-6,
    )
  const firstOf = (served: ReadonlySet<number>) => {
    let found: number[] | null = null
    const visit = (currents: number[]) => {
      const i = currents.length
      if (found) return
      if (i === order.length) {
        if (isFeasible(currents)) found = currents
        return
      }
      const { leastA, mostA } = order[i] as Claim
      if (!served.has(i)) return visit([...currents, 0])
      for (let ampere = mostA; ampere >= leastA; ampere--) visit([...currents, ampere])
    }
    visit([])
    return found as number[] | null
  }
  const served = new Set<number>()
  const canUse = (i: number, currents: readonly number[], ampere: number) =>
    isFeasible(currents.map((each, j) => (j === i ? each + ampere : each)))
  for (const [i, { leastA }] of order.entries()) {
    const now = firstOf(served) as number[]
    const next = firstOf(new Set([...served, i]))
    if (canUse(i, now, leastA) || (next !== null && canUse(i, now, 1))) served.add(i)
  }
  for (const [i, { leastA }] of order.entries())
    if (!served.has(i) && canUse(i, firstOf(served) as number[], leastA)) served.add(i)
  return firstOf(served) as number[]
}

test('agrees with an enumeration of all currents on small depots', () => {
  const small = fc
    .record({
      claims: fc.array(
        fc.record({ moreA: fc.integer({ min: 0, max: 3 }), phase: fc.constantFrom(1, 2, 0), laxityMs: fc.nat(9) }),
        { maxLength: 4 },
      ),
      capacities: fc.tuple(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 16 }),
        fc.integer({ min: 0, max: 16 }),
      ),
    })
    .map(({ claims: all, capacities }) => ({
      limits: capacities.map((capacityA, i): SharedLimit => ({ id: `limit ${i}`, capacityA })),
      claims: keyed(all).map(
        ({ moreA, phase, ...each }): Claim => ({
          ...each,
          leastA: 6,
          mostA: 6 + moreA,
          canPause: true,
          uses: [
            { limit: 0, factor: phase === 0 ? 2 : 1 },
            ...(phase === 0 ? [1, 2] : [phase]).map((limit) => ({ limit, factor: 1 })),
          ],
        }),
      ),
    }))
  fc.assert(
    fc.property(small, ({ claims: all, limits }) => {
      const order = [...all].sort((a, b) => a.laxityMs - b.laxityMs || (a.key < b.key ? -1 : 1))
      const shares = allocate(all, limits)
      expect(order.map(({ key }) => shares.get(key)?.limitA)).toEqual(byEnumeration(order, limits))
    }),
    { numRuns: 200 },
  )
})

const minutes = (key: string, laxity: number, change: Partial<Claim> = {}): Claim => ({
  key,
  leastA: 6,
  mostA: 32,
  canPause: true,
  laxityMs: laxity * 60_000,
  uses: ofOne,
  ...change,
})
const given = (shares: Map<string, Share>) => Object.fromEntries([...shares].map(([key, { limitA }]) => [key, limitA]))

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
  expect(given(allocate(claims, limitOf(capacityA)))).toEqual(expected)
})

test('where every vehicle is to have a minimum, each gets it in order of urgency before any gets more', () => {
  const claims = [minutes('idle', 600), minutes('pressed', 1), minutes('calm', 60)].map((each) => ({
    ...each,
    floorA: 8,
  }))
  const of = (capacityA: number) => given(allocate(claims, limitOf(capacityA), { floorsFirst: true }))
  // 34 − 3 × 8 = 10 are left for the most urgent; of 20 there are two minima, and 4 for the most urgent.
  expect([of(34), of(20)]).toEqual([
    { pressed: 18, calm: 8, idle: 8 },
    { pressed: 12, calm: 8, idle: 0 },
  ])
})

test('a vehicle that is charging keeps its turn until another is ten minutes more urgent, or has less than an hour to spare', () => {
  const turn = (laxity: number) => withTurnMs(laxity * 60_000, true) / 60_000
  const shared = (now: number, next: number) =>
    given(allocate([minutes('now', turn(now)), minutes('next', next)], limitOf(32)))
  expect(shared(120, 111)).toEqual({ now: 32, next: 0 })
  expect(shared(120, 109)).toEqual({ now: 0, next: 32 })
  expect(shared(65, 59)).toEqual({ now: 0, next: 32 })
  expect(shared(50, 49)).toEqual({ now: 0, next: 32 })
})

test('where any current may be given, nothing is left over while a vehicle could use it', () => {
  fc.assert(
    fc.property(claims, capacity, (all, capacityA) => {
      const pausing = all.map((each) => ({ ...each, canPause: true, leastA: 0 }))
      const shares = allocate(pausing, limitOf(capacityA), { stepA: 0 })
      const usable = sum(pausing.map(({ mostA }) => mostA))
      expect(sum(amperes(shares))).toBeCloseTo(Math.min(capacityA, usable), 6)
    }),
  )
})
