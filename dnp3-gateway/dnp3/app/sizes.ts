/** How many octets a header's objects take, prefixes included; every product is checked against the available octets. */
import type { ObjectSpec } from '../spec/objects.ts'
import type { QualifierSpec } from '../spec/qualifiers.ts'
import type { FragmentError } from './fragment-error.ts'
import { u16At, u32At } from './numbers.ts'

/**
 * Octets from `at` that belong to `count` objects. `carries` is false in requests that only select: they have prefixes
 * without objects.
 */
export function objectsOctets(
  bytes: Uint8Array,
  at: number,
  spec: ObjectSpec,
  qualifier: QualifierSpec,
  count: number,
  carries: boolean,
): number | FragmentError {
  const { prefix } = qualifier
  const room = bytes.length - at
  if (prefix.of === 'size') return sizedOctets(bytes, at, prefix.octets, count)
  if (!carries || qualifier.range.kind === 'all') return within(count * prefix.octets, room)
  const { layout } = spec
  switch (layout.kind) {
    case 'none':
      return within(count * prefix.octets, room)
    case 'bits':
      return within(prefix.octets > 0 ? count * (prefix.octets + 1) : Math.ceil((count * layout.width) / 8), room)
    case 'fixed':
      return within(count * (prefix.octets + layout.octets), room)
    case 'octets':
      // An empty string counts only with an index before it: otherwise one header could announce any number of them.
      if (spec.octets === 0 && prefix.octets === 0) return 'bad-object-size'
      return within(count * (prefix.octets + spec.octets), room)
    case 'attribute':
      return attributeOctets(bytes, at, prefix.octets, count)
    case 'sized':
      return 'bad-object-size'
  }
}

function within(octets: number, room: number): number | FragmentError {
  return octets <= room ? octets : 'truncated'
}

/** Free format: each object follows its own size. */
export function sizedOctets(bytes: Uint8Array, from: number, prefix: number, count: number): number | FragmentError {
  let at = from
  for (let i = 0; i < count; i++) {
    if (at + prefix > bytes.length) return 'truncated'
    const size = prefix === 1 ? (bytes[at] as number) : prefix === 2 ? u16At(bytes, at) : u32At(bytes, at)
    at += prefix + size
    if (at > bytes.length) return 'truncated'
  }
  return at - from
}

/** Device attributes: type, length, octets (Annex A, group 0). */
function attributeOctets(bytes: Uint8Array, from: number, prefix: number, count: number): number | FragmentError {
  let at = from
  for (let i = 0; i < count; i++) {
    if (at + prefix + 2 > bytes.length) return 'truncated'
    at += prefix + 2 + (bytes[at + prefix + 1] as number)
    if (at > bytes.length) return 'truncated'
  }
  return at - from
}
