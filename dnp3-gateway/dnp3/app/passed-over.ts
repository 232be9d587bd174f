/**
 * What a response may hold that our tables do not: an object or variation of a later edition or of a maker's own, a qualifier that the
 * standard reserves. The size of such objects is mostly not on the wire (IEEE 1815-2012 clause 4.2.2.7 gives it by the tables alone), so
 * what follows them in the same fragment cannot be found; where it is, reading goes on behind them.
 */
import { qualifierSpec } from '../spec/qualifiers.ts'
import type { FragmentError } from './fragment-error.ts'
import { sizedOctets } from './sizes.ts'

/** A header that was passed over, with its objects. */
export interface PassedOver {
  readonly group: number
  readonly variation: number
  /** Octets from the header on that were not read. */
  readonly octets: number
  /** Whether the rest of the fragment is among them, because the size of the objects is unknown. */
  readonly cut: boolean
  readonly why: FragmentError
}

/** Faults that say no more than that a table lacks a row. A fragment with any other contradicts itself. */
const UNKNOWN: ReadonlySet<FragmentError> = new Set<FragmentError>([
  'unknown-object',
  'unknown-qualifier',
  'bad-object-size',
])

/** Passes over the header at a position; null if the fragment contradicts itself there. */
export function passOver(bytes: Uint8Array, at: number, why: FragmentError): PassedOver | null {
  if (!UNKNOWN.has(why)) return null
  const known = knownOctets(bytes, at)
  if (known === 'truncated') return null
  const octets = known ?? bytes.length - at
  return {
    group: bytes[at] as number,
    variation: bytes[at + 1] as number,
    octets,
    cut: known === null && octets > 0,
    why,
  }
}

/** Octets of a header and its objects as far as the qualifier says; null if it does not. */
function knownOctets(bytes: Uint8Array, at: number): number | 'truncated' | null {
  const qualifier = qualifierSpec(bytes[at + 2] as number)
  if (qualifier === undefined) return null
  const { prefix, range } = qualifier
  const fields = (range.kind === 'range' ? 2 : range.kind === 'all' ? 0 : 1) * range.octets
  const dataAt = at + 3 + fields
  if (dataAt > bytes.length) return 'truncated'
  if (range.kind === 'all') return 3
  if (prefix.of === 'size') {
    const objects = sizedOctets(bytes, dataAt, prefix.octets, bytes[at + 3] as number)
    return typeof objects === 'string' ? 'truncated' : 3 + fields + objects
  }
  // A string's length is its variation: of none, nothing follows.
  return STRINGS.has(bytes[at] as number) && bytes[at + 1] === 0 ? 3 + fields : null
}

/** Octet strings and virtual terminal strings (Annex A, groups 110 to 113). */
const STRINGS: ReadonlySet<number> = new Set([110, 111, 112, 113])
