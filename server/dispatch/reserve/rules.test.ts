import { expect, test } from 'vitest'
import { type Candidate, partOf, shared } from './rules.ts'

const unit = (fuId: string, price: number, extraW: readonly number[], change: Partial<Candidate> = {}): Candidate => ({
  fuId,
  price,
  extraW,
  plannedW: extraW.map(() => 0),
  leastW: 0,
  flaw: () => null,
  ...change,
})
/** Its runs may last at most so many quarter-hours. */
const atMost =
  (quarters: number): Candidate['flaw'] =>
  (moreW) => {
    const longest = Math.max(...moreW.map((_, t) => moreW.slice(t).indexOf(0)).map((n) => (n < 0 ? moreW.length : n)))
    return longest > quarters ? 'too long' : null
  }

test('18 kW missing are 10 of the cheapest and 8 of the next; the dearest gives nothing', () => {
  const [dearest, cheap, dear] = [unit('a', 150, [40, 40]), unit('b', 80, [10, 10]), unit('c', 120, [40, 40])]
  const parts = shared([dearest, cheap, dear], [18, 18])
  expect([...parts]).toEqual([
    ['b', [10, 10]],
    ['c', [8, 8]],
  ])
})

test('of two that cost the same the lower identifier comes first, and what nobody has stays missing', () => {
  expect([...shared([unit('b', 80, [5]), unit('a', 80, [5])], [18])]).toEqual([
    ['a', [5]],
    ['b', [5]],
  ])
})

test('an FU whose notice ends later gives from then on, and the next makes good what is missing until then', () => {
  const parts = shared([unit('late', 80, [0, 20, 20]), unit('now', 120, [20, 20, 20])], [18, 18, 18])
  expect([...parts]).toEqual([
    ['late', [0, 18, 18]],
    ['now', [18, 0, 0]],
  ])
})

test('an FU that gives no less than 25 gives 25 where 18 are missing, counting what it is to give anyway', () => {
  expect(partOf(unit('a', 80, [40], { leastW: 25 }), [18])).toEqual({ moreW: [25] })
  expect(partOf(unit('a', 80, [40], { leastW: 25, plannedW: [20] }), [3])).toEqual({ moreW: [5] })
  expect(partOf(unit('a', 80, [20], { leastW: 25 }), [18])).toEqual({ moreW: [0] })
})

test('an FU that breaks its limits goes on through a gap, then ends earlier, and otherwise is left out with its limit', () => {
  // One run only: a gap makes two.
  const oneRun: Candidate['flaw'] = (moreW) =>
    moreW
      .join(' ')
      .trim()
      .replace(/[1-9]\d*/g, 'x')
      .split(/0/)
      .filter((part) => part.includes('x')).length > 1
      ? 'two runs'
      : null
  expect(partOf(unit('a', 80, [40, 40, 40], { leastW: 5, flaw: oneRun }), [18, 0, 18])).toEqual({ moreW: [18, 5, 18] })
  expect(partOf(unit('a', 80, [40, 40, 40], { flaw: atMost(2) }), [18, 18, 18])).toEqual({ moreW: [18, 18, 0] })
  expect(partOf(unit('a', 80, [40, 40], { flaw: () => 'rests' }), [18, 18])).toEqual({ flaw: 'rests' })
})
