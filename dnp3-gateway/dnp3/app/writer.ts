/** Builds one fragment in a buffer that is reused. */
import { Flag } from '../spec/flags.ts'
import type { MeasurementLayout } from '../spec/layout.ts'
import type { ObjectSpec } from '../spec/objects.ts'
import { Qualifier } from '../spec/qualifiers.ts'
import { analogLimits, putNumber, putU16, putU32 } from './numbers.ts'
import { putFields } from './records.ts'

/** Largest fragment that this stack writes by default, in octets (clause 4.2.2.2). */
export const DEFAULT_FRAGMENT_OCTETS = 2048

/** A header and its objects, already encoded. */
export function objectOctets(build: (writer: FragmentWriter) => void): Uint8Array {
  small.length = 0
  build(small)
  return small.view().slice()
}

export class FragmentWriter {
  readonly bytes: Uint8Array
  length = 0
  /** Usable octets; at most the buffer's size. */
  readonly capacity: number

  constructor(capacity = DEFAULT_FRAGMENT_OCTETS) {
    this.capacity = capacity
    this.bytes = new Uint8Array(capacity)
  }

  /** Starts a request or confirm. */
  request(control: number, code: number): this {
    this.bytes[0] = control
    this.bytes[1] = code
    this.length = 2
    return this
  }

  /** Starts a response; set its indications last, with `setIin`. */
  response(control: number, code: number): this {
    this.request(control, code)
    this.length = 4
    return this.setIin(0)
  }

  setControl(control: number): this {
    this.bytes[0] = control
    return this
  }

  setIin(iin: number): this {
    this.bytes[2] = iin >>> 8
    this.bytes[3] = iin & 0xff
    return this
  }

  get room(): number {
    return this.capacity - this.length
  }

  /** The fragment so far; valid until the writer is used again. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  /** Header with qualifier 06: all points. */
  all(group: number, variation: number): this {
    return this.start(group, variation, Qualifier.all)
  }

  /** Header with a start–stop range, in the smallest width that holds it. */
  range(group: number, variation: number, start: number, stop: number): this {
    const width = stop < 0x100 ? 1 : stop < 0x1_0000 ? 2 : 4
    const codes = { 1: Qualifier.range8, 2: Qualifier.range16, 4: Qualifier.range32 } as const
    return this.start(group, variation, codes[width]).unsigned(start, width).unsigned(stop, width)
  }

  /** Header with a count and no prefix. */
  count(group: number, variation: number, count: number): this {
    const wide = count > 0xff
    return this.start(group, variation, wide ? Qualifier.count16 : Qualifier.count8).unsigned(count, wide ? 2 : 1)
  }

  /** Header with a count of index-prefixed objects; returns the width of the indexes to write. */
  indexed(group: number, variation: number, count: number, maxIndex: number): 1 | 2 | 4 {
    const most = Math.max(count, maxIndex)
    const width = most < 0x100 ? 1 : most < 0x1_0000 ? 2 : 4
    const codes = { 1: Qualifier.index8, 2: Qualifier.index16, 4: Qualifier.index32 } as const
    this.start(group, variation, codes[width]).unsigned(count, width)
    return width
  }

  /** One free-format object: its own header, with the object's size (qualifier 5B). */
  sized(group: number, variation: number, object: Uint8Array): this {
    return this.start(group, variation, Qualifier.variable16).unsigned(1, 1).unsigned(object.length, 2).octets(object)
  }

  unsigned(value: number, octets: 1 | 2 | 4): this {
    if (octets === 1) this.bytes[this.length] = value
    else if (octets === 2) putU16(this.bytes, this.length, value)
    else putU32(this.bytes, this.length, value)
    this.length += octets
    return this
  }

  octets(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
    return this
  }

  /** One object of a fixed layout from named fields. */
  record(spec: ObjectSpec, fields: Readonly<Record<string, number>>): this {
    this.length = putFields(this.bytes, this.length, spec.layout, fields)
    return this
  }

  /** One static or event object of a fixed layout. */
  measurement(spec: ObjectSpec, value: number, flags: number, timeMs: number): this {
    const parts = spec.parts as MeasurementLayout
    if (parts.valueType === null) {
      const state = spec.group.type === 'doubleBit' ? (value & 3) << 6 : value !== 0 ? 0x80 : 0
      const own = spec.group.type === 'doubleBit' ? 0x3f : 0x7f
      this.bytes[this.length + parts.flagsAt] = (flags & own) | state
    } else this.number(parts, value, flags)
    if (parts.timeType !== null) putNumber(this.bytes, this.length + parts.timeAt, parts.timeType, timeMs)
    this.length += parts.octets
    return this
  }

  /** An analog beyond its variation's range is sent at the limit, flagged over-range (Annex A, group 30). */
  private number(parts: MeasurementLayout, value: number, flags: number): void {
    const type = parts.valueType as NonNullable<MeasurementLayout['valueType']>
    const limits = analogLimits(type)
    let sent = type === 'i16' || type === 'i32' ? Math.round(value) : value
    let quality = flags
    if (limits !== null && (sent < limits[0] || sent > limits[1])) {
      sent = sent < limits[0] ? limits[0] : limits[1]
      quality |= Flag.overRange
    }
    putNumber(this.bytes, this.length + parts.valueAt, type, sent)
    if (parts.flagsAt >= 0) this.bytes[this.length + parts.flagsAt] = quality
  }

  private start(group: number, variation: number, qualifier: number): this {
    const { bytes, length } = this
    bytes[length] = group
    bytes[length + 1] = variation
    bytes[length + 2] = qualifier
    this.length = length + 3
    return this
  }
}

/** Room for the largest object, a string of 255 octets behind a header with 32-bit fields. */
const small = new FragmentWriter(512)
