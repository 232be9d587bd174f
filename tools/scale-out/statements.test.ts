import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serverMigrations } from '../../server/app/migrations.ts'
import { placesOf } from '../../server/app/scale-out/fit.ts'
import { placement } from '../../server/app/scale-out/placement.ts'
import { type Rules, refusals } from './statements.ts'

const places = placesOf([
  { place: { kind: 'distributed', by: 'hub' }, because: '', tables: ['reading', 'batch', 'newest'] },
  { place: { kind: 'distributed', by: 'unit' }, because: '', tables: ['day'] },
  { place: { kind: 'reference' }, because: '', tables: ['model'] },
])
const rules: Rules = {
  placeOf: (table) => places.get(table) ?? { kind: 'local' },
  views: new Map([['seen', 'select hub.hub, hub.name from hub']]),
  isVolatile: (name) => ['nextval', 'now'].includes(name),
}

test.each([
  ['one table', 'select * from reading where hub = $1'],
  ['tables of the coordinator', 'select * from hub join site using (site) for update'],
  ['distributed tables by their keys', 'select * from reading r join batch b on b.hub = r.hub and b.at = r.at'],
  ['the same, by a name that both have', 'select * from reading join batch using (hub)'],
  ['the same, fixed alike', 'select * from reading r, batch b where r.hub = $1 and b.hub = $1'],
  ['a reference table', 'select * from reading r join model m on m.model = r.model'],
  [
    'a CTE between',
    'with h as materialized (select hub from hub) select * from reading where hub in (select hub from h)',
  ],
  ['a view in a CTE', 'with h as materialized (select hub from seen) select * from reading r join h on h.hub = r.hub'],
  ['an insert of what the coordinator has', 'insert into reading select hub, $1 from hub'],
  ['a new value from a sequence', "insert into reading (hub, n) values ($1, nextval('s'))"],
  [
    'what is excluded on a conflict',
    'insert into batch (hub, n) values ($1, 1) on conflict (hub) do update set n = excluded.n',
  ],
  ['a lock on one shard', 'select * from reading where hub = $1::uuid for update'],
  ['a function that counts nothing', 'update reading set n = abs(n) where hub = $1'],
  ['a column at a time', 'alter table reading add column n int'],
  ['several columns of the coordinator', 'alter table hub add column n int, add column m int'],
])('accepts %s', async (_, statement) => {
  expect(await refusals(statement, rules)).toEqual([])
})

test.each([
  [
    'a join with the coordinator',
    'select * from reading r join hub h on h.hub = r.hub',
    'joins reading, which is distributed, with hub of the coordinator',
  ],
  [
    'the same in a sub-select',
    'select * from hub h where exists (select from reading r where r.hub = h.hub)',
    'joins reading, which is distributed, with hub of the coordinator',
  ],
  [
    'the same by a view',
    'select * from reading r join seen using (hub)',
    'joins reading, which is distributed, with hub of the coordinator',
  ],
  [
    'the same in a CTE that is not materialised',
    'with h as (select hub from hub) select * from reading join h using (hub)',
    'joins reading, which is distributed, with hub of the coordinator',
  ],
  [
    'the same for an insert',
    'insert into hub select r.* from reading r join hub h on h.hub = r.hub',
    'joins reading, which is distributed, with hub of the coordinator',
  ],
  [
    'another column',
    'select * from reading r join batch b on b.at = r.at',
    'joins reading (hub) with batch (hub) otherwise than by their keys',
  ],
  [
    'another key',
    'select * from reading r join day d on d.unit = r.unit',
    'joins reading (hub) with day (unit) otherwise than by their keys',
  ],
  [
    'locks on all shards',
    'select * from reading where at < $1 order by hub for update skip locked',
    'locks rows of reading without naming one hub',
  ],
  [
    'locks on several',
    'select * from reading where hub = any($1) for update',
    'locks rows of reading without naming one hub',
  ],
  [
    'a sequence on a conflict',
    "insert into batch (hub) values ($1) on conflict (hub) do update set n = nextval('s')",
    'updates batch by nextval()',
  ],
  ['the time in an update', 'update reading set n = coalesce(n, now()) where hub = $1', 'updates reading by now()'],
  [
    'a correlated update',
    'update reading r set n = (select max(b.n) from batch b where b.hub = r.hub)',
    'updates reading by a sub-select',
  ],
  [
    'a sub-select among values',
    'insert into reading values ($1, (select max(n) from batch))',
    'fills reading by a sub-select',
  ],
  [
    'a change of the coordinator by what is elsewhere',
    'with b as materialized (select hub from batch) update hub set n = 1 from b where b.hub = hub.hub',
    'changes hub of the coordinator by batch',
  ],
  ['two alterations', 'alter table reading add column n int, add column m int', 'alters reading in 2 ways at once'],
  [
    'a column filled by a sequence',
    "alter table reading add column n bigint default nextval('s') not null",
    'adds to reading what nextval() gives',
  ],
])('refuses %s', async (_, statement, why) => {
  expect(await refusals(statement, rules)).toContain(why)
})

/** From before there were clusters: a cluster is made of a database that has run them. */
const before: readonly string[] = ['grid/0005_fill_held_values.sql']

test('no migration says what a cluster would refuse', async () => {
  const placed = placesOf(placement)
  const faults: string[] = []
  for (const { name, folder } of serverMigrations)
    for (const file of readdirSync(folder).filter(
      (each) => each.endsWith('.sql') && !before.includes(`${name}/${each}`),
    ))
      for (const statement of readFileSync(join(folder, file), 'utf8').split('--> statement-breakpoint')) {
        const found = await refusals(statement, {
          ...rules,
          placeOf: (table) => placed.get(table) ?? { kind: 'local' },
        })
        faults.push(...found.map((fault) => `${name}/${file} ${fault}`))
      }
  expect(faults).toEqual([])
})
