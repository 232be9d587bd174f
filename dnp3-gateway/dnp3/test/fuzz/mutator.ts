/** Frames to break, from a conversation that covers everything, and a mutator that leaves CRCs right or wrong. */
import { singleControl } from '../../app/control.ts'
import { FragmentWriter } from '../../app/writer.ts'
import { putCrc } from '../../link/crc.ts'
import { FUNCTIONS } from '../../spec/functions.ts'
import { GROUPS } from '../../spec/groups.ts'
import { LinkSize } from '../../spec/link.ts'
import { listedObjects } from '../../spec/objects.ts'
import { QUALIFIERS } from '../../spec/qualifiers.ts'
import { frameFragment } from '../../transport/segmenter.ts'

/** A repeatable stream of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Valid fragments: every listed object as a response, and every function with a few headers. */
export function seedFragments(): Uint8Array[] {
  const seeds: Uint8Array[] = []
  for (const spec of listedObjects()) {
    const writer = new FragmentWriter(512).response(singleControl(3), 129)
    const prefixed = spec.layout.kind === 'sized'
    writer.octets(Uint8Array.of(spec.group.group, spec.variation, prefixed ? 0x5b : 0x28))
    writer.octets(prefixed ? Uint8Array.of(1, 30, 0) : Uint8Array.of(2, 0, 7, 0))
    writer.octets(new Uint8Array(40).fill(1))
    seeds.push(writer.view().slice())
  }
  for (const { code } of FUNCTIONS) {
    const headers = GROUPS.slice(0, 12).flatMap(({ group }) => [group, 0, 0x06])
    seeds.push(Uint8Array.from([singleControl(5), code, 0, 0, ...headers]))
    seeds.push(Uint8Array.from([singleControl(5), code, 12, 1, 0x17, 1, 5, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
  }
  for (const { code } of QUALIFIERS) {
    seeds.push(Uint8Array.from([singleControl(6), 1, 30, 0, code, 0, 0, 0, 0, 9, 0, 0, 0]))
  }
  return seeds
}

/** One or more octets changed, removed, repeated or set to an extreme. */
export function mutate(source: Uint8Array, random: () => number): Uint8Array {
  let out = source.slice()
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const at = Math.floor(random() * out.length)
    const kind = Math.floor(random() * 6)
    if (kind === 0) out[at] = Math.floor(random() * 256)
    else if (kind === 1) out[at] = (out[at] ?? 0) ^ (1 << Math.floor(random() * 8))
    else if (kind === 2) out[at] = random() < 0.5 ? 0xff : 0
    else if (kind === 3) out = out.slice(0, at)
    else if (kind === 4) out.fill(0xff, at, at + 4)
    else out = Uint8Array.from([...out.subarray(0, at), ...out.subarray(Math.max(0, at - 3))])
    if (out.length > 300) out = out.slice(0, 300)
  }
  return out
}

/** A fragment in frames whose transport headers may be corrupted; the CRCs are recomputed afterwards. */
export function frames(fragment: Uint8Array, random: () => number, fromMaster: boolean): Uint8Array {
  const control = fromMaster ? 0xc4 : 0x44
  const [destination, source] = fromMaster ? [10, 1] : [1, 10]
  const octets = frameFragment(fragment, control, destination, source, Math.floor(random() * 64))
  const choice = random()
  if (octets.length > LinkSize.header && choice < 0.1) {
    octets[LinkSize.header] = Math.floor(random() * 256)
    putCrc(octets, LinkSize.header, Math.min(LinkSize.header + 16, octets.length - 2))
  } else if (choice < 0.2) {
    octets[3] = Math.floor(random() * 256)
    putCrc(octets, 0, 8)
  } else if (choice < 0.25) {
    octets[2] = Math.floor(random() * 256)
    putCrc(octets, 0, 8)
  } else if (choice < 0.35) {
    octets[Math.floor(random() * octets.length)] = Math.floor(random() * 256)
  }
  return octets
}
