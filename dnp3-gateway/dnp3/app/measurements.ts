/** Static and event objects into batch columns, driven by the variation's layout. */
import { Flag } from '../spec/flags.ts'
import type { FieldType, MeasurementLayout } from '../spec/layout.ts'
import type { ObjectSpec } from '../spec/objects.ts'
import type { MeasurementBatch } from './batch.ts'
import { type ObjectHeader, unsignedAt } from './fragment.ts'
import { f32At, numberAt, u16At } from './numbers.ts'
import { readRecords } from './records.ts'

/** Whether a header's objects are measurements: static or event points, or reports of executed commands. */
export function isMeasurement(spec: ObjectSpec): boolean {
  const { role } = spec.group
  return role === 'static' || role === 'event' || role === 'commandEvent'
}

/** A common time of occurrence (g51): v2 is of a clock that is not synchronised (Annex A, group 51). */
export interface CommonTime {
  /** ms since 1970 UTC; NaN without one: relative times are then unknown. */
  readonly ms: number
  readonly synchronised: boolean
}

export const NO_COMMON_TIME: CommonTime = { ms: Number.NaN, synchronised: true }

/** The common time that a header of g51 gives to those behind it. */
export function commonTimeOf(bytes: Uint8Array, header: ObjectHeader): CommonTime {
  const time = readRecords(bytes, header)[0]?.fields['time'] ?? Number.NaN
  return { ms: time, synchronised: header.spec.variation !== 2 }
}

/** Appends a header's objects to a batch. `common` is the latest common time in the fragment. */
export function appendMeasurements(
  batch: MeasurementBatch,
  bytes: Uint8Array,
  header: ObjectHeader,
  common: CommonTime,
): void {
  const { spec, count } = header
  if (spec.layout.kind === 'none' || header.qualifier.range.kind === 'all') return
  const first = batch.length
  batch.reserve(first + count)
  batch.group.fill(spec.group.group, first, first + count)
  batch.variation.fill(spec.variation, first, first + count)
  if (spec.parts !== null) appendFixed(batch, bytes, header, spec.parts, common)
  else if (spec.layout.kind === 'bits') appendBits(batch, bytes, header, spec.layout.width)
  else appendOctets(batch, bytes, header)
  batch.length = first + count
  if (spec.group.role !== 'static') batch.events += count
}

function appendFixed(
  batch: MeasurementBatch,
  bytes: Uint8Array,
  header: ObjectHeader,
  parts: MeasurementLayout,
  common: CommonTime,
): void {
  const prefix = header.qualifier.prefix.octets
  if (prefix === 0 && parts.flagsAt === 0 && parts.timeType === null) {
    const quick = QUICK[parts.valueType ?? 'u8']
    if (quick !== undefined) {
      quick(batch, bytes, header)
      return
    }
  }
  const { index, value, flags, timeMs } = batch
  const shift = header.spec.group.type === 'doubleBit' ? 6 : 7
  let at = header.dataAt
  for (let i = 0, to = batch.length; i < header.count; i++, to++) {
    index[to] = prefix === 0 ? header.start + i : unsignedAt(bytes, at, prefix)
    at += prefix
    const octet = parts.flagsAt < 0 ? Flag.online : (bytes[at + parts.flagsAt] as number)
    if (parts.valueType === null) {
      value[to] = octet >>> shift
      flags[to] = octet & ((1 << shift) - 1)
    } else {
      value[to] = numberAt(bytes, at + parts.valueAt, parts.valueType)
      flags[to] = octet
    }
    timeMs[to] = timeOf(bytes, at, parts, common.ms)
    at += parts.octets
  }
  if (parts.timeType !== 'rel16' || common.synchronised) return
  for (let i = 0; i < header.count; i++) batch.unsynchronised.add(batch.length + i)
}

/** g30v5 and the like by range: most of what thousands of devices send. */
function appendFloats(batch: MeasurementBatch, bytes: Uint8Array, { dataAt, start, count }: ObjectHeader): void {
  const { index, value, flags, timeMs, length } = batch
  for (let i = 0, to = length, at = dataAt; i < count; i++, to++, at += 5) {
    index[to] = start + i
    flags[to] = bytes[at] as number
    value[to] = f32At(bytes, at + 1)
  }
  timeMs.fill(Number.NaN, length, length + count)
}

/** g30v2 and the like by range. */
function appendShorts(batch: MeasurementBatch, bytes: Uint8Array, { dataAt, start, count }: ObjectHeader): void {
  const { index, value, flags, timeMs, length } = batch
  for (let i = 0, to = length, at = dataAt; i < count; i++, to++, at += 3) {
    index[to] = start + i
    flags[to] = bytes[at] as number
    value[to] = (((bytes[at + 1] as number) | ((bytes[at + 2] as number) << 8)) << 16) >> 16
  }
  timeMs.fill(Number.NaN, length, length + count)
}

/** Fast loops for the most frequent variations, which have only flags and a value. */
const QUICK: Readonly<Partial<Record<FieldType, typeof appendFloats>>> = { f32: appendFloats, i16: appendShorts }

function timeOf(bytes: Uint8Array, at: number, parts: MeasurementLayout, commonTimeMs: number): number {
  if (parts.timeType === null) return Number.NaN
  if (parts.timeType === 'rel16') return commonTimeMs + u16At(bytes, at + parts.timeAt)
  return numberAt(bytes, at + parts.timeAt, parts.timeType)
}

/** Packed states; after an index prefix each takes a whole octet. */
function appendBits(batch: MeasurementBatch, bytes: Uint8Array, header: ObjectHeader, width: number): void {
  const prefix = header.qualifier.prefix.octets
  const mask = (1 << width) - 1
  for (let i = 0, to = batch.length; i < header.count; i++, to++) {
    const bit = prefix === 0 ? i * width : (i * (prefix + 1) + prefix) * 8
    batch.index[to] = prefix === 0 ? header.start + i : unsignedAt(bytes, header.dataAt + i * (prefix + 1), prefix)
    batch.value[to] = ((bytes[header.dataAt + (bit >>> 3)] as number) >>> (bit & 7)) & mask
    batch.flags[to] = Flag.online
    batch.timeMs[to] = Number.NaN
  }
}

function appendOctets(batch: MeasurementBatch, bytes: Uint8Array, header: ObjectHeader): void {
  const prefix = header.qualifier.prefix.octets
  const size = header.spec.octets
  let at = header.dataAt
  for (let i = 0, to = batch.length; i < header.count; i++, to++) {
    batch.index[to] = prefix === 0 ? header.start + i : unsignedAt(bytes, at, prefix)
    at += prefix
    batch.octets.set(to, bytes.slice(at, at + size))
    batch.value[to] = Number.NaN
    batch.flags[to] = Flag.online
    batch.timeMs[to] = Number.NaN
    at += size
  }
}
