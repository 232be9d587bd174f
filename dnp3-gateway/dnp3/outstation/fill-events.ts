/** Writes events into a fragment: consecutive ones of a variation share a header with index prefixes. */
import type { FragmentWriter } from '../app/writer.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import type { EventRecord } from './events.ts'
import type { ResponsePlan } from './plan.ts'

/** Octets of a g51v1 header with its one object. */
const COMMON_TIME_OCTETS = 10
const MAX_RELATIVE_MS = 0xffff

/** Writes as many of the plan's events as fit, marking them sent; returns how many. */
export function fillEvents(writer: FragmentWriter, plan: ResponsePlan): number {
  const from = plan.nextEvent
  while (plan.nextEvent < plan.events.length) {
    const written = writeRun(writer, plan.events, plan.nextEvent)
    if (written === 0) break
    plan.nextEvent += written
  }
  return plan.nextEvent - from
}

/** The variation in which an event is sent: the requested one, else its point's; strings by their length. */
function specOf(event: EventRecord): ObjectSpec {
  const { group } = event
  const variation = event.octets !== null ? event.octets.length : event.askedVariation || event.variation
  const spec = objectSpec(group, variation)
  if (spec === undefined) throw new RangeError(`no variation ${variation} in group ${group}`)
  return spec
}

function writeRun(writer: FragmentWriter, events: readonly EventRecord[], from: number): number {
  const first = events[from] as EventRecord
  const spec = specOf(first)
  const relative = spec.parts?.timeType === 'rel16'
  const run = runLength(events, from, spec, relative)
  let maxIndex = 0
  for (let i = from; i < from + run; i++) maxIndex = Math.max(maxIndex, (events[i] as EventRecord).index)
  const width = Math.max(run, maxIndex) < 0x100 ? 1 : Math.max(run, maxIndex) < 0x1_0000 ? 2 : 4
  const room = writer.room - 3 - width - (relative ? COMMON_TIME_OCTETS : 0)
  const count = Math.min(run, Math.floor(room / (width + spec.octets)))
  if (count <= 0) return 0
  const base = relative ? commonTime(writer, events, from, count) : 0
  // The width must be the one used to compute the room.
  writer.indexed(spec.group.group, spec.variation, count, width === 1 ? 0 : width === 2 ? 0x100 : 0x1_0000)
  for (let i = from; i < from + count; i++) writeEvent(writer, events[i] as EventRecord, spec, width, base)
  return count
}

function runLength(events: readonly EventRecord[], from: number, spec: ObjectSpec, relative: boolean): number {
  let low = (events[from] as EventRecord).timeMs
  let high = low
  let to = from + 1
  for (; to < events.length; to++) {
    const event = events[to] as EventRecord
    if (specOf(event) !== spec) break
    low = Math.min(low, event.timeMs)
    high = Math.max(high, event.timeMs)
    if (relative && high - low > MAX_RELATIVE_MS) break
  }
  return to - from
}

/** Writes the common time of occurrence that relative times count from; returns it. */
function commonTime(writer: FragmentWriter, events: readonly EventRecord[], from: number, count: number): number {
  const times = events.slice(from, from + count).map((event) => event.timeMs)
  const base = Math.floor(Math.min(...times))
  const spec = objectSpec(51, 1) as ObjectSpec
  writer.count(51, 1, 1).record(spec, { time: base })
  return base
}

function writeEvent(
  writer: FragmentWriter,
  event: EventRecord,
  spec: ObjectSpec,
  width: 1 | 2 | 4,
  base: number,
): void {
  writer.unsigned(event.index, width)
  if (event.octets !== null) writer.octets(event.octets)
  else writer.measurement(spec, event.value, event.flags, event.timeMs - base)
  event.state = 'sent'
}
