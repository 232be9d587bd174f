import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeFragment } from '../app/describe.ts'
import { type Fragment, MAX_OBJECTS } from '../app/fragment.ts'
import { parseFragment } from '../index.ts'
import { putCrc } from '../link/crc.ts'
import { encodeFrame } from '../link/frame.ts'
import { FrameParser } from '../link/parser.ts'
import { Reassembler } from '../transport/reassembler.ts'
import { captureSeeds } from './fuzz/captures.ts'
import { fuzz } from './fuzz/run.ts'

describe('FM27 garbage', () => {
  test('a million broken frames throw nothing, leak nothing and cost little time', { timeout: 120_000 }, () => {
    const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_124)
    const report = fuzz(1_000_000, seed, captureSeeds())
    expect(report.fragments).toBeGreaterThan(300_000)
    expect(report.refused).toBeGreaterThan(10_000)
    expect(report.grownOctets).toBeLessThan(32 * 1024 * 1024)
    expect(report.longestMs).toBeLessThan(1_000)
  })

  test('the frame parser gives the same result wherever its octets are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 900 }), fc.array(fc.nat(900), { maxLength: 9 }), (octets, cuts) => {
        expect(framesOf(octets, cuts)).toEqual(framesOf(octets, []))
      }),
      { numRuns: 2_000 },
    )
  })

  test('any octets parse as a fragment or give a reason, at a cost bounded by their length', () => {
    const heads = fc.tuple(fc.nat(255), fc.constantFrom(1, 2, 3, 5, 22, 129, 130), fc.uint8Array({ maxLength: 600 }))
    fc.assert(
      fc.property(heads, ([control, code, rest]) => {
        const bytes = Uint8Array.from([control, code, ...rest])
        const fragment = parseFragment(bytes)
        if (fragment.bytes === null) return
        expect(fragment.headers.length).toBeLessThanOrEqual(bytes.length / 3)
        for (const { dataAt, dataOctets } of fragment.headers)
          expect(dataAt + dataOctets).toBeLessThanOrEqual(bytes.length)
        describeFragment(bytes)
      }),
      { numRuns: 20_000 },
    )
  })
})

function framesOf(octets: Uint8Array, cuts: readonly number[]): string[] {
  const seen: string[] = []
  const parser = new FrameParser((frame) => {
    seen.push(`${frame.control} ${frame.destination} ${frame.source} ${frame.payload.subarray(0, frame.length)}`)
  })
  const places = [...new Set(cuts)].filter((cut) => cut < octets.length).sort((a, b) => a - b)
  let from = 0
  for (const to of [...places, octets.length]) {
    parser.push(octets.subarray(from, to))
    from = to
  }
  return seen
}

/** A response with this object header and these octets after it. */
const response = (...octets: number[]) => parseFragment(Uint8Array.from([0xc0, 129, 0, 0, ...octets]))
const read = (...octets: number[]) => parseFragment(Uint8Array.from([0xc0, 1, ...octets]))
const MAX_32 = [0xff, 0xff, 0xff, 0xff]

describe('FM27 a fragment', () => {
  test.each([
    ['with a range that starts after its stop', response(30, 5, 0x00, 9, 3), 'bad-range'],
    ['with a 32-bit range that starts after its stop', response(30, 5, 0x02, ...MAX_32, 0, 0, 0, 0), 'bad-range'],
    ['with a count × size beyond its end', response(30, 6, 0x09, ...MAX_32), 'truncated'],
    ['with an indexed count × size beyond its end', response(32, 8, 0x39, ...MAX_32, 1, 2, 3), 'truncated'],
    ['with the whole 32-bit range and no objects', response(30, 1, 0x02, 0, 0, 0, 0, ...MAX_32), 'truncated'],
    ['with the whole 32-bit range of bits', response(1, 1, 0x02, 0, 0, 0, 0, ...MAX_32), 'truncated'],
    ['that announces millions of class objects', response(60, 2, 0x09, ...MAX_32), 'too-many-objects'],
    ['that ends within a header', response(30, 5), 'truncated'],
    ['that ends within a range', response(30, 5, 0x01, 0, 0, 1), 'truncated'],
    ['that ends within an object', response(30, 5, 0x00, 0, 0, 1, 2), 'truncated'],
    ['that ends within a size prefix', response(70, 3, 0x5b, 1, 4), 'truncated'],
    ['with a size prefix beyond its end', response(70, 3, 0x5b, 1, 0xff, 0xff, 1), 'truncated'],
    ['of an unknown function', parseFragment(Uint8Array.of(0xc0, 77)), 'unknown-function'],
    ['of one octet', parseFragment(Uint8Array.of(0xc0)), 'truncated'],
    ['of no octets', parseFragment(new Uint8Array(0)), 'truncated'],
    ['that is a response without indications', parseFragment(Uint8Array.of(0xc0, 129, 0)), 'truncated'],
  ])('%s is refused', (_, fragment, error) => {
    expect(fragment.error).toBe(error)
  })

  test.each([
    ['a qualifier of a reserved range', [30, 5, 0x0c, 1], 'unknown-qualifier', true],
    ['a qualifier of virtual addresses', [30, 5, 0x03, 0, 0], 'unknown-qualifier', true],
    ['an index before a range', [30, 5, 0x10, 0, 0, 1], 'unknown-qualifier', true],
    ['an unknown group', [99, 1, 0x06], 'unknown-object', false],
    ['an unknown variation', [30, 200, 0x06], 'unknown-object', false],
    ['an unknown group with a count', [99, 1, 0x07, 2, 1, 1], 'unknown-object', true],
    ['an unknown group of sized objects', [99, 1, 0x5b, 1, 2, 0, 9, 9], 'unknown-object', false],
    ['millions of empty octet strings', [110, 0, 0x02, 0, 0, 0, 0, ...MAX_32], 'bad-object-size', false],
  ])('with %s is refused in a request; in a response only that is passed over', (_, octets, why, cut) => {
    expect(parseFragment(Uint8Array.from([0xc0, 2, ...octets])).error).toBe(why)
    // Behind it a binary input, which is found where the size of what is not understood is known.
    const found = response(1, 2, 0x00, 0, 0, 0x81, ...octets, 1, 2, 0x00, 1, 1, 0x81)
    expect(found.error).toBeNull()
    const { headers, passedOver } = found as Fragment
    const rest = octets.length + (cut ? 6 : 0)
    expect(passedOver).toEqual([{ group: octets[0], variation: octets[1], octets: rest, cut, why }])
    expect(headers.map(({ start }) => start)).toEqual(cut ? [0] : [0, 1])
  })

  test.each([
    ['that ends within an unknown header', [99, 1, 0x01, 0, 0, 1]],
    ['whose unknown sized object goes beyond its end', [99, 1, 0x5b, 1, 9, 0, 1]],
  ])('%s is refused', (_, octets) => {
    expect(response(...octets).error).not.toBeNull()
  })

  test('may ask for the whole 32-bit range at no cost', () => {
    const fragment = read(30, 0, 0x02, 0, 0, 0, 0, ...MAX_32)
    expect(fragment.error).toBeNull()
    expect(fragment.bytes === null ? 0 : fragment.headers[0]?.count).toBe(0x1_0000_0000)
  })

  test('may hold empty strings behind indexes, as many as fit, within the limit', () => {
    const count = 2_000
    const header = [111, 0, 0x28, count & 0xff, count >> 8]
    const fragment = parseFragment(Uint8Array.from([0xc0, 129, 0, 0, ...header, ...new Array(count * 2).fill(0)]))
    expect(fragment).toMatchObject({ error: null })
    expect(count).toBeLessThan(MAX_OBJECTS)
  })
})

describe('FM27 a frame', () => {
  test('with a length below 5 is dropped, and the next frame is read', () => {
    const good = encodeFrame(0x44, 1, 10, Uint8Array.of(0xc0, 1, 2))
    const short = encodeFrame(0x44, 1, 10)
    short[2] = 4
    putCrc(short, 0, 8)
    const parser = new FrameParser(() => {})
    parser.push(Uint8Array.from([...short, ...good]))
    expect(parser.counters).toMatchObject({ badLength: 1, frames: 1 })
  })
})

describe('FM27 a segment', () => {
  test('without a first segment, out of sequence or over the limit yields nothing', () => {
    const reassembler = new Reassembler(600)
    const body = new Array(249).fill(7)
    const push = (header: number, octets: readonly number[] = body) =>
      reassembler.push(Uint8Array.from([header, ...octets]), octets.length + 1)
    expect(push(0x05)).toBeNull()
    expect(push(0x80 | 6)).toBeNull()
    expect(push(0x40 | 1)).toBeNull()
    expect(push(0x80 | 3)).toBeNull()
    expect(reassembler.counters).toMatchObject({ badSequence: 3, fragments: 0 })
    expect(push(0x40 | 9)).toBeNull()
    expect(push(10)).toBeNull()
    expect(push(0x80 | 11)).toBeNull()
    expect(reassembler.counters).toMatchObject({ tooLong: 1, fragments: 0 })
    expect(reassembler.pending).toBe(0)
    expect(push(0x40 | 62)).toBeNull()
    expect(push(0x40 | 63, [1])).toBeNull()
    expect([...(push(0x80, [2]) ?? [])]).toEqual([1, 2])
    expect(reassembler.counters).toMatchObject({ abandoned: 1, fragments: 1 })
  })
})
