import { randomUUID } from 'node:crypto'
import { Duration, Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { atEnd } from '../../test/support/cleanup.ts'
import type { Client } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { applicationOf, silentControl } from '../../test/support/market.ts'
import { agreed, secondPerson } from '../../test/support/second-person.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { marketJobs } from './index.ts'
import { fsp } from './parties/tables.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
let server: TestServer
let engineer: Client
let administrator: Client

beforeAll(async () => {
  server = await startTestServer((await createTestDatabase('server')).url, clock)
  engineer = await server.person('erin', 'flexibility-engineer')
  const timers = marketJobs(server.context)
  atEnd(() => {
    for (const timer of timers) timer.cancel()
  })
})

const apply = (name: string) => server.client().ask(operations.applyAsFsp, { body: applicationOf(name, silentControl) })

test('SEC10 an application that nobody decides lapses after 30 days, with its client; a decided one stays', async () => {
  const [forgotten, accepted] = [(await apply('Forgotten Ltd')).body, (await apply('Accepted Ltd')).body]
  const accept = { params: { id: accepted.applicationId }, body: { decision: 'accept' } }
  await agreed(await secondPerson(server), engineer.ask(operations.decideOnApplication, accept))
  // What runs every minute would run 40,000 times.
  clock.jumpTo(clock.now().plus(Duration.ofDays(28)))
  await clock.advanceTo(clock.now().plus(Duration.ofDays(1)))
  const state = async (id: string) => (await server.client().ask(operations.readApplication, { params: { id } })).status
  expect(await state(forgotten.applicationId)).toBe(200)
  await clock.advanceTo(clock.now().plus(Duration.ofDays(2)))
  expect(await state(forgotten.applicationId)).toBe(404)
  expect(await state(accepted.applicationId)).toBe(200)
  administrator = await server.person('ada', 'administrator')
  const clients = (await administrator.ask(operations.listClients)).body.items
  expect(clients.map((one: { clientId: string }) => one.clientId)).toEqual([accepted.clientId])
})

test('SEC10 while 500 applications wait, another is told to come back', async () => {
  const one = {
    companyName: 'One of many',
    contactName: 'x',
    contactEmail: 'x@fsp.example',
    status: 'applied' as const,
    appliedAt: clock.now(),
    controlBaseUrl: 'https://fsp.example',
    controlTokenEndpoint: 'https://fsp.example/token',
    controlClientId: 'dno',
  }
  await server.context.db.insert(fsp).values(Array.from({ length: 500 }, () => ({ ...one, fspId: randomUUID() })))
  const refused = await apply('One Too Many Ltd')
  expect([refused.status, refused.body.type]).toEqual([503, 'urn:ringmain:problem:unavailable'])
})
