import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../test/support/database.ts'
import { copyField, copyInto } from './index.ts'

const { db } = await createTestDatabase('server')
await db.execute(sql`create table copied (name text not null, size float8)`)
const rows = async () => [...(await db.execute(sql`select name, size from copied order by 1`))]

test('text and null arrive unchanged', async () => {
  const given = [
    ['a\tb\\c\nd\re', null],
    ['\\N', 0],
    ['', 1.5],
  ] as const
  const lines = given.map((row) => row.map(copyField).join('\t'))
  await db.transaction((tx) => copyInto(tx, 'copied (name, size)', lines))
  expect(await rows()).toEqual(
    given.map(([name, size]) => ({ name, size })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  )
})

test('rejects what the database refuses, in the middle or after the last row, and keeps the connection usable', async () => {
  const before = await rows()
  for (const lines of [['\\N\t1'], ['x\tnot a number', ...Array<string>(200_000).fill('x\t1')]])
    await expect(db.transaction((tx) => copyInto(tx, 'copied (name, size)', lines))).rejects.toThrow()
  expect(await rows()).toEqual(before)
})
