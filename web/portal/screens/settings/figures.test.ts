import { expect, test } from 'vitest'
import { figureWords, readFigure, shownFigure } from './figures.ts'

test('a figure’s name becomes words, and its unit stays a unit', () => {
  expect(['lookBackDays', 'toleranceWh', 'leastW', 'powerFactor'].map(figureWords)).toEqual([
    'look back days',
    'tolerance Wh',
    'least W',
    'power factor',
  ])
})

test('what is typed is read as the kind of figure that is in force, and nothing else', () => {
  expect(readFigure(' 0.9', 0.95)).toBe(0.9)
  expect(readFigure('0,9', 0.95)).toBeNull()
  expect(readFigure('', 0.95)).toBeNull()
  expect(readFigure('60, 30,7', [60, 30, 7])).toEqual([60, 30, 7])
  expect(readFigure('60, soon', [60])).toBeNull()
  expect(readFigure('false', true)).toBe(false)
  expect(readFigure('no', true)).toBeNull()
  expect(readFigure('refuse', 'flag')).toBe('refuse')
  expect(shownFigure([60, 30])).toBe('60, 30')
})
