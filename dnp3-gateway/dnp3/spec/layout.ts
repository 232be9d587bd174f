/** How objects are laid out on the wire, in the language of the group tables. All numbers are little-endian (clause 4.2.2.8). */

/** `time48` is milliseconds since 1970-01-01 UTC in 48 bits; `rel16` milliseconds after the common time of occurrence. */
export type FieldType = 'u8' | 'u16' | 'u32' | 'i16' | 'i32' | 'f32' | 'f64' | 'time48' | 'rel16'

export interface Field {
  readonly name: string
  readonly type: FieldType
}

export const FIELD_OCTETS: Readonly<Record<FieldType, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  i16: 2,
  i32: 4,
  f32: 4,
  f64: 8,
  time48: 6,
  rel16: 2,
}

/**
 * - `none`: the variation has no object (variation 0, classes);
 * - `bits`: packed, `width` bits per object, low bits first;
 * - `fixed`: the fields in order, `octets` in total;
 * - `octets`: a string, as long as the variation number;
 * - `attribute`: a type octet, a length octet, that many octets (group 0);
 * - `sized`: free format, length only from a size prefix.
 */
export type Layout =
  | { readonly kind: 'none' }
  | { readonly kind: 'bits'; readonly width: 1 | 2 }
  | { readonly kind: 'fixed'; readonly fields: readonly Field[]; readonly octets: number }
  | { readonly kind: 'octets' }
  | { readonly kind: 'attribute' }
  | { readonly kind: 'sized' }

/** Offsets of a measurement's parts within its object; −1 if absent. */
export interface MeasurementLayout {
  readonly octets: number
  readonly flagsAt: number
  readonly valueAt: number
  readonly valueType: FieldType | null
  readonly timeAt: number
  readonly timeType: FieldType | null
}

export const NONE: Layout = { kind: 'none' }
export const BITS: Layout = { kind: 'bits', width: 1 }
export const DOUBLE_BITS: Layout = { kind: 'bits', width: 2 }
export const OCTETS: Layout = { kind: 'octets' }
export const ATTRIBUTE: Layout = { kind: 'attribute' }
export const SIZED: Layout = { kind: 'sized' }

/** A fixed layout from `name:type` words, in wire order. */
export function fixed(...words: `${string}:${FieldType}`[]): Layout {
  const fields = words.map((word) => {
    const [name = '', type] = word.split(':') as [string, FieldType]
    return { name, type }
  })
  return { kind: 'fixed', fields, octets: fields.reduce((sum, field) => sum + FIELD_OCTETS[field.type], 0) }
}

/** Finds flags, value and time in a fixed layout; null for other layouts. */
export function measurementLayout(layout: Layout): MeasurementLayout | null {
  if (layout.kind !== 'fixed') return null
  const places = new Map<string, { at: number; type: FieldType }>()
  let at = 0
  for (const field of layout.fields) {
    places.set(field.name, { at, type: field.type })
    at += FIELD_OCTETS[field.type]
  }
  const value = places.get('value')
  const time = places.get('time')
  return {
    octets: layout.octets,
    flagsAt: places.get('flags')?.at ?? -1,
    valueAt: value?.at ?? -1,
    valueType: value?.type ?? null,
    timeAt: time?.at ?? -1,
    timeType: time?.type ?? null,
  }
}
