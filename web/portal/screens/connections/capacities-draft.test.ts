import { expect, test } from 'vitest'
import { readCapacities, refusedLines } from './capacities-draft.ts'

test('a file of capacities is read with its headings in any order; an empty cell changes nothing, and “none” takes an export capacity away', () => {
  const text = 'exportKva;MPAN;asc_kva\r\n3.68;1200000112345;\r\nnone;1200000112352;80\r\n\r\n'
  expect(readCapacities(text)).toEqual({
    changes: [
      { mpan: '1200000112345', exportKva: 3.68 },
      { mpan: '1200000112352', exportKva: null, ascKva: 80 },
    ],
    lines: [2, 3],
    flaws: [],
  })
})

test('what the server refuses is named by the lines of the file', () => {
  const errors = [
    { field: 'changes[0].mpan', message: 'no connection has the MPAN 1200000112345' },
    { field: 'changes[2].mpan', message: 'changes Close 1 again, as changes[1] does' },
    { field: 'reason', message: 'is too long' },
  ]
  expect(refusedLines(errors, [2, 3, 5])).toEqual([
    { line: 2, field: 'mpan', message: 'no connection has the MPAN 1200000112345' },
    { line: 5, field: 'mpan', message: 'changes Close 1 again, as line 3 does' },
  ])
})

test('what is wrong is named by line and column, in words', () => {
  const text =
    'mpan,ascKva,exportKva,powerFactor\n12,240,,\n1200000112345,240000,-1,95\n1200000112352,,,\n1200000112369,much,,'
  expect(readCapacities(text)).toEqual({
    changes: [],
    lines: [2, 3, 4, 5],
    flaws: [
      { line: 2, field: 'mpan', message: 'must be the 13 digits of an MPAN' },
      { line: 3, field: 'ascKva', message: 'must be empty, or 1 to 100,000 kVA' },
      {
        line: 3,
        field: 'exportKva',
        message: 'must be empty, 0 to 100,000 kVA, or “none” where none is stated any more',
      },
      { line: 3, field: 'powerFactor', message: 'must be empty, or 0.5 to 1' },
      { line: 4, field: '', message: 'states no capacity and no power factor' },
      { line: 5, field: 'ascKva', message: 'must be empty, or 1 to 100,000 kVA' },
    ],
  })
  expect(readCapacities('ascKva\n240').flaws).toEqual([
    { line: 1, field: 'mpan', message: 'is missing from the headings' },
  ])
  expect(readCapacities('mpan,ascKva\n').flaws).toEqual([{ line: 2, field: '', message: 'there is no row' }])
})
