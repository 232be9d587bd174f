import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { type NamedKind, namedKinds } from '../../schemas/portal/portal.ts'
import type { Client } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { saveTestNetwork, saveTestSite } from '../grid/test/support/site.ts'

let server: TestServer
let admin: Client

beforeAll(async () => {
  const { url } = await createTestDatabase('server')
  server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-03-02T09:00:00Z')))
  admin = await server.person('ada', 'administrator')
}, 120_000)

const namesOf = async (kind: NamedKind, ...ids: string[]) =>
  (await admin.ask(operations.nameThings, { query: { kind, ids: ids.join(',') } })).body.names

test('things are named by what they are called now, and those that are gone are left out', async () => {
  const { db, clock } = server.context
  await saveTestNetwork(db)
  const { hubId, connectionId } = await saveTestSite(db, clock.now())
  expect(await namesOf('node', 'sec', 'pri', 'none')).toEqual({ sec: 'Almeida St', pri: 'Islington' })
  expect(await namesOf('connection', connectionId, randomUUID())).toEqual({
    [connectionId]: expect.stringMatching(/^Depot \d+$/),
  })
  expect(Object.keys(await namesOf('hub', hubId))).toEqual([hubId])
  await server.person('grace', 'operator')
  await admin.ask(operations.changeAccount, {
    params: { username: 'grace' },
    body: { fullName: 'Grace Okoro', roles: ['operator'] },
  })
  expect(await namesOf('account', 'grace', 'nobody')).toEqual({ grace: 'Grace Okoro' })
})

test.each(namedKinds)('an identifier that no %s has, or could have, names nothing', async (kind) => {
  expect(await namesOf(kind, randomUUID(), 'no identifier at all')).toEqual({})
})

test('more identifiers than a page of entries has are refused at the field', async () => {
  const ids = Array.from({ length: 201 }, (_, i) => `n${i}`)
  const answer = await admin.ask(operations.nameThings, { query: { kind: 'node', ids: ids.join(',') } })
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'ids' }] } })
})
