import { expect, test } from 'vitest'
import { controlOperations } from './fsp/control.ts'
import { depotGroups } from './fsp/groups.ts'
import { operationGroups, operations } from './operations.ts'
import { isRead, type Operation } from './vocabulary/operation.ts'

const groups: readonly Record<string, Operation>[] = Object.values(operationGroups)
const all = groups.flatMap((group) => Object.entries(group))

function repeated(names: readonly string[]): string[] {
  return names.filter((name, i) => names.indexOf(name) !== i)
}

test('no two operations share a name, so that they make one namespace', () => {
  expect(repeated(all.map(([name]) => name))).toEqual([])
  expect(Object.keys(operations)).toHaveLength(all.length)
})

test('no two operations share a method and a path', () => {
  expect(repeated(all.map(([, { method, path }]) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`))).toEqual([])
})

test('every parameter of a path has a schema, and every schema a parameter', () => {
  const others = [controlOperations, ...depotGroups].flatMap((group: Record<string, Operation>) =>
    Object.entries(group),
  )
  for (const [name, { path, params }] of [...all, ...others]) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
    expect(Object.keys(params?.shape ?? {}).sort(), name).toEqual(named.sort())
  }
})

test('a read is neither idempotent by a key nor takes a body', () => {
  for (const [name, stated] of all)
    if (isRead(stated)) expect([stated.idempotent, stated.body], name).toEqual([undefined, undefined])
})
