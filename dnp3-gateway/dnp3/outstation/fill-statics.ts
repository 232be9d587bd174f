/** Writes static points into a fragment: points consecutive in index and variation share a start–stop header. */
import { analogLimits, putF32 } from '../app/numbers.ts'
import type { FragmentWriter } from '../app/writer.ts'
import { Flag } from '../spec/flags.ts'
import type { MeasurementLayout } from '../spec/layout.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import type { PointColumns } from './columns.ts'
import { POINT_GROUPS } from './config.ts'
import type { ResponsePlan, StaticRun } from './plan.ts'

/** Writes as many of the plan's static points as fit; returns how many. */
export function fillStatics(writer: FragmentWriter, plan: ResponsePlan): number {
  let points = 0
  while (plan.nextStatic < plan.statics.length) {
    const run = plan.statics[plan.nextStatic] as StaticRun
    skipEmptyStrings(run)
    if (run.at >= run.end) {
      plan.nextStatic++
      continue
    }
    const written = writeRun(writer, run)
    if (written === 0) break
    run.at += written
    points += written
    if (run.at >= run.end) plan.nextStatic++
  }
  return points
}

/** An empty string cannot be reported: variation 0 is not an object (Annex A, group 110). */
function skipEmptyStrings(run: StaticRun): void {
  if (run.columns.type !== 'octetString') return
  while (run.at < run.end && run.columns.octets[run.at]?.length === 0) run.at++
}

const DEADBAND_GROUP = 34
const DEADBAND_VARIATION = 3

/** Packed variations have no flags, so a point with any flag other than online is sent with flags (Annex A, g1v1). */
function specAt({ columns, variation: asked, deadbands }: StaticRun, at: number): ObjectSpec {
  if (deadbands) return objectSpec(DEADBAND_GROUP, asked || DEADBAND_VARIATION) as ObjectSpec
  const group = POINT_GROUPS[columns.type][0]
  const octets = columns.type === 'octetString' ? columns.octets[at] : undefined
  const variation = octets !== undefined ? octets.length : asked || (columns.staticVariation[at] as number)
  const spec = objectSpec(group, variation)
  if (spec === undefined) throw new RangeError(`no variation ${variation} in group ${group}`)
  if (spec.layout.kind !== 'bits' || columns.flags[at] === Flag.online) return spec
  return objectSpec(group, 2) as ObjectSpec
}

function writeRun(writer: FragmentWriter, run: StaticRun): number {
  const { columns } = run
  const spec = specAt(run, run.at)
  const first = columns.indexAt(run.at)
  const limit = capacity(writer, spec, columns.indexAt(run.end - 1))
  if (limit <= 0) return 0
  const to = runEnd(run, spec, first, Math.min(run.end, run.at + limit))
  writer.range(spec.group.group, spec.variation, first, first + to - run.at - 1)
  if (spec.layout.kind === 'bits') writeBits(writer, columns, run.at, to, spec.layout.width)
  else if (run.deadbands) for (let at = run.at; at < to; at++) writeDeadband(writer, columns, at, spec)
  else if (spec.parts?.valueType) writeNumbers(writer, columns, run.at, to, spec, spec.parts)
  else for (let at = run.at; at < to; at++) writePoint(writer, columns, at, spec)
  return to - run.at
}

/** Where the run of points with one variation ends, at most `limit`. */
function runEnd(run: StaticRun, spec: ObjectSpec, first: number, limit: number): number {
  const { columns } = run
  const isFixed = spec.parts !== null && run.deadbands === undefined
  // Fixed layouts: the variation alone decides.
  if (isFixed && run.variation === 0) return Math.min(limit, columns.stretchEnd[run.at] as number)
  if (isFixed && columns.contiguous) return limit
  let to = run.at + 1
  while (to < limit && columns.indexAt(to) === first + to - run.at && specAt(run, to) === spec) to++
  return to
}

function writeNumbers(
  writer: FragmentWriter,
  columns: PointColumns,
  from: number,
  to: number,
  spec: ObjectSpec,
  parts: MeasurementLayout,
): void {
  const isPlain = parts.timeType === null && parts.flagsAt === 0 && parts.valueAt === 1
  if (isPlain && parts.valueType === 'i16') writeShorts(writer, columns, from, to)
  else if (isPlain && parts.valueType === 'f32') writeFloats(writer, columns, from, to)
  else for (let at = from; at < to; at++) writePoint(writer, columns, at, spec)
}

/** g30v2 and the like: no call per point, because this is most of what an outstation sends. */
function writeShorts(writer: FragmentWriter, { value, flags }: PointColumns, from: number, to: number): void {
  const { bytes } = writer
  let place = writer.length
  for (let at = from; at < to; at++, place += 3) {
    const sent = Math.round(value[at] as number)
    const held = Math.min(0x7fff, Math.max(-0x8000, sent))
    bytes[place] = held === sent ? (flags[at] as number) : (flags[at] as number) | Flag.overRange
    bytes[place + 1] = held & 0xff
    bytes[place + 2] = (held >> 8) & 0xff
  }
  writer.length = place
}

const [LEAST_FLOAT, GREATEST_FLOAT] = analogLimits('f32') as readonly [number, number]

/** g30v5 and the like. */
function writeFloats(writer: FragmentWriter, { value, flags }: PointColumns, from: number, to: number): void {
  const { bytes } = writer
  let place = writer.length
  for (let at = from; at < to; at++, place += 5) {
    const sent = value[at] as number
    const held = Math.min(GREATEST_FLOAT, Math.max(LEAST_FLOAT, sent))
    // NaN is not beyond the limits: it is sent unchanged.
    bytes[place] = sent === held || Number.isNaN(sent) ? (flags[at] as number) : (flags[at] as number) | Flag.overRange
    putF32(bytes, place + 1, held)
  }
  writer.length = place
}

/** How many objects fit after a header wide enough for the greatest index. */
function capacity(writer: FragmentWriter, spec: ObjectSpec, maxIndex: number): number {
  const width = maxIndex < 0x100 ? 1 : maxIndex < 0x1_0000 ? 2 : 4
  const room = writer.room - 3 - 2 * width
  return spec.layout.kind === 'bits' ? Math.floor((room * 8) / spec.layout.width) : Math.floor(room / spec.octets)
}

function writePoint(writer: FragmentWriter, columns: PointColumns, at: number, spec: ObjectSpec): void {
  const octets = columns.octets[at]
  if (octets !== undefined) writer.octets(octets)
  else {
    writer.measurement(spec, columns.value[at] as number, columns.flags[at] as number, columns.timeMs[at] as number)
  }
}

/** A dead band beyond its variation's range is reported as the greatest possible. */
function writeDeadband(writer: FragmentWriter, columns: PointColumns, at: number, spec: ObjectSpec): void {
  const greatest = spec.variation === 1 ? 0xffff : spec.variation === 2 ? 0xffff_ffff : Number.MAX_VALUE
  writer.record(spec, { value: Math.min(columns.deadband[at] as number, greatest) })
}

function writeBits(writer: FragmentWriter, columns: PointColumns, from: number, to: number, width: number): void {
  const octets = Math.ceil(((to - from) * width) / 8)
  writer.bytes.fill(0, writer.length, writer.length + octets)
  for (let at = from; at < to; at++) {
    const bit = (at - from) * width
    const place = writer.length + (bit >>> 3)
    const state = width === 1 ? ((columns.value[at] as number) !== 0 ? 1 : 0) : (columns.value[at] as number) & 3
    writer.bytes[place] = (writer.bytes[place] as number) | (state << (bit & 7))
  }
  writer.length += octets
}
