import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Figure, figureFault, figureText, readFigure } from './figures.ts'

const share: Figure = { label: 'Share', unit: '%', least: 0, most: 100, scale: 100 }
const years: Figure = { label: 'Life', unit: 'years', least: 1, most: 100, isWhole: true }
const price: Figure = { label: 'Price', unit: '£', least: 0, most: 1_000, decimals: 2 }

test('a figure is read in the unit of the API, and what is none is told with what would be right', () => {
  expect(readFigure(' 35 ', share)).toBe(0.35)
  expect(readFigure('2.5', years)).toBeNull()
  expect(readFigure('12.345', price)).toBeNull()
  expect([readFigure('', price), readFigure('1e3', price), readFigure('£5', price), readFigure('-1', price)]).toEqual(
    Array(4).fill(null),
  )
  expect(figureFault('12.34', price)).toBeUndefined()
  expect(figureFault('101', share)).toBe('Enter a number from 0 to 100 (%).')
  expect(figureFault('x', years)).toBe('Enter a whole number from 1 to 100 (years).')
  expect(figureFault('x', price)).toBe('Enter a number from 0 to 1000 (£), with at most 2 decimals.')
})

test('what a field shows of a figure is read back as the same figure', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 }), (perMille) => {
      expect(readFigure(figureText(perMille / 1_000, share), share)).toBe(perMille / 1_000)
    }),
  )
})
