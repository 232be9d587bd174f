import { expect, test } from 'vitest'
import { z } from 'zod'
import { controlOperations } from './fsp/control.ts'
import { depotGroups } from './fsp/groups.ts'
import { operationGroups } from './operations.ts'
import { isFile, type Operation } from './vocabulary/operation.ts'

const stated = [...Object.values(operationGroups), controlOperations, ...depotGroups].flatMap(
  (group: Record<string, Operation>) => Object.entries(group),
)

type Schema = z.core.JSONSchema.JSONSchema

/** Whether a pattern alone limits the length: nothing in it is repeated without end. */
function isBounding(pattern: string): boolean {
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  return pattern.startsWith('^') && pattern.endsWith('$') && !/[*+]|\{\d+,\}/.test(bare)
}

/** Where a schema takes a string, a list, a record or anything else without a limit. */
function unbounded(schema: Schema | boolean, at: string): string[] {
  if (typeof schema === 'boolean') return schema ? [`${at}: anything`] : []
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  if (branches.length > 0) return branches.flatMap((branch) => unbounded(branch as Schema, at))
  if (schema.enum || 'const' in schema) return []
  if (schema.type === 'string')
    return schema.maxLength !== undefined || isBounding(schema.pattern ?? '') ? [] : [`${at}: string`]
  if (schema.type === 'array') {
    const items = [schema.items ?? [], schema.prefixItems ?? []].flat() as Schema[]
    const own = schema.maxItems === undefined && !schema.prefixItems ? [`${at}: array`] : []
    return [...own, ...items.flatMap((item) => unbounded(item, `${at}[]`))]
  }
  if (schema.type === 'object') return unboundedMembers(schema, at)
  if (schema.type === undefined && schema['x-maxBytes'] === undefined) return [`${at}: anything`]
  return []
}

function unboundedMembers(schema: Schema, at: string): string[] {
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    unbounded(member as Schema, `${at}.${name}`),
  )
  const { additionalProperties: others, propertyNames: names } = schema
  if (others === undefined || others === false || schema['x-maxBytes'] !== undefined) return members
  const isCounted = schema['maxProperties'] !== undefined
  const named = typeof names === 'object' ? unbounded(names as Schema, `${at} (names)`) : []
  return [...members, ...(isCounted ? [] : [`${at}: record`]), ...named, ...unbounded(others as Schema, `${at}{}`)]
}

function jsonSchemaOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline', cycles: 'throw' })
}

/** Definitions in place of references to them, which every schema with a name becomes. */
function inlined(schema: unknown, defs: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((each) => inlined(each, defs))
  if (typeof schema !== 'object' || schema === null) return schema
  const { $ref: reference } = schema as { $ref?: string }
  if (reference) return inlined(defs[reference.replace('#/$defs/', '')], defs)
  return Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, inlined(member, defs)]))
}

test('SEC10 every string, list and record that a caller sends has a most', () => {
  expect(stated.length).toBeGreaterThan(100)
  const found = stated.flatMap(([name, { params, query, body }]) => {
    const schemas = { params, query, ...(body && !isFile(body) ? { body } : {}) }
    return Object.entries(schemas).flatMap(([part, schema]) => {
      if (!schema) return []
      const json = jsonSchemaOf(schema)
      const { $defs = {}, ...rest } = json
      return unbounded(inlined(rest, $defs) as Schema, `${name} ${part}`)
    })
  })
  expect(found).toEqual([])
})
