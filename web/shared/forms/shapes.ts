import type { z } from 'zod'

/** What a person can enter for a member of an entry. */
export type Shape = { isNeeded: boolean } & (
  | { kind: 'text' | 'yes-no' }
  | { kind: 'number'; least: number | null; most: number | null }
  | { kind: 'choice'; options: readonly (string | number)[] }
  | { kind: 'list'; element: z.ZodType }
  | { kind: 'group'; members: Readonly<Record<string, z.ZodType>> }
)

interface Definition {
  type: string
  innerType?: z.ZodType
  in?: z.ZodType
  element?: z.ZodType
  options?: readonly z.ZodType[]
  values?: readonly (string | number)[]
}

const definitionOf = (schema: z.ZodType) => schema.def as unknown as Definition

/** The shape of a member by its contract. */
export function shapeOf(schema: z.ZodType, isNeeded = true): Shape {
  const { type, innerType, in: before, element, options, values } = definitionOf(schema)
  if (innerType) return shapeOf(innerType, isNeeded && !['nullable', 'optional'].includes(type))
  if (before) return shapeOf(before, isNeeded)
  if (type === 'number') {
    const { minValue, maxValue } = schema as z.ZodNumber
    return { kind: 'number', isNeeded, least: bound(minValue), most: bound(maxValue) }
  }
  if (type === 'boolean') return { kind: 'yes-no', isNeeded }
  if (type === 'enum') return { kind: 'choice', isNeeded, options: (schema as z.ZodEnum).options as string[] }
  if (type === 'union')
    return { kind: 'choice', isNeeded, options: (options ?? []).flatMap((each) => definitionOf(each).values ?? []) }
  if (type === 'literal') return { kind: 'choice', isNeeded, options: values ?? [] }
  if (type === 'array' && element) return { kind: 'list', isNeeded, element }
  if (type === 'object')
    return { kind: 'group', isNeeded, members: (schema as z.ZodObject).shape as Record<string, z.ZodType> }
  return { kind: 'text', isNeeded }
}

/** A bound that says something: zod gives the safe integers where there is none. */
function bound(value: number | null): number | null {
  return value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value
}

/** What a form begins with where nothing is there yet. */
export function emptyOf(shape: Shape): unknown {
  if (shape.kind === 'list') return []
  if (shape.kind === 'yes-no') return false
  if (shape.kind === 'choice') return shape.isNeeded ? shape.options[0] : null
  if (shape.kind !== 'group') return shape.isNeeded ? '' : null
  if (!shape.isNeeded) return null
  return Object.fromEntries(Object.entries(shape.members).map(([name, member]) => [name, emptyOf(shapeOf(member))]))
}

/** What was entered, as the contract takes it: numbers from their digits, nothing as `null` where that is allowed. */
export function enteredOf(schema: z.ZodType, given: unknown): unknown {
  const shape = shapeOf(schema)
  if (shape.kind === 'list') return (given as unknown[]).map((each) => enteredOf(shape.element, each))
  if (shape.kind === 'group' && given !== null)
    return Object.fromEntries(
      Object.entries(shape.members).map(([name, member]) => [
        name,
        enteredOf(member, (given as Record<string, unknown>)[name]),
      ]),
    )
  if (typeof given !== 'string') return given
  const text = given.trim()
  if (text === '' && !shape.isNeeded) return null
  if (shape.kind === 'number') return text === '' ? null : Number(text)
  return text
}

/** Why a value is not taken, in words: those of the contract where it has its own, else what is asked for. */
export function faultOf(shape: Shape, message: string): string {
  if (message.startsWith('must ')) return `It ${message}.`
  if (shape.kind === 'number') {
    const { least, most } = shape
    if (least !== null && most !== null) return `Give a number from ${least} to ${most}.`
    if (least !== null) return `Give a number of at least ${least}.`
    return most === null ? 'Give a number.' : `Give a number of at most ${most}.`
  }
  if (shape.kind === 'list') return 'Give at least one, and no more than fit.'
  return shape.kind === 'choice' ? 'Choose one.' : 'Fill this in; it is not taken as it is.'
}
