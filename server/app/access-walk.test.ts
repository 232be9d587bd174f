import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Access } from '../../schemas/vocabulary/access.ts'
import { role } from '../../schemas/vocabulary/roles.ts'
import type { Client } from '../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { documentedOperations, type ServedOperation, statedOperations } from '../../test/support/operations.ts'
import type { TestServer } from '../../test/support/server.ts'
import { saveClient } from '../access/index.ts'

let rig: DispatchRig
let server: TestServer
let operations: ServedOperation[] = []
const callers = new Map<string, Client>()
const dnoRoles = role.options.filter((one) => one !== 'fsp-user')

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  server = rig.server
  operations = await documentedOperations(server)
  // Logging out comes last, as it should.
  operations.sort((a, b) => Number(isLogOut(a)) - Number(isLogOut(b)))
  callers.set('nobody', server.client())
  for (const each of dnoRoles) callers.set(each, await server.person(each, each))
  callers.set('FSP user', await server.fspUser('ines', rig.fsp.fspId))
  callers.set('FSP client', rig.fsp.client)
  await saveClient(server.context.db, {
    clientId: 'gateway-1',
    kind: 'gateway',
    subjectId: 'gateway-1',
    scopes: ['gateway'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: 'secret of the gateway' },
  })
  callers.set('gateway', await server.tokenClient('gateway-1', 'secret of the gateway', 'gateway'))
})

/** What a rule means for each kind of caller, said once more and otherwise than the server does. */
function isLetIn(name: string, access: Access): boolean {
  if (access === 'anyone') return true
  if (name === 'nobody') return false
  if (name === 'gateway') return access.gateway === true
  if (name === 'FSP client') return access.fsp !== undefined
  if (name === 'FSP user') return access.fsp !== undefined || access.user === true
  const roles: readonly string[] = access.people === 'any' ? dnoRoles : (access.people ?? [])
  return access.user === true || roles.includes(name) || (name === 'administrator' && roles.length > 0)
}

const isLogOut = ({ method, path }: ServedOperation) => method === 'DELETE' && path === '/session'

/** Calls an operation with parameters that name nothing and a body that says nothing. */
async function call({ method, path }: ServedOperation, client: Client): Promise<{ status: number; type: string }> {
  const address = path
    .replace(/\{day\}/g, '2026-01-16')
    .replace(/\{\w*[iI]d\}/g, randomUUID())
    .replace(/\{\w+\}/g, 'x')
  const abort = new AbortController()
  const response = await fetch(`${server.url}${address}`, {
    method,
    headers: { ...client.headers, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    ...(method === 'GET' ? {} : { body: '{}' }),
    signal: abort.signal,
  })
  const isProblem = response.headers.get('content-type')?.includes('problem')
  const type = isProblem ? ((await response.json()) as { type: string }).type : ''
  abort.abort()
  return { status: response.status, type: type.replace('urn:ringmain:problem:', '') }
}

test('every route of the API states who may call it', () => {
  expect(operations.length).toBeGreaterThan(100)
  expect(operations.filter(({ access }) => access === undefined)).toEqual([])
})

test('every operation is served, and documented with the rule that it states', () => {
  const served = new Map(operations.map(({ method, path, access }) => [`${method} ${path}`, access]))
  for (const [name, { method, path, access }] of statedOperations)
    expect(served.get(`${method.toUpperCase()} ${path}`), name).toEqual(access)
})

describe('every route answers each kind of caller as its rule says', () => {
  test.each([...['nobody', ...dnoRoles, 'FSP user', 'FSP client', 'gateway']])('%s', async (name) => {
    const caller = callers.get(name)
    if (!caller) throw new Error(`there is no ${name}`)
    const wrong: string[] = []
    for (const operation of operations) {
      const { status, type } = await call(operation, caller)
      const expected = isLetIn(name, operation.access ?? 'anyone')
        ? 'let in'
        : name === 'nobody'
          ? '401 unauthenticated'
          : '403 forbidden'
      const isShutOut = ['unauthenticated', 'forbidden', 'invalid-token'].includes(type)
      const found = isShutOut ? `${status} ${type}` : status >= 500 ? `${status}` : 'let in'
      if (found !== expected) wrong.push(`${operation.method} ${operation.path}: ${found}, not ${expected}`)
    }
    expect(wrong).toEqual([])
  })
})
