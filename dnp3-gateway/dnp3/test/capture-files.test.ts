import { describe, expect, test } from 'vitest'
import { describeFragment } from '../app/describe.ts'
import { CaptureError, CaptureRecorder, type DecodedRecord, decodeCapture } from '../index.ts'
import { readCapture } from '../io/pcap.ts'
import { type Piece, TcpStream } from '../io/tcp-stream.ts'
import { encodeFrame } from '../link/frame.ts'
import { differences } from './support/tshark.ts'

const READ = encodeFrame(0xc4, 10, 1, Uint8Array.of(0xc0, 0xc3, 1, 60, 2, 6))

/** A pcap of one read request, sent twice. */
function pcap(): Buffer {
  const parts: Uint8Array[] = []
  const tap = new CaptureRecorder(
    (octets) => parts.push(octets),
    () => 1_700_000_000_123,
  ).tap(true)
  tap.opened()
  tap.sent(READ)
  tap.sent(READ)
  return Buffer.concat(parts)
}

/** The same packets as pcapng, in the given byte order, with nanosecond time stamps. */
function pcapng(little: boolean): Buffer {
  const u32 = (value: number) => {
    const out = Buffer.alloc(4)
    if (little) out.writeUInt32LE(value)
    else out.writeUInt32BE(value)
    return out
  }
  const u16 = (value: number) => (little ? u32(value).subarray(0, 2) : u32(value).subarray(2))
  const block = (type: number, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts)
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)])
    const length = u32(padded.length + 12)
    return Buffer.concat([u32(type), length, padded, length])
  }
  const section = block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff))
  const resolution = Buffer.concat([u16(9), u16(1), Buffer.from([9, 0, 0, 0]), u16(0), u16(0)])
  const port = block(1, u16(101), u16(0), u32(0), resolution)
  const packets = readCapture(pcap()).map(({ bytes, timeMs }) => {
    const ticks = BigInt(Math.round(timeMs)) * 1_000_000n
    const length = u32(bytes.length)
    return block(
      6,
      u32(0),
      u32(Number(ticks >> 32n)),
      u32(Number(ticks & 0xffffffffn)),
      length,
      length,
      Buffer.from(bytes),
    )
  })
  return Buffer.concat([section, port, ...packets])
}

describe('capture files', () => {
  test('read the same as pcap and as pcapng in either byte order', () => {
    const expected = [...decodeCapture(pcap())]
    expect(expected).toHaveLength(2)
    expect(expected[0]).toMatchObject({
      frame: 1,
      source: 1,
      destination: 10,
      function: 'read',
      timeMs: 1_700_000_000_123,
    })
    expect([...decodeCapture(pcapng(true))]).toEqual(expected)
    expect([...decodeCapture(pcapng(false))]).toEqual(expected)
  })

  test('are read up to where they are cut off, and refused if they are not captures', () => {
    const file = pcap()
    expect([...decodeCapture(file.subarray(0, file.length - 5))]).toHaveLength(1)
    expect([...decodeCapture(pcapng(true).subarray(0, -9))]).toHaveLength(1)
    expect(() => [...decodeCapture(Buffer.from('no capture at all'))]).toThrow(CaptureError)
    expect(() => [...decodeCapture(new Uint8Array(2))]).toThrow(CaptureError)
  })

  test('survive any damage', () => {
    for (const file of [pcap(), pcapng(true)]) {
      for (let at = 4; at < file.length; at++) {
        const broken = Buffer.from(file)
        broken[at] = (broken[at] as number) ^ 0xff
        expect(() => [...decodeCapture(broken)]).not.toThrow()
      }
    }
  })
})

describe('a TCP stream', () => {
  const octets = (...values: number[]) => Uint8Array.from(values)
  const text = (pieces: Piece[]) => pieces.flatMap(({ payload }) => [...payload])

  test('is put in order without retransmissions, across the wrap of the sequence numbers', () => {
    const stream = new TcpStream()
    stream.push(0xffff_fffd, octets(), true)
    expect(text(stream.push(0xffff_fffe, octets(1, 2), false))).toEqual([1, 2])
    expect(text(stream.push(2, octets(5, 6), false))).toEqual([])
    expect(text(stream.push(0xffff_fffe, octets(1, 2, 3), false))).toEqual([3])
    expect(text(stream.push(1, octets(4), false))).toEqual([4, 5, 6])
  })

  test('gives up a gap when too much waits behind it', () => {
    const stream = new TcpStream()
    expect(text(stream.push(0, octets(1), false))).toEqual([1])
    const out: number[] = []
    for (let at = 10; at < 80_010; at += 1_000) out.push(...text(stream.push(at, new Uint8Array(1_000).fill(9), false)))
    expect(out.length).toBeGreaterThan(60_000)
  })
})

describe('a description', () => {
  const describeHex = (hex: string) =>
    describeFragment(Uint8Array.from(hex.match(/../g) ?? [], (x) => Number.parseInt(x, 16)))

  test('shows the fields of file objects', () => {
    // An open of ./a with mode 1, and a block of data.
    const open = describeHex('c01946035b011d001a000300000000000000ff0100000000000000000100000405002e2f61')
    expect(open).toMatchObject({ function: 'open-file', error: null })
    expect(open.objects[0]?.points[0]?.fields).toMatchObject({ name: './a', mode: 1, maxBlockSize: 1024, requestId: 5 })
    const block = describeHex('c0810000' + '46055b010a00' + '01000000' + '00000080' + '6869')
    expect(block.objects[0]?.points[0]?.fields).toMatchObject({ handle: 1, block: 0x8000_0000, data: '6869' })
  })

  test('shows the fields of authentication objects, and reports an object that contradicts its size', () => {
    const challenge = describeHex('c0830000' + '78015b010a00' + '07000000' + '0100' + '04' + '01' + 'beef')
    expect(challenge.objects[0]?.points[0]?.fields).toEqual({
      sequence: 7,
      user: 1,
      macAlgorithm: 4,
      reason: 1,
      challenge: 'beef',
    })
    expect(describeHex('c0830000' + '78015b0103000700ff').error).toBe('bad-object-size')
  })

  test('keeps numbers that JSON lacks as text', () => {
    expect(describeHex('c0810000' + '1e05000000' + '01' + '0000c07f').objects[0]?.points).toMatchObject([
      { value: 'NaN', flags: 1 },
    ])
  })
})

describe('the comparison with tshark', () => {
  test('reports a different value, index, time or object', () => {
    const theirs = () => ({
      wraps: 0,
      fragments: [
        {
          frame: 1,
          functionCode: 129,
          sequence: 0,
          iin: 0,
          complaints: [],
          objects: [{ group: 32, variation: 7, points: [{ index: 3, value: '1.5', timeHex: '010000000000' }] }],
        },
      ],
    })
    const fragment = describeFragment(
      Uint8Array.from([0xc0, 129, 0, 0, 32, 7, 0x17, 1, 3, 1, 0, 0, 0xc0, 0x3f, 1, 0, 0, 0, 0, 0]),
    )
    const ours: DecodedRecord[] = [{ frame: 1, source: 10, destination: 1, timeMs: 0, ...fragment }]
    expect(differences(ours, theirs())).toEqual([])
    const changes: ((copy: ReturnType<typeof theirs>['fragments'][0]) => void)[] = [
      (f) => Object.assign(f, { iin: 1 }),
      (f) => Object.assign(f, { functionCode: 130 }),
      (f) => f.objects.push({ group: 1, variation: 1, points: [] }),
      (f) => Object.assign(f.objects[0]?.points[0] ?? {}, { value: '1.6' }),
      (f) => Object.assign(f.objects[0]?.points[0] ?? {}, { index: 4 }),
      (f) => Object.assign(f.objects[0]?.points[0] ?? {}, { timeHex: '020000000000' }),
      (f) => Object.assign(f.objects[0] ?? {}, { variation: 5 }),
    ]
    for (const change of changes) {
      const other = theirs()
      change(other.fragments[0] as (typeof other.fragments)[0])
      expect(differences(ours, other)).toHaveLength(1)
    }
  })
})
