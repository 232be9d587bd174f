import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameParser } from '../link/parser.ts'
import { Reassembler } from '../transport/reassembler.ts'
import { fragmentOctets, frameFragment, segmentCount } from '../transport/segmenter.ts'
import { newPeer, newStationCounters, Station } from '../transport/station.ts'

describe('a fragment in frames', () => {
  test('is reassembled whatever its length and first sequence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2048 }), fc.nat(63), (fragment, sequence) => {
        const octets = frameFragment(fragment, 0x44, 1, 10, sequence)
        expect(octets).toHaveLength(fragmentOctets(fragment.length))
        const reassembler = new Reassembler(2048)
        const back: number[][] = []
        let frames = 0
        const parser = new FrameParser((frame) => {
          frames++
          const whole = reassembler.push(frame.payload, frame.length)
          if (whole !== null) back.push([...whole])
        })
        parser.push(octets)
        expect(frames).toBe(segmentCount(fragment.length))
        expect(back).toEqual([[...fragment]])
        expect(parser.counters).toMatchObject({ badHeaderCrc: 0, badBodyCrc: 0, skippedOctets: 0 })
      }),
    )
  })
})

describe('the reassembler', () => {
  const push = (reassembler: Reassembler, header: number, ...octets: number[]) =>
    reassembler.push(Uint8Array.of(header, ...octets), octets.length + 1)

  test('ignores a segment that is repeated octet for octet', () => {
    const reassembler = new Reassembler(100)
    push(reassembler, 0x40 | 5, 1, 2)
    push(reassembler, 6, 3)
    push(reassembler, 6, 3)
    expect([...(push(reassembler, 0x80 | 7, 4) ?? [])]).toEqual([1, 2, 3, 4])
  })

  test('drops everything if a segment repeats the last sequence with other octets', () => {
    const reassembler = new Reassembler(100)
    push(reassembler, 0x40 | 5, 1, 2)
    push(reassembler, 6, 3)
    push(reassembler, 6, 9)
    expect(push(reassembler, 0x80 | 7, 4)).toBeNull()
    expect(reassembler.counters.badSequence).toBe(2)
  })

  test('starts over at each first segment and ignores one without octets', () => {
    const reassembler = new Reassembler(100)
    push(reassembler, 0x40 | 5, 1)
    expect([...(push(reassembler, 0xc0 | 9, 7) ?? [])]).toEqual([7])
    expect(reassembler.push(new Uint8Array(0), 0)).toBeNull()
    expect(reassembler.counters).toMatchObject({ abandoned: 1, fragments: 1 })
  })
})

describe('a station', () => {
  test('never lets the transport sequence wrap within a fragment, which some receivers mishandle', () => {
    const sequences: number[][] = []
    const parser = new FrameParser((frame) => {
      const header = frame.payload[0] as number
      if ((header & 0x40) !== 0) sequences.push([])
      sequences.at(-1)?.push(header & 0x3f)
    })
    const counters = newStationCounters()
    const station = new Station({
      isMaster: true,
      send: (octets) => parser.push(octets),
      route: () => undefined,
      counters,
    })
    const peer = newPeer(1, 10, 2048, counters.transport)
    for (let i = 0; i < 40; i++) station.sendFragment(peer, new Uint8Array(600))
    for (const [first = 0, ...rest] of sequences) expect(rest).toEqual([first + 1, first + 2])
    expect(new Set(sequences.map(([first]) => first)).size).toBeGreaterThan(20)
  })
})
