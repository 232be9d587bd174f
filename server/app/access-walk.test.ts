import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Access } from '../../schemas/vocabulary/access.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import { isFile, isRead, type Operation } from '../../schemas/vocabulary/operation.ts'
import { role } from '../../schemas/vocabulary/roles.ts'
import type { Client } from '../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { documentedOperations, statedOperations } from '../../test/support/operations.ts'
import type { TestServer } from '../../test/support/server.ts'
import { customer } from '../access/customers/tables.ts'
import { dataProvider } from '../access/data-providers/tables.ts'
import { saveClient } from '../access/index.ts'

let rig: DispatchRig
let server: TestServer
const callers = new Map<string, Client>()
const dnoRoles = role.options.filter((one) => one !== 'fsp-user' && one !== 'customer')

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  server = rig.server
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
  const customerId = randomUUID()
  await server.context.db.insert(customer).values({ customerId, name: 'Customer' })
  await saveClient(server.context.db, {
    clientId: 'customer-1',
    kind: 'customer',
    subjectId: customerId,
    scopes: ['customer'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: 'secret of the customer' },
  })
  callers.set('customer client', await server.tokenClient('customer-1', 'secret of the customer', 'customer'))
  await server.context.db.insert(dataProvider).values({ providerId: 'provider-1', name: 'Provider' })
  await saveClient(server.context.db, {
    clientId: 'client-of-provider-1',
    kind: 'provider',
    subjectId: 'provider-1',
    scopes: ['data'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: 'secret of the provider' },
  })
  callers.set('data provider', await server.tokenClient('client-of-provider-1', 'secret of the provider', 'data'))
  const account = { username: 'carl', fullName: 'Carl', roles: ['customer' as const], customerId }
  callers.set('customer user', await server.account(account))
  callers.set('gateway', await server.tokenClient('gateway-1', 'secret of the gateway', 'gateway'))
})

/** What a rule means for each kind of caller, said once more and otherwise than the server does. */
function isLetIn(name: string, access: Access): boolean {
  if (access === 'anyone') return true
  if (name === 'nobody') return false
  if (name === 'gateway') return access.gateway === true
  if (name === 'data provider') return access.provider === true
  // Its token is for its work; the one that changes its keys is another.
  const isForWork = access.fsp !== undefined && access.fsp !== 'credentials'
  if (name === 'customer client') return access.customer === true
  if (name === 'customer user') return access.customer === true || access.user === true
  if (name === 'FSP client') return isForWork
  if (name === 'FSP user') return isForWork || access.user === true
  const roles: readonly string[] = access.people === 'any' ? dnoRoles : (access.people ?? [])
  return access.user === true || roles.includes(name) || (name === 'administrator' && roles.length > 0)
}

/** Every operation, in the order of the walk: logging out comes last, as it should. */
const walk = statedOperations.toSorted(([a], [b]) => Number(a === 'logOut') - Number(b === 'logOut'))

/** Calls an operation with parameters that name nothing and a body that says nothing. */
async function call(stated: Operation, client: Client): Promise<{ status: number; type: string }> {
  const params = Object.fromEntries(
    Object.keys(stated.params?.shape ?? {}).map((name) => [
      name,
      name === 'day' ? '2026-01-16' : /[iI]d$/.test(name) ? randomUUID() : 'x',
    ]),
  )
  const said = isRead(stated) ? {} : { body: isFile(stated.body) ? '' : {} }
  const { path, init } = requestOf(stated, { params, ...said })
  const abort = new AbortController()
  const headers = { ...init.headers, ...client.headers }
  const response = await fetch(`${server.url}${path}`, { ...init, headers, signal: abort.signal })
  const isProblem = response.headers.get('content-type')?.includes('problem')
  const type = isProblem ? ((await response.json()) as { type: string }).type : ''
  abort.abort()
  return { status: response.status, type: type.replace('urn:ringmain:problem:', '') }
}

test('what is served is what is stated, and documented with the rule that it states', async () => {
  expect(statedOperations.length).toBeGreaterThan(100)
  const served = (await documentedOperations(server)).map(({ method, path, access }) => [`${method} ${path}`, access])
  const stated = statedOperations.map(([, { method, path, access }]) => [`${method.toUpperCase()} ${path}`, access])
  expect(new Set(served.map(([route]) => route)).size).toBe(stated.length)
  expect(Object.fromEntries(served)).toEqual(Object.fromEntries(stated))
})

describe('every operation answers each kind of caller as its rule says', () => {
  test.each([
    ...[
      'nobody',
      ...dnoRoles,
      'FSP user',
      'FSP client',
      'customer user',
      'customer client',
      'data provider',
      'gateway',
    ],
  ])('%s', async (name) => {
    const caller = callers.get(name)
    if (!caller) throw new Error(`there is no ${name}`)
    const wrong: string[] = []
    for (const [operation, stated] of walk) {
      const { status, type } = await call(stated, caller)
      const expected = isLetIn(name, stated.access)
        ? 'let in'
        : name === 'nobody'
          ? '401 unauthenticated'
          : '403 forbidden'
      const isShutOut = ['unauthenticated', 'forbidden', 'invalid-token'].includes(type)
      const found = isShutOut ? `${status} ${type}` : status >= 500 ? `${status}` : 'let in'
      if (found !== expected) wrong.push(`${operation}: ${found}, not ${expected}`)
    }
    expect(wrong).toEqual([])
  })
})
