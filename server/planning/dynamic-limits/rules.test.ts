import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Claim, roomOf, share } from './rules.ts'

const claim = (connectionId: string, floorW: number, agreedW: number, path = ['sec']): Claim => ({
  connectionId,
  floorW,
  agreedW,
  path,
})
const limits = (shared: ReturnType<typeof share>) =>
  [...shared].map(([id, { limitW, why, nodeId }]) => [id, limitW, why, nodeId])
const sec = (roomW: number) => new Map([['sec', roomW]])
const threeDepots = [claim('a', 20_000, 50_000), claim('b', 20_000, 100_000), claim('c', 20_000, 200_000)]

test('an equal share: 120 kW left after floors of 60 kW are 40 kW each; who needs less leaves it to the others', () => {
  // Room 180 kW. All rise by 30 kW until a has its 50 kW; the 30 kW left are 15 kW each for b and c.
  expect(limits(share(threeDepots, sec(180_000), 'equal'))).toEqual([
    ['a', 50_000, 'agreed', null],
    ['b', 65_000, 'shared', 'sec'],
    ['c', 65_000, 'shared', 'sec'],
  ])
})

test('in proportion to the agreed limits 50, 100 and 200 kW, 120 kW left are 17,142, 34,285 and 68,571 W', () => {
  expect(limits(share(threeDepots, sec(180_000), 'proportional'))).toEqual([
    ['a', 37_142, 'shared', 'sec'],
    ['b', 54_285, 'shared', 'sec'],
    ['c', 88_571, 'shared', 'sec'],
  ])
})

test('with room for all everybody has the agreed limit, and without room for the floors everybody has the floor', () => {
  expect(limits(share(threeDepots, sec(350_000), 'equal'))).toEqual([
    ['a', 50_000, 'agreed', null],
    ['b', 100_000, 'agreed', null],
    ['c', 200_000, 'agreed', null],
  ])
  for (const roomW of [60_000, 10_000, -5_000])
    expect(limits(share(threeDepots, sec(roomW), 'equal')).map((each) => each.slice(1))).toEqual(
      Array(3).fill([20_000, 'floor', 'sec']),
    )
})

test('an agreed limit below the floor is the limit', () => {
  expect(limits(share([claim('a', 20_000, 15_000)], sec(0), 'equal'))).toEqual([['a', 15_000, 'agreed', null]])
})

test('a full primary holds back its part of the tree, and the room at the secondary goes to who is not below it', () => {
  // a hangs at s1 and its limit follows the primary too; b hangs at s1 and follows s1 only. s1: 100 kW, primary: 30 kW.
  const claims = [claim('a', 10_000, 90_000, ['s1', 'pri']), claim('b', 10_000, 90_000, ['s1'])]
  const rooms = new Map([
    ['s1', 100_000],
    ['pri', 30_000],
  ])
  expect(limits(share(claims, rooms, 'equal'))).toEqual([
    ['a', 30_000, 'shared', 'pri'],
    ['b', 70_000, 'shared', 's1'],
  ])
})

test('room is the target less the rest of the load: 400 − (350 − 80) kW; forecasts that do not fit together make none', () => {
  expect(roomOf(400_000, 350_000, 80_000)).toBe(130_000)
  expect(roomOf(400_000, 50_000, 80_000)).toBe(400_000)
  // What exports without them has room for what it exports.
  expect(roomOf(400_000, -50_000, 80_000)).toBe(530_000)
  expect(roomOf(400_000, 600_000, 80_000)).toBe(-120_000)
})

const roomW = fc.integer({ min: -50_000, max: 600_000 })

/** Trees of a primary with two secondaries; some connections follow their secondary only. */
const tree = fc
  .record({
    claims: fc.array(
      fc.record({
        floorW: fc.nat(60_000),
        agreedW: fc.integer({ min: 1, max: 200_000 }),
        path: fc.constantFrom<string[]>(['s1'], ['s2'], ['s1', 'pri'], ['s2', 'pri'], ['pri']),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    rooms: fc.tuple(roomW, roomW, roomW),
    rule: fc.constantFrom('equal' as const, 'proportional' as const),
  })
  .map(({ claims, rooms: [s1, s2, pri], rule }) => ({
    claims: claims.map((each, n) => ({ connectionId: `c${n}`, ...each })),
    rooms: new Map([
      ['s1', s1],
      ['s2', s2],
      ['pri', pri],
    ]),
    rule,
  }))

test('limits lie between floor and agreed limit, within the room of every node, and waste no watt that somebody wants', () => {
  fc.assert(
    fc.property(tree, ({ claims, rooms, rule }) => {
      const shared = share(claims, rooms, rule)
      const limitOf = (each: Claim) => shared.get(each.connectionId)?.limitW ?? Number.NaN
      const sum = (nodeId: string, of: (each: Claim) => number) =>
        claims.filter(({ path }) => path.includes(nodeId)).reduce((total, each) => total + of(each), 0)
      for (const each of claims) {
        expect(limitOf(each)).toBeGreaterThanOrEqual(Math.min(each.floorW, each.agreedW))
        expect(limitOf(each)).toBeLessThanOrEqual(each.agreedW)
      }
      const leastW = (each: Claim) => Math.min(each.floorW, each.agreedW)
      for (const [nodeId, roomW] of rooms)
        expect(sum(nodeId, limitOf)).toBeLessThanOrEqual(Math.max(roomW, sum(nodeId, leastW)) + 0.001)
      // Who has less than was agreed has a node on the way up with less than a watt left for each limit that was rounded.
      for (const each of claims.filter((one) => limitOf(one) < one.agreedW)) {
        const spare = each.path.map((nodeId) => (rooms.get(nodeId) ?? 0) - sum(nodeId, limitOf))
        expect(Math.min(...spare)).toBeLessThan(claims.length)
        expect(each.path.some((nodeId) => nodeId === shared.get(each.connectionId)?.nodeId)).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

test('equals are treated alike: the same floor, agreed limit and way up have the same limit', () => {
  fc.assert(
    fc.property(tree, ({ claims, rooms, rule }) => {
      const [first] = claims
      const twin = { ...(first as Claim), connectionId: 'twin' }
      const shared = share([...claims, twin], rooms, rule)
      expect(shared.get('twin')).toEqual(shared.get('c0'))
    }),
  )
})
