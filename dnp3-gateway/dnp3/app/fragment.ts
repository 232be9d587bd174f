/**
 * Fragments to values: the header, then object headers with the position and size of their objects, all bounds checked
 * (IEEE 1815-2012 clause 4.2.2). `measurements.ts` and `records.ts` read the objects themselves.
 */
import { FunctionCode, type FunctionSpec, functionSpec, isResponseCode } from '../spec/functions.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import { type QualifierSpec, qualifierSpec } from '../spec/qualifiers.ts'
import type { FragmentError } from './fragment-error.ts'
import { u16At, u32At } from './numbers.ts'
import { type PassedOver, passOver } from './passed-over.ts'
import { objectsOctets } from './sizes.ts'

/** One object header. Its objects, if any, are `bytes[dataAt .. dataAt + dataOctets)` of the fragment. */
export interface ObjectHeader {
  readonly spec: ObjectSpec
  readonly qualifier: QualifierSpec
  /** First index of a start–stop range, else 0. */
  readonly start: number
  /** Number of objects (or of prefixes without objects); 0 with qualifier "all". */
  readonly count: number
  readonly dataAt: number
  readonly dataOctets: number
  /** Whether objects follow; otherwise the header only selects, at most with a list of indexes. */
  readonly carries: boolean
}

/**
 * A parsed fragment. With `error`, the headers before the fault are still included. What a response holds beyond our tables is no error:
 * it is passed over and named, and all the rest counts.
 */
export interface Fragment {
  readonly bytes: Uint8Array
  readonly control: number
  readonly function: FunctionSpec
  /** Internal indications of a response, 0 in a request. */
  readonly iin: number
  readonly headers: readonly ObjectHeader[]
  /** Headers of a response that were not understood, in order. */
  readonly passedOver: readonly PassedOver[]
  readonly error: FragmentError | null
}

/**
 * Most objects in one fragment. The largest fragment that we reassemble (4,096 octets) holds 32,768 packed single bits;
 * without a limit, a header of eleven octets could announce four thousand million empty strings.
 */
export const MAX_OBJECTS = 32_768

/** Parses a fragment. Never throws; never allocates more than one record per three octets. */
export function parseFragment(bytes: Uint8Array): Fragment | { readonly error: FragmentError; readonly bytes: null } {
  if (bytes.length < 2) return { error: 'truncated', bytes: null }
  const spec = functionSpec(bytes[1] as number)
  if (spec === undefined) return { error: 'unknown-function', bytes: null }
  const response = isResponseCode(spec.code)
  if (response && bytes.length < 4) return { error: 'truncated', bytes: null }
  const iin = response ? ((bytes[2] as number) << 8) | (bytes[3] as number) : 0
  const headers: ObjectHeader[] = []
  const passedOver = response ? [] : NONE_PASSED_OVER
  const error = parseHeaders(bytes, response ? 4 : 2, spec, headers, passedOver)
  return { bytes, control: bytes[0] as number, function: spec, iin, headers, passedOver, error }
}

/** Requests hold nothing that is passed over: an outstation refuses what it does not know. */
const NONE_PASSED_OVER: PassedOver[] = []

function parseHeaders(
  bytes: Uint8Array,
  from: number,
  spec: FunctionSpec,
  headers: ObjectHeader[],
  passedOver: PassedOver[],
): FragmentError | null {
  let at = from
  let objects = 0
  while (at < bytes.length) {
    const header = parseHeader(bytes, at, spec)
    if (typeof header === 'string') {
      const passed = passedOver === NONE_PASSED_OVER ? null : passOver(bytes, at, header)
      if (passed === null) return header
      passedOver.push(passed)
      at += passed.octets
      continue
    }
    objects += header.count
    if (header.dataOctets > 0 || spec.content === 'data') {
      if (objects > MAX_OBJECTS) return 'too-many-objects'
    }
    headers.push(header)
    at = header.dataAt + header.dataOctets
  }
  return null
}

function parseHeader(bytes: Uint8Array, at: number, spec: FunctionSpec): ObjectHeader | FragmentError {
  if (at + 3 > bytes.length) return 'truncated'
  const object = objectSpec(bytes[at] as number, bytes[at + 1] as number)
  if (object === undefined) return 'unknown-object'
  const qualifier = qualifierSpec(bytes[at + 2] as number)
  if (qualifier === undefined) return 'unknown-qualifier'
  const { range } = qualifier
  const fields = range.kind === 'range' ? 2 : range.kind === 'all' ? 0 : 1
  const dataAt = at + 3 + fields * range.octets
  if (dataAt > bytes.length) return 'truncated'
  const first = fields > 0 ? unsignedAt(bytes, at + 3, range.octets) : 0
  let start = 0
  let count = first
  if (range.kind === 'range') {
    const stop = unsignedAt(bytes, at + 3 + range.octets, range.octets)
    if (stop < first) return 'bad-range'
    start = first
    count = stop - first + 1
  }
  const carries = range.kind !== 'all' && object.layout.kind !== 'none' && carriesObjects(spec, object, qualifier)
  const octets = objectsOctets(bytes, dataAt, object, qualifier, count, carries)
  if (typeof octets === 'string') return octets
  return { spec: object, qualifier, start, count, dataAt, dataOctets: octets, carries }
}

/**
 * Requests that select carry headers only, except for free format, the time of a freeze (g50v2) and the aggressive mode
 * of authentication (g120v3), which carry objects with any function.
 */
function carriesObjects(spec: FunctionSpec, object: ObjectSpec, qualifier: QualifierSpec): boolean {
  if (spec.content === 'data' || qualifier.prefix.of === 'size') return true
  const { role } = object.group
  return role === 'authentication' || (role === 'time' && spec.code !== FunctionCode.read)
}

/** An unsigned number of 1, 2 or 4 octets. */
export function unsignedAt(bytes: Uint8Array, at: number, octets: number): number {
  if (octets === 1) return bytes[at] as number
  return octets === 2 ? u16At(bytes, at) : u32At(bytes, at)
}
