/** Freezes and class assignment (IEEE 1815-2012 clauses 4.4.5 to 4.4.8 and 4.4.15). */
import { type Fragment, type ObjectHeader, unsignedAt } from '../app/fragment.ts'
import type { PointType } from '../spec/groups.ts'
import { Iin } from '../spec/iin.ts'
import type { PointColumns } from './columns.ts'
import type { EventClass } from './config.ts'
import type { Device } from './device.ts'

/** Which type holds the frozen copies of which. */
const FROZEN: Readonly<Partial<Record<PointType, PointType>>> = { counter: 'frozenCounter', analog: 'frozenAnalog' }

/** Freezes the points that the headers name, and clears the originals on request; returns refusing indications. */
export function freeze(device: Device, fragment: Fragment, clear: boolean): number {
  let iin = fragment.headers.length === 0 ? Iin.parameterError : 0
  for (const header of fragment.headers) {
    const { group, variation } = header.spec
    const types = group.role === 'class' && variation === 1 ? (Object.keys(FROZEN) as PointType[]) : [group.type]
    const known = types.filter((type) => isFreezable(device, header, type))
    if (known.length === 0) iin |= Iin.objectUnknown
    for (const type of known) iin |= freezeType(device, type as PointType, header, fragment.bytes, clear)
  }
  return iin
}

function isFreezable(device: Device, header: ObjectHeader, type: PointType | null): boolean {
  const frozen = type === null ? undefined : FROZEN[type]
  if (type === null || frozen === undefined || device.database.of(type) === undefined) return false
  if (device.database.of(frozen) === undefined) return false
  return header.spec.group.role === 'class' || (header.spec.group.role === 'static' && header.spec.variation === 0)
}

function freezeType(device: Device, type: PointType, header: ObjectHeader, bytes: Uint8Array, clear: boolean): number {
  const columns = device.database.of(type) as PointColumns
  const now = device.time()
  const found = positionsOf(columns, bytes, header)
  // A point that is named and has nowhere to be frozen to is refused, and above all not cleared; "all" means those that have.
  const isNamed = header.qualifier.range.kind !== 'all'
  let { iin } = found
  for (const at of found.positions) {
    const index = columns.indexAt(at)
    const options = { flags: columns.flags[at] as number, timeMs: now, event: 'force' as const }
    const value = columns.value[at] as number
    const isFrozen = device.database.update(FROZEN[type] as PointType, index, value, now, options)
    if (!isFrozen && isNamed) iin |= Iin.parameterError
    if (!clear || !isFrozen) continue
    device.database.update(type, index, 0, now, { flags: columns.flags[at] as number, event: 'suppress' })
    columns.reported[at] = 0
  }
  return iin
}

/** The positions that a header names; `iin` reports unknown indexes. */
export function positionsOf(
  columns: PointColumns,
  bytes: Uint8Array,
  header: ObjectHeader,
): { positions: number[]; iin: number } {
  const { qualifier, start, count } = header
  const { kind } = qualifier.range
  if (kind === 'all') return { positions: between(0, columns.count), iin: 0 }
  if (qualifier.prefix.of === 'index') {
    const { octets } = qualifier.prefix
    const step = header.dataOctets / Math.max(count, 1)
    const found = Array.from({ length: count }, (_, i) =>
      columns.position(unsignedAt(bytes, header.dataAt + i * step, octets)),
    )
    const positions = found.filter((at) => at >= 0)
    return { positions, iin: positions.length < count ? Iin.parameterError : 0 }
  }
  const at = kind === 'range' ? columns.firstFrom(start) : 0
  const end = kind === 'range' ? columns.firstFrom(start + count) : Math.min(count, columns.count)
  return { positions: between(at, end), iin: end - at < count ? Iin.parameterError : 0 }
}

function between(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
}

/** Assigns the points of each header to the class named by the preceding class header; returns refusing indications. */
export function assignClasses(device: Device, fragment: Fragment): number {
  let eventClass: EventClass | null = null
  let iin = fragment.headers.length === 0 ? Iin.parameterError : 0
  for (const header of fragment.headers) {
    const { group, variation } = header.spec
    if (group.role === 'class') {
      const valid = variation > 0 && header.qualifier.range.kind === 'all'
      eventClass = valid ? ((variation - 1) as EventClass) : null
      if (!valid) iin |= Iin.parameterError
      continue
    }
    const columns = group.role === 'static' ? device.database.of(group.type as PointType) : undefined
    if (columns === undefined) iin |= Iin.objectUnknown
    else if (eventClass === null) iin |= Iin.parameterError
    else {
      const found = positionsOf(columns, fragment.bytes, header)
      for (const at of found.positions) columns.eventClass[at] = eventClass
      iin |= found.iin
    }
  }
  return iin
}
