import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { expect, inject, test } from 'vitest'
import { serverMigrations } from '../../server/app/migrations.ts'
import { byHand } from './by-hand.ts'
import { definitionsIn, schemaFaults } from './schema.ts'

/** Migrations of one SQL file. */
async function migrationsOf(sql: string) {
  const folder = await mkdtemp(join(inject('runFolder'), 'migrations-'))
  await mkdir(join(folder, 'meta'))
  const entries = [{ idx: 0, version: '7', when: 1, tag: '0000_start', breakpoints: true }]
  await writeFile(
    join(folder, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  )
  await writeFile(join(folder, '0000_start.sql'), sql)
  return [{ name: 'made', folder }]
}

const parent = pgTable('parent', { parentId: uuid('parent_id').primaryKey(), name: text().notNull() })
const child = pgTable(
  'child',
  {
    parentId: uuid('parent_id')
      .notNull()
      .references(() => parent.parentId),
    number: integer().notNull().default(1),
    note: text(),
  },
  (t) => [primaryKey({ columns: [t.parentId, t.number] }), unique('child_note').on(t.note)],
)

const asDefined = `
create table parent (parent_id uuid constraint parent_pkey primary key, name text not null);
create table child (
  parent_id uuid not null constraint child_parent_id_parent_parent_id_fk references parent (parent_id),
  number int4 not null default '1', note varchar,
  constraint child_parent_id_number_pk primary key (parent_id, number), constraint child_note unique (note)
);
alter table child alter note type text`

test('takes two ways of writing the same for the same', async () => {
  expect(await schemaFaults(inject('adminUrl'), { parent, child }, await migrationsOf(asDefined), [])).toEqual([])
})

test.each([
  ['another type', 'alter table child alter number type bigint', 'child: column number is defined as integer not null'],
  [
    'a missing default',
    'alter table child alter number drop default',
    'child: column number is defined as integer not null default 1',
  ],
  [
    'a column that may be null',
    'alter table parent alter name drop not null',
    'parent: column name is defined as text not null',
  ],
  ['a missing column', 'alter table child drop note', 'child: column note is defined'],
  ['a column too many', 'alter table child add more text', 'child: column more is made by the migrations'],
  ['a missing table', 'drop table child', 'child: table is defined'],
  ['a table too many', 'create table other ()', 'other: table is made by the migrations'],
  [
    'another primary key',
    'alter table child drop constraint child_parent_id_number_pk, add constraint child_parent_id_number_pk primary key (parent_id)',
    'child: primary key child_parent_id_number_pk is defined as PRIMARY KEY (parent_id, number)',
  ],
  [
    'a missing unique constraint',
    'alter table child drop constraint child_note',
    'child: unique constraint child_note is defined',
  ],
  [
    'a missing foreign key',
    'alter table child drop constraint child_parent_id_parent_parent_id_fk',
    'child: foreign key child_parent_id_parent_parent_id_fk is defined',
  ],
  [
    'an index too many',
    'create index child_number on child (number)',
    'child: index child_number is made by the migrations',
  ],
])('finds %s', async (_, change, expected) => {
  const migrations = await migrationsOf(`${asDefined}; ${change}`)
  const faults = await schemaFaults(inject('adminUrl'), { parent, child }, migrations, [])
  expect(faults.join('\n')).toContain(expected)
})

test('passes over what is made by hand, until it is made no longer', async () => {
  const migrations = await migrationsOf(
    `${asDefined}; create table other (); create index child_number on child (number)`,
  )
  const faults = (parts: string[]) => schemaFaults(inject('adminUrl'), { parent, child }, migrations, parts)
  expect(await faults(['other: table', 'child: index child_number'])).toEqual([])
  expect(await faults(['other: table', 'child: index child_number', 'child: index gone'])).toEqual([
    'child: index gone is no longer made by hand alone',
  ])
})

test('the server’s migrations make the tables that it is written for', async () => {
  const definitions = await definitionsIn('server')
  expect(await schemaFaults(inject('adminUrl'), definitions, serverMigrations, Object.keys(byHand))).toEqual([])
})
