/** Device attributes of an outstation (IEEE 1815-2012 Annex A, group 0), read-only. */
import type { ObjectHeader } from '../app/fragment.ts'
import { objectOctets } from '../app/writer.ts'
import { ALL_ATTRIBUTES, ATTRIBUTE_LIST, AttributeType } from '../spec/attributes.ts'
import { Iin } from '../spec/iin.ts'
import type { AttributeValues } from './config.ts'
import type { ResponsePlan } from './plan.ts'

/** Answers one g0 header of a read. */
export function readAttributeHeader(values: AttributeValues, header: ObjectHeader, plan: ResponsePlan): void {
  const { variation, qualifier } = { variation: header.spec.variation, qualifier: header.qualifier }
  const standardSet = qualifier.range.kind !== 'range' || (header.start === 0 && header.count === 1)
  const known = Object.keys(values).map(Number)
  if (!standardSet) plan.iin |= Iin.parameterError
  else if (variation === ALL_ATTRIBUTES) for (const v of known) plan.extras.push(attributeOctets(v, values[v] ?? ''))
  else if (variation === ATTRIBUTE_LIST) plan.extras.push(...listOctets(known))
  else if (values[variation] === undefined) plan.iin |= Iin.objectUnknown
  else plan.extras.push(attributeOctets(variation, values[variation]))
}

function attributeOctets(variation: number, value: string | number): Uint8Array {
  const [type, octets] = typeof value === 'string' ? textOf(value) : numberOf(value)
  return attribute(variation, type, octets)
}

function attribute(variation: number, type: number, octets: Uint8Array): Uint8Array {
  return objectOctets((writer) =>
    writer.range(0, variation, 0, 0).unsigned(type, 1).unsigned(octets.length, 1).octets(octets),
  )
}

function textOf(value: string): [number, Uint8Array] {
  return [AttributeType.text, Uint8Array.from(value.slice(0, 255), (letter) => letter.charCodeAt(0) & 0xff)]
}

function numberOf(value: number): [number, Uint8Array] {
  const view = new DataView(new ArrayBuffer(8))
  if (Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) {
    view.setUint32(0, value, true)
    const octets = value < 0x100 ? 1 : value < 0x1_0000 ? 2 : 4
    return [AttributeType.unsigned, new Uint8Array(view.buffer, 0, octets)]
  }
  if (Number.isInteger(value) && value >= -0x8000_0000 && value < 0) {
    view.setInt32(0, value, true)
    return [AttributeType.signed, new Uint8Array(view.buffer, 0, 4)]
  }
  view.setFloat64(0, value, true)
  return [AttributeType.float, new Uint8Array(view.buffer)]
}

/** Pairs of variation and properties (bit 0: writable, never set here); at most 127 per object. */
function listOctets(variations: readonly number[]): Uint8Array[] {
  const pairs = variations.slice(0, 127).flatMap((variation) => [variation, 0])
  return [attribute(ATTRIBUTE_LIST, AttributeType.list, Uint8Array.from(pairs))]
}
