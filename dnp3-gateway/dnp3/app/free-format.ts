/** Free-format objects and device attributes as named values. */
import { AttributeType } from '../spec/attributes.ts'
import { type FreeField, freeFields } from '../spec/free-format.ts'
import { FIELD_OCTETS } from '../spec/layout.ts'
import { type ObjectHeader, unsignedAt } from './fragment.ts'
import { numberAt } from './numbers.ts'

/** Text stays text; octets become lower-case hexadecimal. */
export type FreeValues = Readonly<Record<string, number | string>>

export interface FreeRecord {
  readonly index: number
  readonly fields: FreeValues
}

/** The objects of a header with size prefixes; null if an object is too short for its fields. */
export function readFree(bytes: Uint8Array, header: ObjectHeader): FreeRecord[] | null {
  const { group, variation } = { group: header.spec.group.group, variation: header.spec.variation }
  const layout = freeFields(group, variation) ?? REST
  const prefix = header.qualifier.prefix.octets
  const records: FreeRecord[] = []
  let at = header.dataAt
  for (let i = 0; i < header.count; i++) {
    const size = unsignedAt(bytes, at, prefix)
    at += prefix
    const fields = readFields(bytes.subarray(at, at + size), layout)
    if (fields === null) return null
    records.push({ index: i, fields })
    at += size
  }
  return records
}

const REST: readonly FreeField[] = [{ name: 'octets', type: 'octets' }]

function readFields(object: Uint8Array, layout: readonly FreeField[]): FreeValues | null {
  const fields: Record<string, number | string> = {}
  let at = 0
  for (const { name, type, length } of layout) {
    const text = type === 'text' || type === 'octets'
    const octets = text ? (length === undefined ? object.length - at : (fields[length] as number)) : FIELD_OCTETS[type]
    if (at + octets > object.length) return null
    fields[name] = text ? show(type, object.subarray(at, at + octets)) : numberAt(object, at, type)
    at += octets
  }
  return fields
}

function show(type: 'text' | 'octets', octets: Uint8Array): string {
  return type === 'text' ? latin1(octets) : hex(octets)
}

/** Octets as text, one character each, so that no octet is lost whatever encoding the device uses. */
export function latin1(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += String.fromCharCode(octet)
  return text
}

export function hex(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += octet.toString(16).padStart(2, '0')
  return text
}

/** A device attribute as read. */
export interface Attribute {
  readonly variation: number
  /** Attribute set; 0 is the standard set. */
  readonly set: number
  readonly type: number
  /** Text and numbers as they are, times in ms since 1970 UTC, everything else as hexadecimal octets. */
  readonly value: number | string
}

/** The attributes of a g0 header. */
export function readAttributes(bytes: Uint8Array, header: ObjectHeader): Attribute[] {
  const prefix = header.qualifier.prefix.octets
  const attributes: Attribute[] = []
  if (header.dataOctets === 0) return attributes
  let at = header.dataAt
  for (let i = 0; i < header.count; i++) {
    const set = prefix === 0 ? header.start + i : unsignedAt(bytes, at, prefix)
    const type = bytes[at + prefix] as number
    const size = bytes[at + prefix + 1] as number
    at += prefix + 2
    const value = attributeValue(type, bytes.subarray(at, at + size))
    attributes.push({ variation: header.spec.variation, set, type, value })
    at += size
  }
  return attributes
}

function attributeValue(type: number, octets: Uint8Array): number | string {
  const { length } = octets
  if (type === AttributeType.text) return latin1(octets)
  if (type === AttributeType.unsigned && (length === 1 || length === 2 || length === 4)) {
    return unsignedAt(octets, 0, length)
  }
  if (type === AttributeType.signed && (length === 1 || length === 2 || length === 4)) {
    const shift = 32 - 8 * length
    return (unsignedAt(octets, 0, length) << shift) >> shift
  }
  if (type === AttributeType.float && length === 4) return numberAt(octets, 0, 'f32')
  if (type === AttributeType.float && length === 8) return numberAt(octets, 0, 'f64')
  if (type === AttributeType.time && length === 6) return numberAt(octets, 0, 'time48')
  return hex(octets)
}
