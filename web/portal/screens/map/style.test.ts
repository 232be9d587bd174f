import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shadesOf } from './places.ts'
import { type Drawn, type MarkProperties, stateIn, stateOf, styleOf } from './style.ts'
import { legendOf, runLegendOf } from './words.ts'

const year = 2035
const drawnOf = (subject: 'demand' | 'exceedance'): Drawn => ({
  subject,
  year,
  tiles: '',
  sketch: '',
  legend: runLegendOf(subject, year),
  shades: null,
})

/** What the operators that the rule uses mean, said once more: enough to work out a state. */
function worked(expression: unknown, mark: MarkProperties & { isOver: boolean }): unknown {
  if (!Array.isArray(expression)) return expression
  const [operator, ...given] = expression as [string, ...unknown[]]
  const [a, b, c] = given
  if (operator === 'get') return mark[a as keyof MarkProperties]
  if (operator === '!') return !worked(a, mark)
  if (operator === '<=') return Number(worked(a, mark)) <= Number(worked(b, mark))
  if (operator === 'coalesce') return worked(a, mark) ?? worked(b, mark)
  if (operator === 'case') return worked(worked(a, mark) ? b : c, mark)
  throw new Error(`the test does not know ${operator}`)
}

describe('the marks of a run', () => {
  test('have on the map the state that they have in words, whatever is known of the node', () => {
    const marks = fc.record(
      {
        isKnown: fc.boolean(),
        firstYear: fc.integer({ min: 2026, max: 2050 }),
        leastHeadroomW: fc.integer({ min: -1_000, max: 1_000 }),
      },
      { requiredKeys: ['isKnown'] },
    )
    fc.assert(
      fc.property(marks, fc.constantFrom('demand' as const, 'exceedance' as const), (mark, subject) => {
        const drawn = drawnOf(subject)
        const tagged = { ...mark, isOver: (mark.leastHeadroomW ?? 0) < 0 }
        expect(worked(stateOf(drawn), tagged)).toBe(stateIn(drawn, mark))
      }),
    )
  })

  test('are never taken for within their headroom where it is not known', () => {
    for (const subject of ['demand', 'exceedance'] as const)
      expect(stateIn(drawnOf(subject), { isKnown: false })).toBe('unknown')
  })
})

test('each state of a layer has a mark of its own, told by its shape as well as by its colour', () => {
  for (const layer of ['headroom', 'hubs', 'alarms', 'tenders'] as const) {
    const shapes = legendOf(layer).map(({ wording }) => wording.shape)
    expect([layer, new Set(shapes).size]).toEqual([layer, shapes.length])
  }
})

test('shades of areas grow, and end before the most that any place has', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (most) => {
      const shades = shadesOf(most)
      expect(shades.every((end, n) => end > (shades[n - 1] ?? 0) && end < most)).toBe(true)
      expect(shades.length).toBeLessThanOrEqual(3)
    }),
  )
})

test('a style draws areas or marks, and the ring of what is selected under the marks', () => {
  const idsOf = (shades: number[] | null) =>
    styleOf({ ...drawnOf('demand'), shades }, 'light', null).layers.map(({ id }) => id)
  expect(idsOf(null).slice(-2)).toEqual(['selected', 'marks'])
  expect(idsOf([1, 2])).toContain('areas')
  expect(idsOf([1, 2])).not.toContain('marks')
})
