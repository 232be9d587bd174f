/** Reads capture files (pcap and pcapng) as packets, and writes pcap files. Bytes in, bytes out: no file is opened. */

/** Supported link types (numbers of the pcap registry). */
export const LinkType = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  rawBsd: 12,
  rawOpenBsd: 14,
  pppHdlc: 50,
  raw: 101,
  ciscoHdlc: 104,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const

export interface Packet {
  /** Number in the file, from 1, which Wireshark calls the frame. */
  readonly number: number
  readonly linkType: number
  /** Capture time in ms since 1970 UTC; NaN if the file does not say. */
  readonly timeMs: number
  readonly bytes: Uint8Array
}

/** Says why a file cannot be read. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError'
}

/** All packets of a capture file. Throws `CaptureError` if it is not one; an incomplete last packet is left out. */
export function readCapture(file: Uint8Array): Packet[] {
  if (file.length < 4) throw new CaptureError('not a capture file: shorter than its magic number')
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const magic = view.getUint32(0, true)
  if (magic === SECTION_HEADER) return readPcapng(view)
  const format = PCAP_FORMATS.get(magic)
  if (format === undefined) throw new CaptureError('not a capture file: no pcap or pcapng magic number')
  return readPcap(view, format)
}

interface PcapFormat {
  readonly little: boolean
  /** Fractions of a second in the second half of the time stamp. */
  readonly fraction: number
}

const MAGIC_MICRO = 0xa1b2c3d4
const MAGIC_NANO = 0xa1b23c4d
const PCAP_FORMATS = new Map<number, PcapFormat>([
  [MAGIC_MICRO, { little: true, fraction: 1e6 }],
  [MAGIC_NANO, { little: true, fraction: 1e9 }],
  [0xd4c3b2a1, { little: false, fraction: 1e6 }],
  [0x4d3cb2a1, { little: false, fraction: 1e9 }],
])
const PCAP_HEADER = 24
const PACKET_HEADER = 16

function readPcap(view: DataView, { little, fraction }: PcapFormat): Packet[] {
  if (view.byteLength < PCAP_HEADER) throw new CaptureError('the file ends within its header')
  const linkType = view.getUint32(20, little) & 0xffff
  const packets: Packet[] = []
  let at = PCAP_HEADER
  while (at + PACKET_HEADER <= view.byteLength) {
    const timeMs = view.getUint32(at, little) * 1000 + (view.getUint32(at + 4, little) * 1000) / fraction
    const length = view.getUint32(at + 8, little)
    at += PACKET_HEADER
    if (at + length > view.byteLength) break
    packets.push({ number: packets.length + 1, linkType, timeMs, bytes: slice(view, at, length) })
    at += length
  }
  return packets
}

const SECTION_HEADER = 0x0a0d0d0a
const BYTE_ORDER_MAGIC = 0x1a2b3c4d
const Block = { interface: 1, packet: 2, simplePacket: 3, enhancedPacket: 6 } as const

interface Interface {
  readonly linkType: number
  readonly ticksPerMs: number
}

function readPcapng(view: DataView): Packet[] {
  const packets: Packet[] = []
  let interfaces: Interface[] = []
  let little = true
  let at = 0
  while (at + 12 <= view.byteLength) {
    if (view.getUint32(at, true) === SECTION_HEADER) {
      little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC
      interfaces = []
    }
    const length = view.getUint32(at + 4, little)
    if (length < 12 || at + length > view.byteLength) break
    const type = view.getUint32(at, little)
    if (type === Block.interface) interfaces.push(readInterface(view, at, length, little))
    else {
      const packet = readPacketBlock(view, at, length, little, type, interfaces, packets.length + 1)
      if (packet !== null) packets.push(packet)
    }
    at += length
  }
  return packets
}

function readPacketBlock(
  view: DataView,
  at: number,
  length: number,
  little: boolean,
  type: number,
  interfaces: readonly Interface[],
  number: number,
): Packet | null {
  if (type === Block.simplePacket && length >= 16 && interfaces[0] !== undefined) {
    const octets = Math.min(view.getUint32(at + 8, little), length - 16)
    return { number, linkType: interfaces[0].linkType, timeMs: Number.NaN, bytes: slice(view, at + 12, octets) }
  }
  if ((type !== Block.enhancedPacket && type !== Block.packet) || length < 32) return null
  const from = interfaces[type === Block.packet ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little)]
  if (from === undefined) return null
  const ticks = view.getUint32(at + 12, little) * 0x1_0000_0000 + view.getUint32(at + 16, little)
  const octets = Math.min(view.getUint32(at + 20, little), length - 32)
  return { number, linkType: from.linkType, timeMs: ticks / from.ticksPerMs, bytes: slice(view, at + 28, octets) }
}

const OPTION_TIME_RESOLUTION = 9

function readInterface(view: DataView, at: number, length: number, little: boolean): Interface {
  const linkType = length >= 20 ? view.getUint16(at + 8, little) : -1
  let ticksPerMs = 1000
  let option = at + 16
  while (option + 4 <= at + length - 4) {
    const code = view.getUint16(option, little)
    const octets = view.getUint16(option + 2, little)
    if (code === OPTION_TIME_RESOLUTION && octets === 1 && option + 5 <= at + length) {
      const value = view.getUint8(option + 4)
      ticksPerMs = ((value & 0x80) !== 0 ? 2 ** (value & 0x7f) : 10 ** value) / 1000
    }
    if (code === 0) break
    option += 4 + Math.ceil(octets / 4) * 4
  }
  return { linkType, ticksPerMs }
}

function slice(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length)
}

/** The header of a pcap file of raw IP packets. */
export function pcapHeader(): Uint8Array {
  const out = new Uint8Array(PCAP_HEADER)
  const view = new DataView(out.buffer)
  view.setUint32(0, MAGIC_MICRO, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 4, true)
  view.setUint32(16, 0x4_0000, true)
  view.setUint32(20, LinkType.raw, true)
  return out
}

/** One packet record of a pcap file. */
export function pcapRecord(timeMs: number, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(PACKET_HEADER + bytes.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, Math.floor(timeMs / 1000), true)
  view.setUint32(4, Math.floor((timeMs % 1000) * 1000), true)
  view.setUint32(8, bytes.length, true)
  view.setUint32(12, bytes.length, true)
  out.set(bytes, PACKET_HEADER)
  return out
}
