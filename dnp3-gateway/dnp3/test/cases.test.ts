/** Captures that were read wrongly, or not at all (`test/cases/dnp3`), and others of their kind. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type AssociationNotice, decodeCapture, FunctionCode } from '../index.ts'
import { tcpPacket } from '../io/ip.ts'
import { PacketReader } from '../io/packets.ts'
import { pcapHeader, pcapRecord, readCapture } from '../io/pcap.ts'
import { encodeFrame } from '../link/frame.ts'
import { FrameParser } from '../link/parser.ts'
import { Association } from '../master/association.ts'
import { Reassembler } from '../transport/reassembler.ts'

const capture = (name: string) => readFileSync(new URL(`../../../test/cases/dnp3/${name}`, import.meta.url))

/** Functions by the packet that completes them, and faults, as one list. */
const told = (file: Uint8Array) =>
  [...decodeCapture(file)].map((record) => [record.frame, 'function' in record ? record.functionCode : record.error])

describe('I3 a capture that lacks a TCP segment', () => {
  test('names the gap and is read on behind it', () => {
    const seen = told(capture('tcp-gap-one-lost-segment.pcap'))
    // 50 reads of 18 octets, the second of which is lost: 49 are left, in packets 2 to 50.
    const reads = seen.filter(([, what]) => what === FunctionCode.read)
    expect(reads.map(([frame]) => frame)).toEqual(Array.from({ length: 49 }, (_, i) => i + 2))
    expect(seen.filter(([, what]) => typeof what === 'string')).toEqual([
      [3, 'tcp: 18 octets are missing from the capture'],
    ])
  })

  test('in the middle of a frame is read from the next frame on', () => {
    const { file, octets } = conversation(10, (n, bytes) => (n === 3 ? bytes.subarray(0, 7) : bytes))
    const missing = octets - 7
    expect(told(file).filter(([, what]) => typeof what === 'string')).toEqual([
      [5, `tcp: ${missing} octets are missing from the capture`],
    ])
    expect(told(file).filter(([, what]) => what === FunctionCode.read)).toHaveLength(9)
  })

  test('twice names both gaps', () => {
    const { file, octets } = conversation(10, (n, bytes) => (n === 3 || n === 7 ? null : bytes))
    const gap = `tcp: ${octets} octets are missing from the capture`
    expect(told(file).filter(([, what]) => typeof what === 'string')).toEqual([
      [4, gap],
      [7, gap],
    ])
    expect(told(file).filter(([, what]) => what === FunctionCode.read)).toHaveLength(8)
  })

  test('does not wait for it to the end, where the packets behind it are much later', () => {
    const { file } = conversation(10, (n, bytes) => (n === 3 ? null : bytes), 10_000)
    const seen = told(file)
    expect(seen).toHaveLength(10)
    expect(seen.findIndex(([, what]) => typeof what === 'string')).toBe(3)
  })

  test('at its very end says that a frame is incomplete', () => {
    const { file } = conversation(3, (n, bytes) => (n === 2 ? bytes.subarray(0, 12) : bytes))
    expect(told(file).at(-1)).toEqual([3, 'link: 12 octets of a frame when the capture ended'])
  })
})

/** Reads from a master in TCP segments of one each; `keep` cuts or drops what the capture has of the nth. */
function conversation(count: number, keep: (n: number, bytes: Uint8Array) => Uint8Array | null, stepMs = 1) {
  const master = { address: [10, 0, 0, 1], port: 40_000 } as const
  const device = { address: [10, 0, 0, 2], port: 20_000 } as const
  const parts: Uint8Array[] = [pcapHeader()]
  let sequence = 1
  let octets = 0
  for (let n = 0; n < count; n++) {
    const frame = encodeFrame(0xc4, 10, 1, Uint8Array.of(0xc0, 0xc0 | (n % 16), 1, 60, 2, 6))
    octets = frame.length
    const kept = keep(n, frame)
    if (kept !== null) parts.push(pcapRecord(1_000 + n * stepMs, tcpPacket(master, device, sequence, 1, kept)))
    sequence += frame.length
  }
  return { file: Buffer.concat(parts), octets }
}

/** What a conversation says: an unsolicited null response, disabling, a write, a read, enabling, and their answers. */
const said = [130, 21, 129, 0, 2, 129, 1, 129, 20, 129]

describe('I8 a capture', () => {
  test.each(['gre', 'ipfrag', 'loop', 'mpls', 'v6ext'])('of packets in %s is read', (name) => {
    expect(told(capture(`encapsulations/${name}.pcap`)).map(([, what]) => what)).toEqual(said)
  })

  const plain = readCapture(capture('encapsulations/loop.pcap')).map(({ bytes }) => bytes.subarray(4))
  const bytes = (...octets: number[]) => Uint8Array.from(octets)
  const macs = new Uint8Array(12)
  const u16 = (value: number) => bytes(value >> 8, value & 0xff)
  const ipv4 = (protocol: number, payload: Uint8Array) =>
    Buffer.concat([
      bytes(0x45, 0),
      u16(20 + payload.length),
      bytes(0, 1, 0, 0, 64, protocol, 0, 0, 9, 9, 9, 1, 9, 9, 9, 2),
      payload,
    ])
  const udp = (port: number, payload: Uint8Array) =>
    Buffer.concat([u16(5_000), u16(port), u16(8 + payload.length), u16(0), payload])
  const ethernet = (type: number, payload: Uint8Array) => Buffer.concat([macs, u16(type), payload])

  test.each<[string, number, (packet: Uint8Array) => Uint8Array]>([
    ['802.1Q tags', 1, (ip) => ethernet(0x8100, Buffer.concat([bytes(0, 5, 8, 0), ip]))],
    [
      'PPPoE',
      1,
      (ip) => ethernet(0x8864, Buffer.concat([bytes(0x11, 0, 0, 1), u16(ip.length + 2), bytes(0, 0x21), ip])),
    ],
    ['802.2 SNAP', 1, (ip) => ethernet(ip.length + 8, Buffer.concat([bytes(0xaa, 0xaa, 3, 0, 0, 0, 8, 0), ip]))],
    ['two MPLS labels', 1, (ip) => ethernet(0x8847, Buffer.concat([bytes(0, 1, 0, 64, 0, 2, 1, 64), ip]))],
    ['IP in IP', 101, (ip) => ipv4(4, ip)],
    ['GRE with a key', 101, (ip) => ipv4(47, Buffer.concat([bytes(0x20, 0, 8, 0, 0, 0, 0, 7), ip]))],
    ['an authentication header', 101, (ip) => ipv4(51, Buffer.concat([bytes(4, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1), ip]))],
    ['VXLAN', 101, (ip) => ipv4(17, udp(4_789, Buffer.concat([bytes(8, 0, 0, 0, 0, 0, 1, 0), ethernet(0x0800, ip)])))],
    ['PPP', 9, (ip) => Buffer.concat([bytes(0xff, 3, 0, 0x21), ip])],
    ['Cisco HDLC', 104, (ip) => Buffer.concat([bytes(0x0f, 0, 8, 0), ip])],
    ['Linux cooked mode with a tag', 113, (ip) => Buffer.concat([new Uint8Array(14), bytes(0x81, 0, 0, 5, 8, 0), ip])],
  ])('of packets in %s is read', (_, linkType, wrap) => {
    expect(told(capturedAs(linkType, plain.map(wrap))).map(([, what]) => what)).toEqual(said)
  })

  test.each([
    ['ESP', 101, ipv4(50, new Uint8Array(40)), 'packet: ESP (encrypted) is not read'],
    ['a link type that it does not know', 147, new Uint8Array(40), 'packet: link type 147 is not read'],
    [
      'PPTP',
      101,
      ipv4(47, bytes(0x30, 1, 0x88, 0x0b, 0, 0, 0, 0)),
      'packet: GRE of another version than 0 is not read',
    ],
    ['MACsec', 1, ethernet(0x88e5, new Uint8Array(40)), 'packet: MACsec is not read'],
  ])('names %s as not read, once', (_, linkType, packet, error) => {
    expect(told(capturedAs(linkType, [packet, packet]))).toEqual([[1, error]])
  })

  test('names IP fragments that lack one of their packet', () => {
    const whole = plain[3] as Uint8Array
    const payload = whole.subarray(20)
    const first = Buffer.concat([whole.subarray(0, 20), payload.subarray(0, 16)])
    first.set([0, 36], 2)
    first.set([0x20, 0], 6)
    expect(told(capturedAs(101, [first]))).toEqual([[1, 'ip: 1 packets lack fragments that are not in the capture']])
  })

  test('says nothing of what carries no IP: ARP, spanning tree', () => {
    const packets = [ethernet(0x0806, new Uint8Array(28)), ethernet(38, bytes(0x42, 0x42, 3, ...new Array(35).fill(0)))]
    expect(told(capturedAs(1, packets))).toEqual([])
  })
})

function capturedAs(linkType: number, packets: readonly Uint8Array[]): Uint8Array {
  const header = pcapHeader()
  new DataView(header.buffer).setUint32(20, linkType, true)
  return Buffer.concat([header, ...packets.map((packet, n) => pcapRecord(1_000 + n, packet))])
}

/** The fragments of the outstation (link address 10) in a capture, in order. */
function fragmentsOf(name: string): Uint8Array[] {
  const reader = new PacketReader()
  const reassembler = new Reassembler(4096)
  const out: Uint8Array[] = []
  const parser = new FrameParser((frame) => {
    const fragment = frame.source === 10 ? reassembler.push(frame.payload, frame.length) : null
    if (fragment !== null) out.push(fragment.slice())
  })
  for (const packet of readCapture(capture(name))) {
    const segment = reader.read(packet)
    if (segment !== null && 'payload' in segment) parser.push(segment.payload)
  }
  return out
}

/** A master that is answered by hand, with the names of what it asks. */
function master(enableUnsolicited: readonly (1 | 2 | 3)[]) {
  const sent: Uint8Array[] = []
  const notices: AssociationNotice[] = []
  const startUp = { enableUnsolicited }
  const association = new Association(
    {
      remoteAddress: 10,
      timeSync: 'never',
      startUp,
      onMeasurements: () => {},
      onNotice: (notice) => notices.push(notice),
    },
    { now: () => 0, random: () => 0, timers: { set: () => 0, clear: () => {} } },
    (fragment) => sent.push(fragment.slice()) > 0,
  )
  association.onUp()
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const receive = (fragment: Uint8Array) => association.receiver.receive(fragment, 0)
  return {
    association,
    notices,
    receive,
    settle,
    /** Answers what is asked, without objects, until nothing is; returns the functions. */
    answerAll: async () => {
      const seen: number[] = []
      for (;;) {
        await settle()
        const request = sent.splice(0).find((octets) => octets[1] !== FunctionCode.confirm)
        if (request === undefined) return seen
        seen.push(request[1] as number)
        receive(Uint8Array.of(request[0] as number, 129, 0, 0))
      }
    },
  }
}

const { read, write, enableUnsolicited } = FunctionCode

describe('the outstation in a capture', () => {
  test('I1 that tells of an overflow in the first of two fragments has everything read', async () => {
    const [, first, last] = fragmentsOf('F1-iin-of-first-fragment-and-repeated-null.pcap') as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ]
    const { association, notices, receive, answerAll, settle } = master([])
    await answerAll()
    void association.classPoll([1])
    receive(first)
    receive(last)
    await settle()
    expect(notices).toEqual([{ kind: 'event-gap' }])
    expect(await answerAll()).toEqual([read])
  })

  test('I2d that restarts twice, with the same null response, has its restart cleared and everything read twice', async () => {
    const nulls = fragmentsOf('F1-iin-of-first-fragment-and-repeated-null.pcap').filter((octets) => octets[1] === 130)
    expect(nulls).toHaveLength(2)
    expect(nulls[0]).toEqual(nulls[1])
    const { receive, answerAll, notices } = master([])
    await answerAll()
    for (const fragment of nulls) {
      receive(fragment)
      expect(await answerAll()).toEqual([write, read])
    }
    expect(notices).toHaveLength(2)
  })

  test('I2c that restarts is allowed again to send its events', async () => {
    const nulls = fragmentsOf('F3-no-enable-unsolicited-after-restart.pcap').filter((octets) => octets[1] === 130)
    const { receive, answerAll } = master([1, 2, 3])
    await answerAll()
    receive(nulls.at(-1) as Uint8Array)
    expect(await answerAll()).toEqual([write, read, enableUnsolicited])
  })
})
