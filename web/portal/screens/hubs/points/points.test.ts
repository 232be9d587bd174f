import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MappedPoint, mappedPoint } from '../../../../../schemas/grid/gateway.ts'
import { phase, quantity } from '../../../../../schemas/grid/measurements.ts'
import { csvOf, readCsv } from './csv.ts'
import { differenceOf, keyOf, nextPoint, readPoint, typedOf } from './typed.ts'

const finite = (min: number) => fc.double({ min, max: 1e6, noNaN: true, noDefaultInfinity: true })

const anyPoint: fc.Arbitrary<MappedPoint> = fc
  .record(
    {
      group: fc.integer({ min: 1, max: 255 }),
      index: fc.integer({ min: 0, max: 65_535 }),
      feeder: fc.integer({ min: 0, max: 64 }),
      phase: fc.constantFrom(...phase.options),
      quantity: fc.constantFrom(...quantity.options),
      // Minus zero and zero scale nothing.
      scale: finite(-1e6).filter((scale) => scale !== 0),
      deadBand: finite(0).map((band) => band + 0),
    },
    { requiredKeys: ['group', 'index', 'feeder', 'phase', 'quantity', 'scale'] },
  )
  .map((point) => mappedPoint.parse(point))

const somePoints = fc.uniqueArray(anyPoint, { selector: keyOf, minLength: 1, maxLength: 40 })

const voltage: MappedPoint = { group: 30, index: 0, feeder: 1, phase: 'L1', quantity: 'voltage', scale: 0.1 }

test('the file of a point map is read back as the same points', () => {
  fc.assert(
    fc.property(somePoints, (points) => {
      expect(readCsv(csvOf(points))).toEqual({ points, rows: points.length, flaws: [] })
    }),
  )
})

test('rows copied out of a spreadsheet are read, in whatever order their columns stand', () => {
  const text = 'Index\tGroup\tPhase\tFeeder\tQuantity\tScale\n"0"\t30\tL1\t1\tvoltage\t0.1\n\n'
  expect(readCsv(text)).toEqual({ points: [voltage], rows: 1, flaws: [] })
  expect(readCsv('\uFEFFgroup;index;feeder;phase;quantity;scale;dead band\r\n30;0;1;L1;voltage;0.1;0.5\r\n')).toEqual({
    points: [{ ...voltage, deadBand: 0.5 }],
    rows: 1,
    flaws: [],
  })
})

test('each flaw of a file names its line and its column', () => {
  const text = [
    'group,index,feeder,phase,quantity,scale,deadBand',
    '30,0,1,L1,voltage,0.1,',
    '30,x,65,L4,power,0,-1',
    '30,0,1,L2,current,1,',
  ].join('\n')
  const { flaws } = readCsv(text)
  expect(flaws.map(({ line, field }) => [line, field])).toEqual([
    [3, 'index'],
    [3, 'feeder'],
    [3, 'phase'],
    [3, 'quantity'],
    [3, 'scale'],
    [3, 'deadBand'],
    [4, 'index'],
  ])
  expect(flaws.at(-1)?.message).toBe('line 2 has this point already: give each one meaning')
})

test('a file without a column, and one without rows, say so', () => {
  expect(readCsv('group,index\n30,0').flaws).toEqual([
    { line: 1, field: 'feeder, phase, quantity, scale', message: 'is missing from the headings' },
  ])
  expect(readCsv('group,index,feeder,phase,quantity,scale\n\n').flaws).toEqual([
    { line: 2, field: '', message: 'there is no row' },
  ])
})

test('a point as it is typed back is the point', () => {
  fc.assert(
    fc.property(anyPoint, (point) => {
      expect(readPoint(typedOf(point)).point).toEqual(point)
    }),
  )
})

test('a scale of 0 is refused: everything would read 0', () => {
  expect(readPoint({ ...typedOf(voltage), scale: '0' })).toEqual({
    point: null,
    faults: { scale: 'must be a number other than 0, such as 0.1 or -1' },
  })
})

test('the next point has an index that no point of its group has', () => {
  fc.assert(
    fc.property(somePoints, (points) => {
      const next = nextPoint(points)
      expect(points.map(keyOf)).not.toContain(`${next.group} ${next.index}`)
    }),
  )
})

test('a difference counts what was added, changed and removed, whatever the order', () => {
  fc.assert(
    fc.property(somePoints, (points) => {
      expect(differenceOf(points, points.toReversed())).toEqual({ added: 0, changed: 0, removed: 0 })
      expect(differenceOf([], points)).toEqual({ added: points.length, changed: 0, removed: 0 })
      expect(differenceOf(points, [])).toEqual({ added: 0, changed: 0, removed: points.length })
    }),
  )
  const other = { ...voltage, index: 1 }
  const difference = differenceOf(
    [voltage, other],
    [
      { ...voltage, scale: 1 },
      { ...voltage, index: 2 },
    ],
  )
  expect(difference).toEqual({ added: 1, changed: 1, removed: 1 })
})
