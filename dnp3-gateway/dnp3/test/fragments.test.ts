import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendMeasurements } from '../app/measurements.ts'
import { numberAt, putNumber } from '../app/numbers.ts'
import { FragmentWriter } from '../app/writer.ts'
import { Flag, MeasurementBatch, parseFragment, readRecords } from '../index.ts'
import { FIELD_OCTETS, type FieldType } from '../spec/layout.ts'
import { listedObjects, type ObjectSpec } from '../spec/objects.ts'

const writer = new FragmentWriter()

function parsed(build: (writer: FragmentWriter) => void) {
  build(writer.response(0xc0, 129))
  const fragment = parseFragment(writer.view().slice())
  if (fragment.bytes === null || fragment.error !== null) throw new Error(`not readable: ${fragment.error}`)
  return fragment
}

/** A value that this type represents exactly. */
function heldBy(type: FieldType): fc.Arbitrary<number> {
  switch (type) {
    case 'f32':
      return fc.float({ noNaN: true, noDefaultInfinity: true })
    case 'f64':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'i16':
      return fc.integer({ min: -0x8000, max: 0x7fff })
    case 'i32':
      return fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })
    case 'time48':
      return fc.integer({ min: 0, max: 2 ** 48 - 1 })
    default:
      return fc.nat(2 ** (8 * FIELD_OCTETS[type]) - 1)
  }
}

describe('numbers', () => {
  test.each(Object.keys(FIELD_OCTETS) as FieldType[])('of type %s are read back as written', (type) => {
    const bytes = new Uint8Array(12)
    fc.assert(
      fc.property(heldBy(type), fc.nat(4), (value, at) => {
        putNumber(bytes, at, type, value)
        expect(numberAt(bytes, at, type) === value).toBe(true)
      }),
    )
  })
})

const measurements = listedObjects().filter(
  ({ group, parts }) => group.type !== null && parts !== null && group.role !== 'command' && group.role !== 'deadband',
)
const nameOf = ({ group, variation }: ObjectSpec) => `g${group.group}v${variation}`

describe('every measurement variation', () => {
  test.each(measurements.map((spec) => [nameOf(spec), spec] as const))(
    '%s is read back with value, flags and time',
    (_, spec) => {
      const parts = spec.parts as NonNullable<ObjectSpec['parts']>
      const value = parts.valueType === null ? fc.nat(spec.group.type === 'doubleBit' ? 3 : 1) : heldBy(parts.valueType)
      const time = parts.timeType === null ? fc.constant(0) : heldBy(parts.timeType)
      const flags = fc.nat(0x3f)
      fc.assert(
        fc.property(value, flags, time, fc.nat(0xffff), (v, f, t, index) => {
          const fragment = parsed((w) => {
            const width = w.indexed(spec.group.group, spec.variation, 1, index)
            w.unsigned(index, width).measurement(spec, v, f, t)
          })
          const batch = new MeasurementBatch()
          const header = fragment.headers[0]
          if (header === undefined) throw new Error('a header')
          appendMeasurements(batch, fragment.bytes, header, { ms: 0, synchronised: true })
          expect(batch.length).toBe(1)
          const measurement = batch.at(0)
          expect(measurement).toMatchObject({ group: spec.group.group, variation: spec.variation, index })
          expect(measurement.value === v).toBe(true)
          expect(measurement.flags).toBe(parts.flagsAt < 0 ? Flag.online : f)
          expect(measurement.timeMs).toBe(parts.timeType === null ? null : t)
        }),
        { numRuns: 30 },
      )
    },
  )

  test('packed states are read back by range and by index', () => {
    const fragment = parsed((w) => {
      w.range(1, 1, 5, 14).octets(Uint8Array.of(0b1010_0101, 0b01))
      w.range(3, 1, 0, 4).octets(Uint8Array.of(0b11_10_01_00, 0b10))
    })
    const batch = new MeasurementBatch()
    for (const header of fragment.headers)
      appendMeasurements(batch, fragment.bytes, header, { ms: 0, synchronised: true })
    expect([...batch.value.subarray(0, 15)]).toEqual([1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 2, 3, 2])
    expect([...batch.index.subarray(0, 15)]).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0, 1, 2, 3, 4])
  })

  test('thousands of points fit one batch, which grows', () => {
    const batch = new MeasurementBatch()
    for (let round = 0; round < 5; round++) {
      const fragment = parsed((w) => w.range(1, 1, 0, 7_999).octets(new Uint8Array(1_000).fill(0xff)))
      for (const header of fragment.headers)
        appendMeasurements(batch, fragment.bytes, header, { ms: 0, synchronised: true })
    }
    expect(batch.length).toBe(40_000)
    expect(batch.at(39_999)).toMatchObject({ index: 7_999, value: 1 })
    expect(() => batch.at(40_000)).toThrow(RangeError)
  })
})

describe('records', () => {
  test('of commands keep all fields', () => {
    const fragment = parsed((w) => {
      w.indexed(12, 1, 1, 3)
      w.unsigned(3, 1).octets(Uint8Array.of(0x41, 2, 250, 0, 0, 0, 0, 1, 0, 0, 7))
    })
    const [header] = fragment.headers
    if (header === undefined) throw new Error('a header')
    expect(readRecords(fragment.bytes, header)).toMatchObject([
      { index: 3, fields: { code: 0x41, count: 2, onTimeMs: 250, offTimeMs: 256, status: 7 } },
    ])
  })
})
