import { Instant } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import type { Client } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer } from '../../test/support/server.ts'
import { claimKey } from '../kit/idempotency.ts'
import { recordAudit } from '../kit/index.ts'
import { auditEntry } from '../kit/tables.ts'
import { accessJobs } from './index.ts'

const { url, db } = await createTestDatabase('server')
const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const server = await startTestServer(url, clock, { environment: 'live' })
const operator = await server.person('grace', 'operator')

const statusOf = async (operation: Operation, client: Client) => (await client.ask(operation)).status

test('a person is known by the cookie alone, and is forgotten after logging out', async () => {
  const planner = await server.person('priya', 'planner')
  const { body } = await planner.ask(operations.readSession)
  expect(body).toMatchObject({ username: 'priya', roles: ['planner'], environment: 'live', fspId: null })
  const gone = await planner.ask(operations.logOut)
  expect([gone.status, gone.headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/^ringmain_session=;/)])
  expect(await statusOf(operations.readSession, planner)).toBe(401)
})

test('roles open what is theirs; other actors are told what is needed', async () => {
  const administrator = await server.person('ada', 'administrator')
  expect(await statusOf(operations.listAccounts, administrator)).toBe(200)
  const refused = await operator.ask(operations.listAccounts)
  expect(refused.status).toBe(403)
  expect(refused.body).toMatchObject({
    detail: 'This needs a portal account with the role administrator; grace does not have it.',
  })
  const der = await operator.ask(operations.registerDer, { body: {} })
  expect(der.body).toMatchObject({ status: 403, detail: expect.stringContaining('with the scope market') })
  expect(await statusOf(operations.listAccounts, server.client())).toBe(401)
})

test('a session ends by itself after half a day', async () => {
  const planner = await server.person('priya', 'planner')
  await clock.advanceTo(clock.now().plusSeconds(12 * 3600 - 1))
  expect(await statusOf(operations.readSession, planner)).toBe(200)
  await clock.advanceTo(clock.now().plusSeconds(1))
  expect(await statusOf(operations.readSession, planner)).toBe(401)
})

test('in live mode there are no demo accounts', async () => {
  expect((await server.client().ask(operations.listDemoAccounts)).status).toBe(404)
})

test('keys of requests are forgotten by a job, when nobody repeats them any more', async () => {
  const [timer, ...others] = accessJobs(server.context)
  for (const other of others) other.cancel()
  const given = { caller: 'anyone', request: 'POST /things', key: 'k', digest: 'd' }
  const { id } = await claimKey(db, clock.now(), given)
  await clock.advanceTo(clock.now().plusSeconds(29 * 86_400))
  expect((await claimKey(db, clock.now(), given)).id).toBe(id)
  await clock.advanceTo(clock.now().plusSeconds(2 * 86_400))
  expect((await claimKey(db, clock.now(), given)).id).not.toBe(id)
  timer?.cancel()
})

test('an audit entry stands or falls with the change that it belongs to', async () => {
  const actor = { kind: 'system', name: 'timetable' } as const
  const record = { action: 'thing.changed', subject: { type: 'thing', id: '7' }, detail: { to: 3 } }
  await db.transaction((tx) => recordAudit(tx, clock.now(), actor, record))
  const undone = db.transaction(async (tx) => {
    await recordAudit(tx, clock.now(), actor, record)
    throw new Error('the change failed')
  })
  await expect(undone).rejects.toThrow('the change failed')
  const entries = await db
    .select()
    .from(auditEntry)
    .where(and(eq(auditEntry.subjectId, '7')))
  expect(entries).toMatchObject([{ actor: 'timetable', action: 'thing.changed', detail: { to: 3 } }])
})
