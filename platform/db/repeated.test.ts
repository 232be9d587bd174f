import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type OpenDatabase, openDatabase, type Queryable } from './index.ts'

let open: OpenDatabase
beforeAll(async () => {
  open = await openDatabase(inject('adminUrl'), { poolSize: 1 })
  await open.db.execute(sql`create temporary table thing (a int)`)
  await open.db.execute(sql`insert into thing values (1)`)
})
afterAll(() => open.close())

/** What the one connection of the pool has prepared, of the statements with a mark in their text. */
async function prepared(mark: string): Promise<number> {
  const [row] = await open.db.execute<{ many: number }>(
    sql`select count(*)::int as many from pg_prepared_statements where strpos(statement, ${`as "${mark}`}) > 0`,
  )
  return row?.many ?? 0
}

const ask = async (on: Queryable, mark: string, value: number) => {
  const [row] = await on.execute(sql`select a + ${value}::int as ${sql.identifier(mark)} from thing`)
  return row?.[mark]
}

test('a statement is prepared when it comes for the fifth time, and answers as before', async () => {
  for (const value of [1, 2, 3, 4]) expect(await ask(open.db, 'often', value)).toBe(value + 1)
  expect(await prepared('often')).toBe(0)
  for (const value of [5, 6, 7]) expect(await ask(open.db, 'often', value)).toBe(value + 1)
  expect(await prepared('often')).toBe(1)
})

test('it is counted across transactions and savepoints, and prepared within them', async () => {
  for (const value of [1, 2]) await open.db.transaction((tx) => ask(tx, 'within', value))
  for (const value of [3, 4]) await open.db.transaction((tx) => tx.transaction((own) => ask(own, 'within', value)))
  expect(await prepared('within')).toBe(0)
  await open.db.transaction(async (tx) => expect(await tx.transaction((own) => ask(own, 'within', 5))).toBe(6))
  expect(await prepared('within')).toBe(1)
})

test('what it returns may change: the statement is prepared anew', async () => {
  const all = async () => (await open.db.execute(sql`select t.*, ${1}::int as "changing" from thing t`))[0]
  for (let times = 0; times < 6; times++) expect(await all()).toEqual({ a: 1, changing: 1 })
  await open.db.execute(sql`alter table thing add column b int`)
  expect(await all()).toEqual({ a: 1, b: null, changing: 1 })
})

test('statements without parameters, long ones, and those beyond the first 500 are not prepared', async () => {
  const long = sql.raw(`/* ${'x'.repeat(4_000)} */`)
  for (let times = 0; times < 6; times++) {
    await open.db.execute(sql`select 1 as "bare"`)
    await open.db.execute(sql`select ${1}::int as "long" ${long}`)
  }
  expect([await prepared('bare'), await prepared('long')]).toEqual([0, 0])
  for (let kind = 0; kind < 600; kind++) for (let times = 0; times < 5; times++) await ask(open.db, `kind ${kind}`, 1)
  const many = await prepared('')
  expect(many).toBeGreaterThan(450)
  expect(many).toBeLessThanOrEqual(500)
})
