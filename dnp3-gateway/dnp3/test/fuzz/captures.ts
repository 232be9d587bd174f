/** Fragments of real devices as seeds, if the captures are at hand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PacketReader } from '../../io/packets.ts'
import { readCapture } from '../../io/pcap.ts'
import { FrameParser } from '../../link/parser.ts'
import { Reassembler } from '../../transport/reassembler.ts'

const FOLDER = join(import.meta.dirname, '../../../../../shared/data/dnp3-captures')

/** All distinct fragments of at most 300 octets in the captures; empty without captures. */
export function captureSeeds(): Uint8Array[] {
  if (!existsSync(FOLDER)) return []
  const seeds = new Map<string, Uint8Array>()
  for (const name of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.pcap')) continue
    const reader = new PacketReader()
    for (const packet of readCapture(readFileSync(join(FOLDER, name)))) {
      const segment = reader.read(packet)
      if (segment !== null && 'payload' in segment) collect(segment.payload, seeds)
    }
  }
  return [...seeds.values()]
}

function collect(payload: Uint8Array, seeds: Map<string, Uint8Array>): void {
  const reassembler = new Reassembler(4096)
  const parser = new FrameParser((frame) => {
    const fragment = reassembler.push(frame.payload, frame.length)
    if (fragment === null || fragment.length > 300) return
    seeds.set(Buffer.from(fragment).toString('hex'), fragment.slice())
  })
  parser.push(payload)
}
