/** The points, and the rule that makes events from their changes. */
import { Flag } from '../spec/flags.ts'
import type { PointType } from '../spec/groups.ts'
import { PointColumns } from './columns.ts'
import { POINT_GROUPS, type PointConfig } from './config.ts'
import type { EventBuffers } from './events.ts'

/** When an update makes an event: on a change beyond the dead band, always, or never. */
export type EventMode = 'detect' | 'force' | 'suppress'

export interface UpdateOptions {
  /** Default online. */
  readonly flags?: number
  /** Device time of the value in ms since 1970 UTC; default now. */
  readonly timeMs?: number
  /** Default detect. */
  readonly event?: EventMode
}

/** The present state of a point. */
export interface PointState {
  readonly value: number
  readonly flags: number
  readonly timeMs: number
  readonly octets: Uint8Array | null
}

const TYPES = Object.keys(POINT_GROUPS) as PointType[]

export class Database {
  private readonly columns = new Map<PointType, PointColumns>()
  private readonly events: EventBuffers

  constructor(points: readonly PointConfig[], events: EventBuffers) {
    this.events = events
    for (const type of TYPES) {
      const own = points.filter((point) => point.type === type)
      if (own.length > 0) this.columns.set(type, new PointColumns(type, own))
    }
  }

  /** The points of a type, or undefined if there are none. */
  of(type: PointType): PointColumns | undefined {
    return this.columns.get(type)
  }

  /** All types that have points, in order of their static group. */
  all(): Iterable<PointColumns> {
    return this.columns.values()
  }

  /** Sets a value; false if there is no such point. */
  update(type: PointType, index: number, value: number, nowMs: number, options: UpdateOptions = {}): boolean {
    const columns = this.columns.get(type)
    const at = columns?.position(index) ?? -1
    if (columns === undefined || at < 0) return false
    const flags = options.flags ?? Flag.online
    const timeMs = options.timeMs ?? nowMs
    const { event } = options
    const makesEvent = event === 'force' || (event !== 'suppress' && hasChanged(columns, at, value, flags))
    columns.value[at] = value
    columns.flags[at] = flags
    columns.timeMs[at] = timeMs
    if (makesEvent) this.addEvent(columns, at, timeMs)
    return true
  }

  /** Sets a string of 0–255 octets; false if there is no such point. */
  updateOctets(index: number, octets: Uint8Array, nowMs: number, options: UpdateOptions = {}): boolean {
    if (octets.length > 255) throw new RangeError('an octet string has at most 255 octets')
    const columns = this.columns.get('octetString')
    const at = columns?.position(index) ?? -1
    if (columns === undefined || at < 0) return false
    const before = columns.octets[at] as Uint8Array
    const changed = before.length !== octets.length || before.some((octet, i) => octet !== octets[i])
    columns.octets[at] = octets.slice()
    columns.timeMs[at] = options.timeMs ?? nowMs
    if (octets.length > 0 && wanted(options.event, changed)) this.addEvent(columns, at, columns.timeMs[at] as number)
    return true
  }

  /** The present state of a point, or undefined. */
  read(type: PointType, index: number): PointState | undefined {
    const columns = this.columns.get(type)
    const at = columns?.position(index) ?? -1
    if (columns === undefined || at < 0) return undefined
    return {
      value: columns.value[at] as number,
      flags: columns.flags[at] as number,
      timeMs: columns.timeMs[at] as number,
      octets: columns.octets[at] ?? null,
    }
  }

  private addEvent(columns: PointColumns, at: number, timeMs: number): void {
    const eventClass = columns.eventClass[at] as 0 | 1 | 2 | 3
    if (eventClass === 0) return
    const value = columns.value[at] as number
    columns.reported[at] = value
    this.events.add({
      group: POINT_GROUPS[columns.type][1],
      index: columns.indexAt(at),
      value,
      flags: columns.flags[at] as number,
      timeMs,
      octets: columns.octets[at] ?? null,
      eventClass,
      variation: columns.eventVariation[at] as number,
      state: 'waiting',
      askedVariation: 0,
    })
  }
}

function wanted(mode: EventMode | undefined, changed: boolean): boolean {
  return mode === 'force' || (mode !== 'suppress' && changed)
}

/** Whether the quality has changed, or the value differs from the last reported one by more than the dead band. */
function hasChanged(columns: PointColumns, at: number, value: number, flags: number): boolean {
  const reported = columns.reported[at] as number
  const deadband = columns.deadband[at] as number
  if (flags !== columns.flags[at]) return true
  return deadband === 0 ? value !== reported : Math.abs(value - reported) > deadband
}
