import { Instant, LocalDate } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { makePartitions, type Queryable } from '../../platform/db/index.ts'
import { codeOf } from '../../platform/errors/index.ts'
import { createApi } from '../../platform/http/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { readers } from '../../schemas/vocabulary/access.ts'
import { createClient } from '../../schemas/vocabulary/client.ts'
import { csvFile, operation } from '../../schemas/vocabulary/operation.ts'
import { type Actor, type ActorVariables, bind, ownTransaction, recordAudit } from '../../server/kit/index.ts'
import { der } from '../../server/market/parties/tables.ts'
import { atEnd } from '../support/cleanup.ts'
import { createTestDatabase } from '../support/database.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../support/dispatch.ts'
import { registerFsp, registerUnit, type TestFsp } from '../support/market.ts'
import { startTestServer } from '../support/server.ts'

let rig: DispatchRig
let stranger: TestFsp
/** A DER of the stranger. */
let derId: string

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  stranger = await registerFsp(rig.server, rig.engineer, 'Second Ltd', rig.control)
  await registerUnit(stranger.client, 'Unit of the second', await rig.mpanOf(stranger))
  const [row] = await rig.server.context.db.select().from(der).where(eq(der.fspId, stranger.fspId))
  derId = row?.derId ?? ''
})

const attempt = (text: string) =>
  rig.server.context.db.execute(sql.raw(text)).then(
    () => 'done',
    (error) => codeOf(error),
  )

test('servers work as a role that owns nothing, on every connection', async () => {
  for (const pool of Object.values(rig.server.context.pools ?? {})) {
    const [who] = await pool.execute(sql`select current_user::text as name`)
    expect(who).toEqual({ name: 'ringmain_runtime' })
  }
})

test.each([
  'create table another (a int)',
  'alter table account add column another int',
  'alter table der disable row level security',
  'drop table account',
  'create function another() returns int language sql return 1',
  'create schema another',
  'create role another',
  'truncate account',
  'select * from migrations.access',
  "select make_partition('account'::regclass, 'account_20260101', now(), now() + interval '1 day')",
])('the runtime role may not %s', async (text) => {
  // 42501: insufficient privilege; P0001: refused by a function of the owner; 42P01 and 42704 would mean that the test is wrong.
  expect(await attempt(text)).toMatch(/^(42501|P0001)$/)
})

test('FM43 audit entries are written and read, and neither changed nor deleted', async () => {
  const { db, clock } = rig.server.context
  await recordAudit(
    db,
    clock.now(),
    { kind: 'system', name: 'test' },
    { action: 'tried', subject: { type: 't', id: '1' } },
  )
  for (const text of [
    "update audit_entry set actor = 'nobody'",
    'delete from audit_entry',
    'truncate audit_entry',
    "update installation set environment = 'live'",
    'delete from installation',
    "insert into audit_link values (1, 1, 'made up')",
    "update audit_link set hash = 'made up'",
  ])
    expect([text, await attempt(text)]).toEqual([text, '42501'])
})

test('partitions are made and dropped by the functions that the owner gave', async () => {
  const { db } = rig.server.context
  const target = { table: 'measurement', grain: 'day' } as const
  const day = LocalDate.parse('2031-05-01')
  expect(await makePartitions(db, target, [day])).toBe(1)
  expect(await makePartitions(db, target, [day])).toBe(0)
  const [before] = await db.execute(sql`select to_regclass('measurement_20310501') is not null as there`)
  expect(before).toEqual({ there: true })
  await db.execute(sql`select drop_partition('measurement'::regclass, 'measurement_20310501')`)
  expect(await attempt("select drop_partition('measurement'::regclass, 'account')")).toBe('P0001')
})

test('with a URL for the owner, the server logs in as a user that is no owner, and is none if it gives up the role', async () => {
  const { db, url } = await createTestDatabase('server')
  const [name, password] = [`worker_${process.pid}`, 'the password of the worker']
  await db.execute(sql.raw(`create role ${name} login password '${password}' in role ringmain_runtime`))
  atEnd(() => db.execute(sql.raw(`drop role ${name}`)))
  const own = Object.assign(new URL(url), { username: name, password })
  const server = await startTestServer(own.toString(), rig.clock, { ownerDatabaseUrl: url })
  const refused = server.context.db.transaction(async (tx) => {
    await tx.execute(sql`set role none`)
    const [who] = await tx.execute(sql`select current_user::text as name`)
    expect(who).toEqual({ name })
    await tx.execute(sql`alter table account add column another int`)
  })
  await expect(refused.catch((error) => Promise.reject(new Error(codeOf(error))))).rejects.toThrow('42501')
  expect((await fetch(new URL('/readyz', server.url))).status).toBe(200)
})

/** Operations whose verbs forget to ask whose a DER is. */
const common = { access: readers, tags: ['Forgetful'], params: z.object({ id: z.string() }) } as const
const answer = z.object({ seen: z.number() })
const forgetful = {
  readDer: operation({ ...common, method: 'get', path: '/forgetful/{id}', summary: 'Read', answer }),
  renameDer: operation({ ...common, method: 'post', path: '/forgetful/{id}', summary: 'Rename', answer }),
  renameInSteps: operation({ ...common, method: 'put', path: '/forgetful/{id}', summary: 'Rename', answer }),
  renameByFile: operation({
    ...common,
    method: 'post',
    path: '/forgetful/{id}/file',
    summary: 'Rename',
    body: csvFile('name'),
    answer,
  }),
  giveDer: operation({ ...common, method: 'delete', path: '/forgetful/{id}', summary: 'Give away', answer }),
}

const rename = async (tx: Queryable, id: string) => {
  const changed = await tx.update(der).set({ name: 'Taken over' }).where(eq(der.derId, id)).returning()
  return { seen: changed.length }
}

/** Calls the forgetful operations on the real server's context, as an actor. */
function forgetfulClient(actor: Actor) {
  const bound = bind(forgetful, {
    readDer: async ({ db, params: { id } }) => ({
      seen: (await db.select().from(der).where(eq(der.derId, id))).length,
    }),
    renameDer: ({ db, params: { id } }) => rename(db, id),
    renameInSteps: ownTransaction(({ transaction, params: { id } }) => transaction((tx) => rename(tx, id))),
    renameByFile: ({ transaction, params: { id } }) => transaction((tx) => rename(tx, id)),
    async giveDer({ db, params: { id } }) {
      const { connectionId } = (await rig.server.context.db.select().from(der).limit(1))[0] ?? { connectionId: '' }
      const row = { name: 'Planted', kind: 'battery', mpan: rig.mpan, ratedW: 1, connectionId } as const
      await db.insert(der).values({ ...row, derId: crypto.randomUUID(), fspId: id })
      return { seen: 1 }
    },
  })
  const api = createApi<ActorVariables>(createLog('test', 'silent'))
  api.use(async (c, next) => {
    c.set('actor', actor)
    await next()
  })
  api.route('/', bound.routes(rig.server.context))
  return createClient(async ({ path, init }) => api.request(path, init as RequestInit))
}

const fspActor = ({ fspId, clientId }: TestFsp): Actor => ({
  kind: 'fsp',
  clientId,
  fspId,
  scopes: new Set(['market', 'meter']),
})
const clerk: Actor = {
  kind: 'person',
  accountId: 'c',
  username: 'clara',
  fullName: 'Clara',
  roles: new Set(['planner']),
}

test('FM40 where a verb forgets to ask whose a row is, the database hides it from another FSP, to read and to write', async () => {
  const { ask } = forgetfulClient(fspActor(rig.fsp))
  const params = { id: derId }
  for (const [name, outcome] of [
    ['read', await ask(forgetful.readDer, { params })],
    ['changed', await ask(forgetful.renameDer, { params })],
    ['changed in steps', await ask(forgetful.renameInSteps, { params })],
    ['changed by a file', await ask(forgetful.renameByFile, { params, body: 'name\r\nb\r\n' })],
  ] as const)
    expect([name, outcome]).toEqual([name, expect.objectContaining({ ok: true, value: { seen: 0 } })])
  // A row for another FSP is refused by the policy: a fault of the program, not of the caller.
  expect(await ask(forgetful.giveDer, { params: { id: stranger.fspId } })).toMatchObject({ ok: false, status: 500 })
})

test('FM40 its own FSP and the people of the DNO see and change the same row', async () => {
  const params = { id: derId }
  for (const actor of [fspActor(stranger), clerk]) {
    const { ask } = forgetfulClient(actor)
    for (const stated of [forgetful.readDer, forgetful.renameDer, forgetful.renameInSteps] as const)
      expect(await ask(stated, { params })).toMatchObject({ ok: true, value: { seen: 1 } })
  }
})

test('no connection stays confined after its transaction', async () => {
  const { ask } = forgetfulClient(fspActor(rig.fsp))
  await Promise.all(Array.from({ length: 30 }, () => ask(forgetful.readDer, { params: { id: derId } })))
  const settings = await Promise.all(
    Array.from({ length: 30 }, () =>
      rig.server.context.db.execute<{ tenant: string | null }>(
        sql`select current_setting('ringmain.tenant', true) as tenant`,
      ),
    ),
  )
  expect(settings.flatMap((rows) => [...rows]).filter(({ tenant }) => tenant)).toEqual([])
})

/** Tables that name an FSP and have no policy, and why. */
const without = {
  account: 'read by log-in, before anybody has called; an FSP has no operation on accounts',
  audit_entry: 'written by every call, and read by administrators only',
  dispatch_stop: 'a stop of all FSPs has no FSP; only the DNO has operations on it',
}

test('every table with an FSP in it has a policy, or says here why not', async () => {
  const rows = await rig.server.context.db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'fsp_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and not c.relrowsecurity`)
  expect(rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(without).toSorted())
})

/** Tables that name a data provider and have no policy for providers, and why. */
const withoutProviders = {
  data_provider: 'its names and addresses are the DNO’s; a data provider has no operation on them',
}

test('FM40 every table with a data provider in it has a policy for providers, or says here why not', async () => {
  const rows = await rig.server.context.db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'provider_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not (c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'provider'))`)
  expect(rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(withoutProviders).toSorted())
})

/** Tables that name a customer and have no policy for customers, and why. */
const withoutCustomers = {
  account: 'read by log-in, before anybody has called; a customer has no operation on accounts',
  customer: 'its names and addresses are the DNO’s; a customer has no operation on them',
}

test('FM40 every table with a customer in it has a policy for customers, or says here why not', async () => {
  const rows = await rig.server.context.db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'customer_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not (c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'customer'))`)
  expect(rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(withoutCustomers).toSorted())
})
