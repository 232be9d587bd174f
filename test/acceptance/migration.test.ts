import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { type Database, type MigrationSet, migrateDatabase } from '../../platform/db/index.ts'
import { operations } from '../../schemas/operations.ts'
import { serverGrants, serverMigrations } from '../../server/app/migrations.ts'
import { atEnd } from '../support/cleanup.ts'
import type { Client } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

const lockKey = 380_038

/** A later release: this one's migrations with one more in some wings. */
async function laterRelease(added: Record<string, string>): Promise<MigrationSet[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-later-'))
  atEnd(() => rm(folder, { recursive: true }))
  return Promise.all(
    serverMigrations.map(async ({ name, folder: ours }) => {
      const theirs = join(folder, name)
      await cp(ours, theirs, { recursive: true })
      const statements = added[name]
      if (!statements) return { name, folder: theirs }
      const journalFile = join(theirs, 'meta/_journal.json')
      const journal = JSON.parse(await readFile(journalFile, 'utf8'))
      const when = Math.max(...journal.entries.map((entry: { when: number }) => entry.when)) + 1
      journal.entries.push({ idx: journal.entries.length, version: '7', when, tag: 'later', breakpoints: true })
      await writeFile(journalFile, JSON.stringify(journal))
      await appendFile(join(theirs, 'later.sql'), statements)
      return { name, folder: theirs }
    }),
  )
}

/** Tables with their columns, and what is remembered of migrations: all that a migration changes. */
async function shapeOf({ $client: sql }: Database) {
  const columns = await sql`
    select table_schema, table_name, column_name, data_type from information_schema.columns
    where table_schema in ('public', 'migrations') order by 1, 2, 3`
  const ran = await Promise.all(
    serverMigrations.map(({ name }) => sql`select hash, created_at from ${sql(`migrations.${name}`)} order by id`),
  )
  return { columns: [...columns], ran: ran.map((rows) => [...rows]) }
}

/** An edit, and a look at it, as the people of the DNO do all day. */
async function work(engineer: Client, name: string): Promise<string> {
  const params = { providerId: 'city-rides' }
  const { body } = await engineer.ask(operations.listDataProviders, {})
  const version = body.find((one: { providerId: string }) => one.providerId === params.providerId)?.etag
  const saved = await engineer.ask(operations.saveDataProvider, { params, body: { name }, version: version ?? null })
  expect(saved.status).toBe(200)
  const { body: after } = await engineer.ask(operations.listDataProviders, {})
  return after[0].name
}

test('FM38 a migration that fails is rolled back whole, in every wing, and the old program serves before, during and after it', async () => {
  const { url, db } = await createTestDatabase('server')
  const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
  const administrator = await server.person('ada', 'administrator')
  const ready = async () => (await fetch(new URL('/readyz', server.portUrl))).status
  const before = await shapeOf(db)
  const planned = 'create table later_plan (plan_id text primary key);\nalter table licence_area add column later text;'
  const failing = `create table later_line (line_id text primary key);
--> statement-breakpoint
do $$ begin perform pg_advisory_xact_lock(${lockKey}); end $$;
--> statement-breakpoint
insert into later_line select (1 / 0)::text;`
  expect(await work(administrator, 'Before')).toBe('Before')

  const holder = await db.$client.reserve()
  await holder`select pg_advisory_lock(${lockKey})`
  const migrated = migrateDatabase(url, await laterRelease({ access: planned, settlement: failing }), serverGrants)
  const failed = expect(migrated).rejects.toThrow(
    /^The migration settlement\/later failed \(22012: division by zero\)\. The database is as it was before, /,
  )
  // In the middle of the last wing's migration, with those of the others done.
  const waiting = () => db.$client`select from pg_locks where objid = ${lockKey} and not granted`
  await expect.poll(async () => (await waiting()).length, { timeout: 60_000 }).toBe(1)
  expect(await work(administrator, 'During')).toBe('During')
  expect(await ready()).toBe(200)
  await holder`select pg_advisory_unlock(${lockKey})`
  holder.release()
  await failed

  expect(await shapeOf(db)).toEqual(before)
  expect(await work(administrator, 'After')).toBe('After')
  expect(await ready()).toBe(200)

  // Mended, the same release migrates, and this program still works beside it.
  await migrateDatabase(
    url,
    await laterRelease({ access: planned, settlement: 'create table later_line ();' }),
    serverGrants,
  )
  expect((await shapeOf(db)).ran.map((rows) => rows.length)).toEqual(
    before.ran.map((rows, i) => rows.length + ([0, 5].includes(i) ? 1 : 0)),
  )
  expect(await work(administrator, 'Beside a later release')).toBe('Beside a later release')
})
