import { expect, test } from 'vitest'
import { linesIn, pairsIn, valuesOfDay, wordsIn } from './typed-lists.ts'

test('words are separated by spaces, commas, semicolons and lines', () => {
  expect(wordsIn(' 1200000112345, 1200000112352;\n1200000112369 ')).toEqual([
    '1200000112345',
    '1200000112352',
    '1200000112369',
  ])
  expect(wordsIn(' \n')).toEqual([])
})

test('lines that say nothing are left out', () => {
  expect(linesIn(' a \n\n  b = c\r\n ')).toEqual(['a', 'b = c'])
})

test('a pair ends its name at the first sign; a line that is none has neither name nor value', () => {
  expect(pairsIn('startedAt = pickup = time\nlimits\n= on\noff =', '=')).toEqual([
    { line: 'startedAt = pickup = time', name: 'startedAt', value: 'pickup = time' },
    { line: 'limits', name: '', value: '' },
    { line: '= on', name: '', value: '' },
    { line: 'off =', name: '', value: '' },
  ])
  expect(pairsIn('temperatureC: number or null', ':')).toEqual([
    { line: 'temperatureC: number or null', name: 'temperatureC', value: 'number or null' },
  ])
})

test('a day has a value for each period, or one for all; what is missing or no number is named', () => {
  expect(valuesOfDay('1 2;3\n4', 4)).toEqual({ cells: ['1', '2', '3', '4'], fault: null })
  expect(valuesOfDay('7.5', 3)).toEqual({ cells: ['7.5', '7.5', '7.5'], fault: null })
  expect(valuesOfDay('1 2', 3).fault).toBe('2 values were given, but this day has 3 periods. Give one for each.')
  expect(valuesOfDay('', 2).fault).toBe('0 values were given, but this day has 2 periods. Give one for each.')
  expect(valuesOfDay('1 x', 2).fault).toBe('“x”, value 2, is not a number.')
})
