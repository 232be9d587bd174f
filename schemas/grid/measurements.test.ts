import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isPlainMeasurementBatches,
  measurementBatches,
  phase,
  quality,
  quantity,
  timeFlag,
  unit,
  unitOf,
} from './measurements.ts'

const instantText = fc.oneof(
  fc
    .date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
    .map((d) => d.toISOString()),
  fc.constantFrom('2026-02-30T00:00:00Z', '2026-01-15T17:00:00+01:00', '2026-01-15', '', '2026-01-15T17:00Z', 7, null),
)
const plainReading = fc.record({
  feeder: fc.integer({ min: 0, max: 64 }),
  phase: fc.constantFrom(...phase.options),
  quantity: fc.constantFrom(...quantity.options),
  value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null }),
  quality: fc.constantFrom(...quality.options),
  deviceTime: fc.constantFrom(null, '2026-01-15T17:00:00Z'),
  receivedTime: fc.constant('2026-01-15T17:00:01.250Z'),
  timeFlag: fc.constantFrom(undefined, ...timeFlag.options),
})
const readings = plainReading.map(({ timeFlag, ...r }) => ({
  ...r,
  unit: unitOf[r.quantity],
  ...(timeFlag === undefined ? {} : { timeFlag }),
}))
const batch = fc.record({
  hubId: fc.uuid(),
  sequence: fc.integer({ min: 1 }),
  readings: fc.array(readings, { minLength: 1, maxLength: 5 }),
})
const post = fc.record({ batches: fc.array(batch, { minLength: 1, maxLength: 3 }) })

/** Something odd, as it may come out of JSON. */
const odd = fc.oneof(
  fc.constantFrom(undefined, null, 0, -1, 1.5, 65, 2 ** 53, '', 'W', 'L4', 'toString', '__proto__', [], {}, true),
  instantText,
  fc.constantFrom(...unit.options),
  fc.jsonValue(),
)
type Path = (string | number)[]
const places: Path[] = [
  ...['feeder', 'phase', 'quantity', 'value', 'unit', 'quality', 'deviceTime', 'receivedTime', 'timeFlag'].map(
    (name) => [...['batches', 0, 'readings', 0], name],
  ),
  ...[['batches'], ['batches', 0], ['batches', 0, 'hubId'], ['batches', 0, 'sequence'], ['batches', 0, 'readings']],
  ['batches', 0, 'readings', 0],
]

/** A copy of a post with a value put somewhere. */
function withAt(body: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(body)
  let at = copy as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>
  at[path.at(-1) ?? ''] = value
  return copy
}

test('posts as gateways send them are plain, and the contract reads the same from them', () => {
  fc.assert(
    fc.property(post, (body) => {
      expect(isPlainMeasurementBatches(body)).toBe(true)
      expect(measurementBatches.parse(body)).toEqual(body)
    }),
  )
})

test('whatever stands anywhere in a post: what is taken for plain keeps the contract', () => {
  fc.assert(
    fc.property(post, fc.constantFrom(...places), odd, (body, path, value) => {
      const given = withAt(body, path, value)
      if (isPlainMeasurementBatches(given)) expect(measurementBatches.safeParse(given).error).toBeUndefined()
    }),
    { numRuns: 5_000 },
  )
})

test('what breaks the contract is never plain: each field once', () => {
  const body = { batches: [{ hubId: crypto.randomUUID(), sequence: 1, readings: [reading] }] }
  expect(isPlainMeasurementBatches(body)).toBe(true)
  for (const path of places) expect(isPlainMeasurementBatches(withAt(body, path, 'wrong'))).toBe(false)
  for (const path of places) {
    if (path.at(-1) !== 'timeFlag') expect(isPlainMeasurementBatches(withAt(body, path, undefined))).toBe(false)
  }
  for (const wrong of [undefined, null, [], 'text']) expect(isPlainMeasurementBatches(wrong)).toBe(false)
})

const reading = {
  feeder: 1,
  phase: 'L1',
  quantity: 'voltage',
  value: 230,
  unit: 'V',
  quality: 'good',
  deviceTime: null,
  receivedTime: '2026-01-15T17:00:00Z',
}
