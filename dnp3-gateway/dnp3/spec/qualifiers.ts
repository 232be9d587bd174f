/** Qualifier octet of an object header, IEEE 1815-2012 clause 4.2.2.7.3: prefix code (bits 4–6), range code (bits 0–3). */

/** What precedes each object: nothing, its index, or its size in octets. */
export interface PrefixSpec {
  readonly code: number
  readonly of: 'none' | 'index' | 'size'
  readonly octets: 0 | 1 | 2 | 4
}

/** How the header says which objects follow. */
export interface RangeSpec {
  readonly code: number
  readonly kind: 'range' | 'all' | 'count' | 'variable'
  /** Octets of each of its fields (start and stop, or count). */
  readonly octets: 0 | 1 | 2 | 4
}

export const PREFIXES: readonly PrefixSpec[] = [
  { code: 0, of: 'none', octets: 0 },
  { code: 1, of: 'index', octets: 1 },
  { code: 2, of: 'index', octets: 2 },
  { code: 3, of: 'index', octets: 4 },
  { code: 4, of: 'size', octets: 1 },
  { code: 5, of: 'size', octets: 2 },
  { code: 6, of: 'size', octets: 4 },
]

/** Range codes 3–5 (virtual addresses) are obsolete; A, C–F are reserved: all are refused. */
export const RANGES: readonly RangeSpec[] = [
  { code: 0x0, kind: 'range', octets: 1 },
  { code: 0x1, kind: 'range', octets: 2 },
  { code: 0x2, kind: 'range', octets: 4 },
  { code: 0x6, kind: 'all', octets: 0 },
  { code: 0x7, kind: 'count', octets: 1 },
  { code: 0x8, kind: 'count', octets: 2 },
  { code: 0x9, kind: 'count', octets: 4 },
  { code: 0xb, kind: 'variable', octets: 1 },
]

/** A valid qualifier octet, taken apart. */
export interface QualifierSpec {
  readonly code: number
  readonly prefix: PrefixSpec
  readonly range: RangeSpec
}

/** Start–stop and all take no prefix; counts take none or an index; variable format takes a size. */
function combines(prefix: PrefixSpec, range: RangeSpec): boolean {
  if (range.kind === 'count') return prefix.of !== 'size'
  if (range.kind === 'variable') return prefix.of === 'size'
  return prefix.of === 'none'
}

/** Every combination that the standard allows. */
export const QUALIFIERS: readonly QualifierSpec[] = PREFIXES.flatMap((prefix) =>
  RANGES.filter((range) => combines(prefix, range)).map((range) => ({
    code: (prefix.code << 4) | range.code,
    prefix,
    range,
  })),
)

const BY_CODE: (QualifierSpec | undefined)[] = []
for (const spec of QUALIFIERS) BY_CODE[spec.code] = spec

/** The parts of a qualifier octet, or undefined if the standard does not allow it. */
export function qualifierSpec(code: number): QualifierSpec | undefined {
  return BY_CODE[code]
}

/** Qualifiers by use, for code that writes headers. */
export const Qualifier = {
  range8: 0x00,
  range16: 0x01,
  range32: 0x02,
  all: 0x06,
  count8: 0x07,
  count16: 0x08,
  index8: 0x17,
  index16: 0x28,
  index32: 0x39,
  variable16: 0x5b,
} as const
