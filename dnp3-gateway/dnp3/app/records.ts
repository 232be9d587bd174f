/** Objects that are not measurements (commands, times, dead bands …) as records of named numbers, by their layout. */
import { FIELD_OCTETS, type Layout } from '../spec/layout.ts'
import { type ObjectHeader, unsignedAt } from './fragment.ts'
import { numberAt, putNumber } from './numbers.ts'

/** One object: its index (or position in its range) and its fields, named as in the tables. */
export interface ObjectRecord {
  readonly index: number
  readonly fields: Readonly<Record<string, number>>
  /** Where the object begins in the fragment, after any prefix. */
  readonly at: number
}

/** The objects of a header with a fixed or packed layout; empty for other layouts. */
export function readRecords(bytes: Uint8Array, header: ObjectHeader): ObjectRecord[] {
  const { layout } = header.spec
  if (header.qualifier.range.kind === 'all') return []
  if (layout.kind === 'bits') return readBits(bytes, header, layout.width)
  if (layout.kind !== 'fixed') return []
  const prefix = header.qualifier.prefix.octets
  const records: ObjectRecord[] = []
  let at = header.dataAt
  for (let i = 0; i < header.count; i++) {
    const index = prefix === 0 ? header.start + i : unsignedAt(bytes, at, prefix)
    at += prefix
    records.push({ index, fields: readFields(bytes, at, layout), at })
    at += layout.octets
  }
  return records
}

function readBits(bytes: Uint8Array, header: ObjectHeader, width: number): ObjectRecord[] {
  const records: ObjectRecord[] = []
  if (header.qualifier.prefix.octets > 0) return records
  const mask = (1 << width) - 1
  for (let i = 0; i < header.count; i++) {
    const bit = i * width
    const at = header.dataAt + (bit >>> 3)
    records.push({ index: header.start + i, fields: { value: ((bytes[at] as number) >>> (bit & 7)) & mask }, at })
  }
  return records
}

/** Reads the fields of one object of a fixed layout. */
export function readFields(bytes: Uint8Array, at: number, layout: Layout): Record<string, number> {
  const fields: Record<string, number> = {}
  if (layout.kind !== 'fixed') return fields
  let place = at
  for (const field of layout.fields) {
    fields[field.name] = numberAt(bytes, place, field.type)
    place += FIELD_OCTETS[field.type]
  }
  return fields
}

/** Writes the fields of one object of a fixed layout (0 for a missing field); returns the next position. */
export function putFields(
  bytes: Uint8Array,
  at: number,
  layout: Layout,
  fields: Readonly<Record<string, number>>,
): number {
  if (layout.kind !== 'fixed') throw new TypeError('only fixed layouts have fields')
  let place = at
  for (const field of layout.fields) {
    putNumber(bytes, place, field.type, fields[field.name] ?? 0)
    place += FIELD_OCTETS[field.type]
  }
  return place
}
