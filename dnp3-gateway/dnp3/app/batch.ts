/** Measurements in columns: thousands of polls a second create no object per point. */
import { isGoodQuality, type QualityName, qualityNames } from '../spec/flags.ts'
import type { PointType } from '../spec/groups.ts'
import { groupSpec } from '../spec/objects.ts'

/** One measurement as an object, made on request. */
export interface Measurement {
  readonly type: PointType
  /** `command`: a report that a command was carried out (g13, g43); its flags hold the command's status. */
  readonly kind: 'event' | 'static' | 'command'
  readonly group: number
  readonly variation: number
  readonly index: number
  /** Binary 0 or 1; double-bit 0 intermediate, 1 off, 2 on, 3 indeterminate; NaN for strings. */
  readonly value: number
  /** The flags octet without state bits; only `online` if the variation has no flags. */
  readonly flags: number
  readonly quality: readonly QualityName[]
  readonly good: boolean
  /** Device time in ms since 1970 UTC; null if the variation has none. */
  readonly timeMs: number | null
  /** The device says that its clock was not synchronised when it took that time (g51v2). */
  readonly unsynchronised?: true
  /** The string's octets, for octet strings. */
  readonly octets?: Uint8Array
}

/** Status bits in the first octet of g13 and g43 (Annex A). */
const COMMAND_STATUS = 0x7f

const INITIAL_POINTS = 128

/**
 * The measurements of one response fragment. Columns are longer than `length`; only the first `length` entries count.
 * A batch is pooled: it is reused once the handler that received it has returned (or its promise has settled).
 */
export class MeasurementBatch implements Iterable<Measurement> {
  length = 0
  /** How many of them are events. */
  events = 0
  /** Whether they arrived in an unsolicited response. */
  unsolicited = false
  /** Receiver's clock, ms since 1970 UTC. */
  receivedMs = 0
  group = new Uint8Array(INITIAL_POINTS)
  variation = new Uint8Array(INITIAL_POINTS)
  flags = new Uint8Array(INITIAL_POINTS)
  index = new Uint32Array(INITIAL_POINTS)
  value = new Float64Array(INITIAL_POINTS)
  /** NaN if the device gave no time. */
  timeMs = new Float64Array(INITIAL_POINTS)
  /** Octets of strings by position. */
  readonly octets = new Map<number, Uint8Array>()
  /** Positions whose time comes from a clock that was not synchronised; hardly ever any. */
  readonly unsynchronised = new Set<number>()

  clear(): void {
    this.length = 0
    this.events = 0
    this.unsolicited = false
    if (this.octets.size > 0) this.octets.clear()
    if (this.unsynchronised.size > 0) this.unsynchronised.clear()
  }

  /** Grows the columns to hold `points` in total. */
  reserve(points: number): void {
    if (points <= this.value.length) return
    let size = this.value.length
    while (size < points) size *= 2
    this.group = grown(this.group, new Uint8Array(size))
    this.variation = grown(this.variation, new Uint8Array(size))
    this.flags = grown(this.flags, new Uint8Array(size))
    this.index = grown(this.index, new Uint32Array(size))
    this.value = grown(this.value, new Float64Array(size))
    this.timeMs = grown(this.timeMs, new Float64Array(size))
  }

  /** The measurement at a position, as an object. */
  at(position: number): Measurement {
    if (position < 0 || position >= this.length) throw new RangeError(`no measurement at ${position}`)
    const spec = groupSpec(this.group[position] as number)
    const type = spec?.type as PointType
    const flags = this.flags[position] as number
    const time = this.timeMs[position] as number
    const octets = this.octets.get(position)
    const command = spec?.role === 'commandEvent'
    return {
      type,
      kind: command ? 'command' : spec?.role === 'event' ? 'event' : 'static',
      group: this.group[position] as number,
      variation: this.variation[position] as number,
      index: this.index[position] as number,
      value: this.value[position] as number,
      flags,
      quality: command ? [] : qualityNames(type, flags),
      good: command ? (flags & COMMAND_STATUS) === 0 : isGoodQuality(type, flags),
      timeMs: Number.isNaN(time) ? null : time,
      ...(this.unsynchronised.has(position) ? { unsynchronised: true } : {}),
      ...(octets === undefined ? {} : { octets }),
    }
  }

  *[Symbol.iterator](): Iterator<Measurement> {
    for (let i = 0; i < this.length; i++) yield this.at(i)
  }
}

function grown<A extends Uint8Array | Uint32Array | Float64Array>(from: A, to: A): A {
  to.set(from)
  return to
}

/** Idle batches, shared by all associations of a process. */
const idle: MeasurementBatch[] = []
const MAX_IDLE = 64

/** An empty batch, reusing an idle one if possible. */
export function borrowBatch(): MeasurementBatch {
  return idle.pop() ?? new MeasurementBatch()
}

/** Returns a batch to the pool. Oversized ones are left to the garbage collector. */
export function returnBatch(batch: MeasurementBatch): void {
  batch.clear()
  if (idle.length < MAX_IDLE && batch.value.length <= 4096) idle.push(batch)
}
