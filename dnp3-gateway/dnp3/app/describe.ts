/** Fragments as plain values for logs, captures and engineers: everything the octets say, and nothing more. */
import { functionSpec, isResponseCode } from '../spec/functions.ts'
import { iinNames } from '../spec/iin.ts'
import { MeasurementBatch } from './batch.ts'
import { ControlBit } from './control.ts'
import { type ObjectHeader, parseFragment, unsignedAt } from './fragment.ts'
import type { FragmentError } from './fragment-error.ts'
import { hex, latin1, readAttributes, readFree } from './free-format.ts'
import { appendMeasurements, type CommonTime, commonTimeOf, isMeasurement, NO_COMMON_TIME } from './measurements.ts'
import { readRecords } from './records.ts'

export interface PointDescription {
  readonly index: number
  /** Text for strings and for numbers that JSON lacks (NaN, Infinity); null if the object has no value. */
  readonly value: number | string | null
  /** The flags octet without state bits; null if the variation has none. */
  readonly flags: number | null
  /** ISO 8601 in UTC, or null. */
  readonly time: string | null
  /** The object's other fields, named as in the tables. */
  readonly fields?: Readonly<Record<string, number | string>>
}

export interface ObjectDescription {
  readonly group: number
  readonly variation: number
  readonly name: string
  readonly qualifier: number
  /** Present for start–stop ranges. */
  readonly range?: readonly [start: number, stop: number]
  /** Present for counts. */
  readonly count?: number
  readonly points: readonly PointDescription[]
}

export interface FragmentDescription {
  /** Name of the function, or `function-N`. */
  readonly function: string
  readonly functionCode: number
  readonly sequence: number
  readonly fir: boolean
  readonly fin: boolean
  readonly con: boolean
  readonly uns: boolean
  /** Internal indications as a number, IIN1 in the high octet; null in requests. */
  readonly iin: number | null
  readonly indications: readonly string[]
  readonly objects: readonly ObjectDescription[]
  /** Objects that were passed over because the tables lack them, such as `g115v1`; left out if there are none. */
  readonly passedOver?: readonly string[]
  readonly error: FragmentError | null
}

/** Decodes as much of a fragment as can be understood. Never throws. */
export function describeFragment(bytes: Uint8Array): FragmentDescription {
  const fragment = parseFragment(bytes)
  const control = bytes[0] ?? 0
  const code = bytes[1] ?? 0
  const response = isResponseCode(code) && bytes.length >= 4
  const iin = response ? ((bytes[2] as number) << 8) | (bytes[3] as number) : null
  const objects: ObjectDescription[] = []
  let error = fragment.error
  let passedOver: readonly string[] = []
  if (fragment.bytes !== null) {
    passedOver = fragment.passedOver.map(({ group, variation }) => `g${group}v${variation}`)
    error ??= fragment.passedOver[0]?.why ?? null
    const clock = { common: NO_COMMON_TIME }
    for (const header of fragment.headers) {
      const points = describePoints(bytes, header, clock)
      if (points === null) error = 'bad-object-size'
      objects.push(describeHeader(header, points ?? []))
    }
  }
  return {
    function: functionSpec(code)?.name ?? `function-${code}`,
    functionCode: code,
    sequence: control & ControlBit.sequence,
    fir: (control & ControlBit.fir) !== 0,
    fin: (control & ControlBit.fin) !== 0,
    con: (control & ControlBit.con) !== 0,
    uns: (control & ControlBit.uns) !== 0,
    iin,
    indications: iinNames(iin ?? 0),
    objects,
    ...(passedOver.length === 0 ? {} : { passedOver }),
    error,
  }
}

function describeHeader(header: ObjectHeader, points: readonly PointDescription[]): ObjectDescription {
  const { kind } = header.qualifier.range
  return {
    group: header.spec.group.group,
    variation: header.spec.variation,
    name: `${header.spec.group.name}, ${header.spec.name}`,
    qualifier: header.qualifier.code,
    ...(kind === 'range' ? { range: [header.start, header.start + header.count - 1] as const } : {}),
    ...(kind === 'count' || kind === 'variable' ? { count: header.count } : {}),
    points,
  }
}

/** The objects of a header; null if one of them contradicts its own size. */
function describePoints(
  bytes: Uint8Array,
  header: ObjectHeader,
  clock: { common: CommonTime },
): readonly PointDescription[] | null {
  const { spec, qualifier } = header
  if (header.dataOctets === 0) return []
  if (!header.carries) return describeIndexes(bytes, header)
  if (spec.layout.kind === 'sized' || qualifier.prefix.of === 'size') {
    return readFree(bytes, header)?.map(({ index, fields }) => plain(index, null, { fields })) ?? null
  }
  if (spec.layout.kind === 'attribute') {
    return readAttributes(bytes, header).map(({ set, type, value }) => plain(set, value, { fields: { type } }))
  }
  if (isMeasurement(spec)) return describeMeasurements(bytes, header, clock.common)
  if (spec.layout.kind === 'octets') return describeStrings(bytes, header)
  const records = readRecords(bytes, header)
  if (spec.group.group === 51) clock.common = commonTimeOf(bytes, header)
  return records.map(({ index, fields }) => describeRecord(index, fields))
}

function describeIndexes(bytes: Uint8Array, header: ObjectHeader): PointDescription[] {
  const { octets } = header.qualifier.prefix
  if (octets === 0) return []
  return Array.from({ length: header.count }, (_, i) =>
    plain(unsignedAt(bytes, header.dataAt + i * octets, octets), null),
  )
}

function describeMeasurements(bytes: Uint8Array, header: ObjectHeader, common: CommonTime): PointDescription[] {
  const batch = new MeasurementBatch()
  appendMeasurements(batch, bytes, header, common)
  const flagged = header.spec.parts !== null && header.spec.parts.flagsAt >= 0
  return Array.from({ length: batch.length }, (_, i) => {
    const octets = batch.octets.get(i)
    const timeMs = batch.timeMs[i] as number
    return {
      index: batch.index[i] as number,
      value: octets === undefined ? finite(batch.value[i] as number) : hex(octets),
      flags: flagged ? (batch.flags[i] as number) : null,
      time: Number.isNaN(timeMs) ? null : isoTime(timeMs),
      ...(octets === undefined ? {} : { fields: { text: latin1(octets) } }),
    }
  })
}

function describeStrings(bytes: Uint8Array, header: ObjectHeader): PointDescription[] {
  const prefix = header.qualifier.prefix.octets
  const size = header.spec.octets
  return Array.from({ length: header.count }, (_, i) => {
    const at = header.dataAt + i * (prefix + size)
    const index = prefix === 0 ? header.start + i : unsignedAt(bytes, at, prefix)
    return plain(index, hex(bytes.subarray(at + prefix, at + prefix + size)))
  })
}

function describeRecord(index: number, fields: Readonly<Record<string, number>>): PointDescription {
  const { value, time, ...rest } = fields
  const shown = value ?? rest['code'] ?? rest['delayMs'] ?? rest['delayS']
  return {
    index,
    value: shown === undefined ? null : finite(shown),
    flags: null,
    time: time === undefined ? null : isoTime(time),
    ...(Object.keys(rest).length === 0 ? {} : { fields: rest }),
  }
}

function plain(index: number, value: number | string | null, more: Partial<PointDescription> = {}): PointDescription {
  return { index, value: typeof value === 'number' ? finite(value) : value, flags: null, time: null, ...more }
}

function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
