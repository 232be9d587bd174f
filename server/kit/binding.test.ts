import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createApi, isCurrent, ProblemError } from '../../platform/http/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { createSecretBox } from '../../platform/secrets/index.ts'
import { anyone, people } from '../../schemas/vocabulary/access.ts'
import { createClient } from '../../schemas/vocabulary/client.ts'
import { csvFile, nothing, operation } from '../../schemas/vocabulary/operation.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import type { ActorVariables, Person } from './actors.ts'
import { bind } from './binding.ts'
import { ownTransaction, streamed } from './calls.ts'
import { peoplePolicies, type ServerContext, tokenIssuerAt } from './context.ts'
import { auditEntry } from './tables.ts'

const thing = z.object({ thingId: z.string(), name: z.string(), secret: z.string().nullable(), version: z.number() })
const params = z.object({ id: z.string() })
const body = z.object({ name: z.string() })
const access = people('planner')
const tags = ['Things']

const thingOperations = {
  makeThing: operation({
    method: 'post',
    path: '/things',
    access,
    tags,
    summary: 'Make a thing',
    body,
    answer: thing,
    idempotent: { shownOnce: ['secret'] },
  }),
  renameThing: operation({
    method: 'put',
    path: '/things/{id}',
    access,
    tags,
    summary: 'Rename it',
    params,
    body,
    answer: thing,
    versionedBy: 'version',
    mayCreate: true,
  }),
  dropThing: operation({
    method: 'delete',
    path: '/things/{id}',
    access,
    tags,
    summary: 'Drop it',
    params,
    answer: nothing,
  }),
  loadThings: operation({
    method: 'post',
    path: '/things/csv',
    access,
    tags,
    summary: 'Load many',
    body: csvFile('name', 'a'),
    answer: z.object({ octets: z.number() }),
    idempotent: true,
  }),
  streamThing: operation({
    method: 'post',
    path: '/things/stream',
    access: anyone,
    tags,
    summary: 'Read it as it arrives',
    body,
    answer: z.object({ text: z.string() }),
  }),
}

const { db } = await createTestDatabase('server')
const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const lines: string[] = []
const log = createLog('test', 'warn', { write: (line) => void lines.push(line) })
const announced: string[] = []
const context: ServerContext = {
  db,
  clock,
  log,
  secrets: createSecretBox(Buffer.alloc(32)),
  publicUrl: 'http://127.0.0.1',
  tokenIssuer: tokenIssuerAt('http://127.0.0.1'),
  environment: 'live',
  people: peoplePolicies.demo,
  announce: (topic) => void announced.push(topic),
  hear: () => () => undefined,
}
let made = 0
let version = 3

const bound = bind(thingOperations, {
  makeThing({ id, body: { name }, audit, announce }) {
    made++
    audit({ action: 'thing.created', subject: { type: 'thing', id } })
    announce('network')
    if (name === 'broken') throw new ProblemError('conflict', 'It breaks after all that.')
    return { thingId: id, name, secret: 'shown once', version: 1 }
  },
  renameThing({ params: { id }, body: { name }, ...call }) {
    if (!isCurrent(call.version, version)) throw new ProblemError('changed-meanwhile', 'It was renamed meanwhile.')
    version++
    return { thingId: id, name, secret: null, version }
  },
  dropThing: ownTransaction(async ({ params: { id }, transaction, audit }) => {
    await transaction(async () => audit({ action: 'thing.emptied', subject: { type: 'thing', id } }))
    const failing = transaction(async () => {
      audit({ action: 'thing.dropped', subject: { type: 'thing', id } })
      throw new Error('the second step fails')
    })
    await failing.catch(() => undefined)
    await transaction(async () => audit({ action: 'thing.kept', subject: { type: 'thing', id } }))
    audit({ action: 'thing.reported', subject: { type: 'thing', id } })
  }),
  async loadThings({ body: file }) {
    made++
    let octets = 0
    for await (const chunk of file) octets += chunk.length
    return { octets }
  },
  streamThing: streamed(async ({ body: stream }) => ({ text: await new Response(stream as never).text() })),
})

const planner: Person = {
  kind: 'person',
  accountId: 'p',
  username: 'priya',
  fullName: 'Priya Nair',
  roles: new Set(['planner']),
}
const api = createApi<ActorVariables>(log)
api.use(async (c, next) => {
  c.set('actor', c.req.header('x-nobody') ? null : planner)
  await next()
})
api.route('/', bound.routes(context))
const { ask } = createClient(async ({ path, init }) => api.request(path, init as RequestInit))

const actionsOn = async (id: string) =>
  (await db.select().from(auditEntry).where(eq(auditEntry.subjectId, id))).map(({ action }) => action)

test('a change, its audit entry and its news go together', async () => {
  const first = await ask(thingOperations.makeThing, { body: { name: 'a' } })
  if (!first.ok) throw new Error(first.failure.detail)
  expect(await actionsOn(first.value.thingId)).toEqual(['thing.created'])
  expect(announced.splice(0)).toEqual(['network'])
  const broken = await ask(thingOperations.makeThing, { body: { name: 'broken' } })
  expect(broken).toMatchObject({ ok: false, status: 409 })
  expect(announced).toEqual([])
  expect(await db.select().from(auditEntry)).toHaveLength(1)
})

test('a repeat under its key is answered without the verb, and without what is shown once', async () => {
  const call = { body: { name: 'b' }, idempotencyKey: 'b' }
  const first = await ask(thingOperations.makeThing, call)
  const before = made
  const again = await ask(thingOperations.makeThing, call)
  expect([first, again]).toMatchObject([
    { ok: true, value: { secret: 'shown once' } },
    { ok: true, value: { ...(first.ok ? first.value : {}), secret: null } },
  ])
  expect(made).toBe(before)
  expect(await ask(thingOperations.makeThing, { ...call, body: { name: 'c' } })).toMatchObject({ status: 409 })
})

test('a request that was refused leaves its key free', async () => {
  const refused = await ask(thingOperations.makeThing, { body: { name: 'broken' }, idempotencyKey: 'd' })
  const taken = await ask(thingOperations.makeThing, { body: { name: 'd' }, idempotencyKey: 'd' })
  expect([refused.status, taken.status]).toEqual([409, 200])
})

test('a file is digested as it arrives: the same again is not read twice, another is refused', async () => {
  const call = { body: 'name\r\na\r\n', idempotencyKey: 'file' }
  expect(await ask(thingOperations.loadThings, call)).toMatchObject({ ok: true, value: { octets: 9 } })
  const before = made
  expect(await ask(thingOperations.loadThings, call)).toMatchObject({ ok: true, value: { octets: 9 } })
  expect(await ask(thingOperations.loadThings, { ...call, body: 'name\r\nb\r\n' })).toMatchObject({ status: 409 })
  expect(made).toBe(before)
})

test('a change needs the version that it starts from, and answers with the next as ETag', async () => {
  const call = { params: { id: '1' }, body: { name: 'x' } }
  const without = await ask(thingOperations.renameThing, call as never)
  const stale = await ask(thingOperations.renameThing, { ...call, version: 2 })
  const fresh = await ask(thingOperations.renameThing, { ...call, version: null })
  expect([without.status, stale.status, fresh.status]).toEqual([428, 412, 412])
  const changed = await ask(thingOperations.renameThing, { ...call, version: 3 })
  expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"4"'])
})

test('each transaction of a verb in steps takes its own audit entries with it', async () => {
  expect((await ask(thingOperations.dropThing, { params: { id: '9' } })).status).toBe(204)
  expect(await actionsOn('9')).toEqual(['thing.emptied', 'thing.kept', 'thing.reported'])
})

test('access comes before the body, which a streaming verb gets as it is', async () => {
  const broken = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }
  const refused = await api.request('/things', { ...broken, headers: { ...broken.headers, 'x-nobody': 'yes' } })
  expect(refused.status).toBe(401)
  expect((await api.request('/things', broken)).status).toBe(400)
  expect(await (await api.request('/things/stream', broken)).json()).toEqual({ text: '{' })
})

test('somebody who is known and refused is in the log with the operation, a stranger is not', async () => {
  lines.length = 0
  const operator: Person = { ...planner, accountId: 'o', username: 'olga', roles: new Set(['operator']) }
  const router = createApi<ActorVariables>(log)
  router.use(async (c, next) => {
    c.set('actor', c.req.header('x-nobody') ? null : operator)
    c.set('address', '192.0.2.7')
    await next()
  })
  router.route('/', bound.routes(context))
  const drop = (headers: Record<string, string>) => router.request('/things/1', { method: 'DELETE', headers })
  expect((await drop({ 'x-nobody': '1' })).status).toBe(401)
  expect((await drop({})).status).toBe(403)
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      msg: 'access refused',
      actor: 'olga',
      operation: 'DELETE /things/{id}',
      address: '192.0.2.7',
      reason: 'forbidden',
    },
  ])
})
