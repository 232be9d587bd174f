/** The points of one type, in columns ordered by index: an outstation costs a few kilobytes. */
import { Flag } from '../spec/flags.ts'
import type { PointType } from '../spec/groups.ts'
import { DEFAULT_EVENT, DEFAULT_STATIC, type PointConfig } from './config.ts'

export class PointColumns {
  readonly type: PointType
  readonly count: number
  private readonly index: Uint32Array
  readonly value: Float64Array
  readonly flags: Uint8Array
  readonly timeMs: Float64Array
  readonly eventClass: Uint8Array
  readonly staticVariation: Uint8Array
  readonly eventVariation: Uint8Array
  readonly deadband: Float64Array
  /** Value of the last event, from which the dead band is measured. */
  readonly reported: Float64Array
  /** Strings, for octet strings only. */
  readonly octets: Uint8Array[]
  /** Whether the indexes are consecutive: then `first` determines them all. */
  readonly contiguous: boolean
  private readonly first: number
  /** By position: where the run of consecutive points with the same static variation ends. */
  readonly stretchEnd: Uint32Array

  constructor(type: PointType, configs: readonly PointConfig[]) {
    const points = [...configs].sort((a, b) => a.index - b.index)
    this.type = type
    this.count = points.length
    this.index = Uint32Array.from(points, (p) => p.index)
    this.value = Float64Array.from(points, (p) => p.value ?? 0)
    this.flags = Uint8Array.from(points, (p) => p.flags ?? Flag.restart)
    this.timeMs = new Float64Array(this.count)
    this.eventClass = Uint8Array.from(points, (p) => p.eventClass ?? 0)
    this.staticVariation = Uint8Array.from(points, (p) => p.staticVariation ?? DEFAULT_STATIC[type])
    this.eventVariation = Uint8Array.from(points, (p) => p.eventVariation ?? DEFAULT_EVENT[type])
    this.deadband = Float64Array.from(points, (p) => p.deadband ?? 0)
    this.reported = this.value.slice()
    this.octets = type === 'octetString' ? points.map(() => new Uint8Array(0)) : []
    for (let i = 1; i < this.count; i++) {
      if (this.index[i] === this.index[i - 1]) throw new RangeError(`two ${type} points have index ${this.index[i]}`)
    }
    this.first = this.index[0] ?? 0
    this.contiguous = this.count > 0 && (this.index[this.count - 1] as number) - this.first === this.count - 1
    this.stretchEnd = this.stretches()
  }

  private stretches(): Uint32Array {
    const ends = new Uint32Array(this.count)
    for (let i = this.count - 1, end = this.count; i >= 0; i--) {
      ends[i] = end
      const joins = i > 0 && this.indexAt(i - 1) + 1 === this.indexAt(i)
      if (!joins || this.staticVariation[i - 1] !== this.staticVariation[i]) end = i
    }
    return ends
  }

  indexAt(position: number): number {
    return this.contiguous ? this.first + position : (this.index[position] as number)
  }

  /** Position of an index, or −1. */
  position(index: number): number {
    const at = this.contiguous ? index - this.first : this.firstFrom(index)
    return at >= 0 && at < this.count && Number.isInteger(at) && this.indexAt(at) === index ? at : -1
  }

  /** Position of the first point with at least this index. */
  firstFrom(index: number): number {
    if (this.contiguous) return Math.min(Math.max(index - this.first, 0), this.count)
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.indexAt(middle) < index) low = middle + 1
      else high = middle
    }
    return low
  }
}
