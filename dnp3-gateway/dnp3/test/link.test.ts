import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc16 } from '../link/crc.ts'
import { encodeFrame, primaryControl } from '../link/frame.ts'
import { FrameParser, type ParserState } from '../link/parser.ts'
import { SECONDARY, type SecondaryEvent, type SecondaryState, secondaryEvent } from '../link/secondary.ts'

describe('the CRC', () => {
  test('matches the example in the standard and frames from the field', () => {
    // A link status request from 3 to 2 as devices send it, 05 64 05 C9 02 00 03 00, and a data block.
    expect(crc16(Uint8Array.of(0x05, 0x64, 0x14, 0xc4, 0x02, 0x00, 0x03, 0x00), 0, 8)).toBe(0x0345)
    const block = Uint8Array.from('c7c8013c02063c03063c04063c0106'.match(/../g) ?? [], (octet) =>
      Number.parseInt(octet, 16),
    )
    expect(crc16(block, 0, block.length)).toBe(0xac42)
  })

  test('detects every single, double and short burst error', () => {
    const errors = fc.tuple(
      fc.uint8Array({ minLength: 1, maxLength: 16 }),
      fc.nat(),
      fc.integer({ min: 1, max: 0xffff }),
    )
    fc.assert(
      fc.property(errors, ([block, place, burst]) => {
        const bit = place % (block.length * 8)
        const broken = block.slice()
        for (let i = 0; i < 16 && bit + i < block.length * 8; i++) {
          if (((burst >> i) & 1) === 0) continue
          const at = (bit + i) >> 3
          broken[at] = (broken[at] as number) ^ (1 << ((bit + i) & 7))
        }
        const same = broken.every((octet, i) => octet === block[i])
        expect(crc16(broken, 0, broken.length) === crc16(block, 0, block.length)).toBe(same)
      }),
    )
  })
})

/** The frames that a parser finds, and the parser. */
function parse(...chunks: Uint8Array[]) {
  const frames: number[][] = []
  const parser = new FrameParser(({ payload, length }) => frames.push([...payload.subarray(0, length)]))
  for (const chunk of chunks) parser.push(chunk)
  return { frames, parser }
}

const data = (length: number, start = 0) => Uint8Array.from({ length }, (_, i) => (start + i) & 0xff)
const frame = (payload: Uint8Array) => encodeFrame(primaryControl(false, 4), 1, 10, payload)

describe('the frame parser', () => {
  test('moves from sync through header and body and back', () => {
    const octets = frame(data(20))
    const { parser, frames } = parse()
    const states: ParserState[] = []
    for (const octet of octets) {
      parser.push(Uint8Array.of(octet))
      if (states.at(-1) !== parser.state) states.push(parser.state)
    }
    expect(states).toEqual(['sync', 'header', 'body', 'sync'])
    expect(frames).toEqual([[...data(20)]])
    expect(parse(octets).frames).toEqual([[...data(20)]])
  })

  test('finds frames of every length, cut anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(250), { minLength: 1, maxLength: 6 }), fc.array(fc.nat(1500)), (lengths, cuts) => {
        const stream = Buffer.concat(lengths.map((length, i) => frame(data(length, i))))
        const places = [0, ...new Set(cuts.filter((cut) => cut < stream.length)), stream.length].sort((a, b) => a - b)
        const chunks = places.slice(1).map((to, i) => stream.subarray(places[i], to))
        expect(parse(...chunks).frames).toEqual(lengths.map((length, i) => [...data(length, i)]))
      }),
    )
  })

  test.each([
    ['garbage before it', [Uint8Array.of(9, 9, 5, 5, 0x64, 1), frame(data(9))]],
    ['a frame with a corrupt header', [spoilt(3), frame(data(9))]],
    ['a frame with a corrupt body', [spoilt(14), frame(data(9))]],
    ['a frame that is cut short', [frame(data(40)).subarray(0, 30), frame(data(9)), frame(data(0))]],
    ['start octets alone', [Uint8Array.of(5), Uint8Array.of(0x64), Uint8Array.of(5, 0x64, 5, 0x64), frame(data(9))]],
  ])('finds the next frame after %s', (_, chunks) => {
    const { frames, parser } = parse(...chunks)
    expect(frames[0]).toEqual([...data(9)])
    expect(parser.counters.skippedOctets).toBeGreaterThan(0)
  })

  test('forgets a half-received frame on reset', () => {
    const { frames, parser } = parse(frame(data(9)).subarray(0, 12))
    parser.reset()
    parser.push(frame(data(3)))
    expect(frames).toEqual([[...data(3)]])
    expect(parser.counters.skippedOctets).toBe(0)
  })
})

function spoilt(at: number): Uint8Array {
  const octets = frame(data(30))
  octets[at] = (octets[at] as number) ^ 0x10
  return octets
}

describe('the secondary station', () => {
  const states: SecondaryState[] = ['unreset', 'expect-fcb-0', 'expect-fcb-1']
  const events: SecondaryEvent[] = ['reset', 'test-0', 'test-1', 'data-0', 'data-1', 'unconfirmed', 'status', 'other']

  test('answers every event in every state, except unconfirmed data', () => {
    for (const state of states) {
      for (const event of events) {
        const step = SECONDARY[state][event]
        expect(states).toContain(step.next)
        expect(step.reply < 0).toBe(event === 'unconfirmed')
      }
    }
  })

  test('passes confirmed data on once, however often it is repeated', () => {
    let state: SecondaryState = 'unreset'
    const delivered: string[] = []
    const replies: number[] = []
    const arrive = (event: SecondaryEvent) => {
      const step = SECONDARY[state][event]
      state = step.next
      replies.push(step.reply)
      if (step.deliver) delivered.push(event)
    }
    for (const event of ['data-1', 'reset', 'data-1', 'data-1', 'data-0', 'data-0', 'data-1'] as const) arrive(event)
    expect(delivered).toEqual(['data-1', 'data-0', 'data-1'])
    expect(replies).toEqual([1, 0, 0, 0, 0, 0, 0])
  })

  test('classifies control octets by function, and by frame count bit where valid', () => {
    expect(secondaryEvent(primaryControl(true, 0))).toBe('reset')
    expect(secondaryEvent(primaryControl(true, 3, true))).toBe('data-1')
    expect(secondaryEvent(primaryControl(true, 3, false))).toBe('data-0')
    expect(secondaryEvent(primaryControl(true, 3))).toBe('other')
    expect(secondaryEvent(primaryControl(true, 4))).toBe('unconfirmed')
    expect(secondaryEvent(primaryControl(true, 9))).toBe('status')
    expect(secondaryEvent(primaryControl(true, 7))).toBe('other')
  })
})
