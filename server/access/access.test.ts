import { Instant } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createApi, listen } from '../../platform/http/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { createSecretBox } from '../../platform/secrets/index.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import {
  type ActorVariables,
  newIdFor,
  recordAudit,
  requireFsp,
  requirePerson,
  type ServerContext,
  tokenIssuerAt,
} from '../kit/index.ts'
import { auditEntry } from '../kit/tables.ts'
import { authenticator, openSession, saveAccount, sessionCookie, sessionRoutes } from './index.ts'

const { db } = await createTestDatabase('server')
const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const log = createLog('test', 'silent')
const context: ServerContext = {
  db,
  clock,
  log,
  secrets: createSecretBox(Buffer.alloc(32)),
  publicUrl: 'http://127.0.0.1',
  tokenIssuer: tokenIssuerAt('http://127.0.0.1'),
  environment: 'live',
  announce: () => undefined,
}
const listener = await listen({ host: '127.0.0.1', port: 0, what: 'a test', portSetting: 'nothing' })
afterAll(() => listener.close())
const api = createApi<ActorVariables>(log)
api.use(
  '*',
  authenticator(db, clock, () => Promise.reject(new Error('no tokens in this test'))),
)
api.route('/', sessionRoutes(context))
api.get('/planners', (c) => c.json({ hello: requirePerson(c.get('actor'), 'planner').username }))
api.get('/fsps-only', (c) => c.json(requireFsp(c.get('actor'), 'market').fspId))
listener.use(api.fetch)
const people = {
  priya: await saveAccount(db, { username: 'priya', fullName: 'Priya Nair', roles: ['planner'] }),
  grace: await saveAccount(db, { username: 'grace', fullName: 'Grace Okoro', roles: ['operator'] }),
}

const logIn = async (who: keyof typeof people) =>
  `${sessionCookie}=${await openSession(db, clock.now(), people[who].accountId)}`

const get = (path: string, cookie: string) => fetch(`${listener.url}${path}`, { headers: { cookie } })

test('a person is known by the cookie alone, and is forgotten after logging out', async () => {
  const cookie = await logIn('priya')
  const found = await (await get('/session', cookie)).json()
  expect(found).toMatchObject({ username: 'priya', roles: ['planner'], environment: 'live', fspId: null })
  expect((await fetch(`${listener.url}/session`, { method: 'DELETE', headers: { cookie } })).status).toBe(204)
  expect((await get('/session', cookie)).status).toBe(401)
})

test('roles open what is theirs; other actors are told what is needed', async () => {
  const [planner, operator] = [await logIn('priya'), await logIn('grace')]
  expect((await get('/planners', planner)).status).toBe(200)
  const refused = await get('/planners', operator)
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({
    detail: 'This needs a portal account with the role planner; grace is not that.',
  })
  expect((await get('/fsps-only', planner)).status).toBe(403)
  expect((await get('/planners', '')).status).toBe(401)
})

test('a session ends by itself after half a day', async () => {
  const cookie = await logIn('priya')
  await clock.advanceTo(clock.now().plusSeconds(12 * 3600 - 1))
  expect((await get('/session', cookie)).status).toBe(200)
  await clock.advanceTo(clock.now().plusSeconds(1))
  expect((await get('/session', cookie)).status).toBe(401)
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

test('the same idempotency key of the same client and route names the same thing, any other a new one', () => {
  const client = (clientId: string) => ({ kind: 'fsp', clientId, fspId: 'f', scopes: new Set<string>() }) as const
  const id = newIdFor(client('a'), 'POST /ders', 'k1')
  expect(newIdFor(client('a'), 'POST /ders', 'k1')).toBe(id)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const others = [
    newIdFor(client('b'), 'POST /ders', 'k1'),
    newIdFor(client('a'), 'POST /flexible-units', 'k1'),
    newIdFor(client('a'), 'POST /ders', 'k2'),
    newIdFor(client('a'), 'POST /ders', undefined),
    newIdFor(client('a'), 'POST /ders', undefined),
  ]
  expect(new Set([id, ...others]).size).toBe(6)
  expect(() => newIdFor(client('a'), 'POST /ders', '')).toThrow('1 to 200 characters')
})
