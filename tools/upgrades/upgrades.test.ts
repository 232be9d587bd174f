import { expect, test } from 'vitest'
import { fspMigrations } from '../../fsp/app/migrations.ts'
import { serverMigrations } from '../../server/app/migrations.ts'
import { addedBy, breakingIn } from './breaking.ts'
import { upgradeFaults } from './upgrades.ts'

const faultsOf = async (...statements: string[]) => {
  const added = await addedBy(statements)
  return (await Promise.all(statements.map((statement) => breakingIn(statement, added)))).flat()
}

test.each([
  ['alter table hub drop column model', 'drops the column hub.model'],
  ['alter table hub rename column model to kind', 'renames hub.model to kind'],
  ['alter table hub rename to monitor', 'renames hub to monitor'],
  ['drop table hub', 'drops a table: hub'],
  ['alter table hub add column model text not null', 'adds hub.model, not null and without a default'],
  ['alter table hub alter column port type bigint', 'changes the type of hub.port'],
  ['alter table hub alter column port set not null', 'makes hub.port not null, which the release before may leave out'],
  ['alter table hub alter column port drop default', 'takes the default of hub.port'],
  [
    'alter table hub add constraint port_range check (port > 0)',
    'adds the constraint port_range to hub, which the release before may not keep',
  ],
  ['create unique index hub_port on hub (port)', 'makes values of hub unique, which the release before may repeat'],
  ['alter table hub drop constraint hub_pkey', 'drops the key hub_pkey of hub, which an ON CONFLICT may name'],
  ['alter table hub enable row level security', 'turns on row security of hub'],
  ['revoke insert on hub from ringmain_runtime', 'revokes rights on hub'],
  ['do $$ begin alter table hub drop column model; end $$', 'changes the schema in a DO block, which is not read'],
])('a running program of the release before does not survive: %s', async (statement, fault) => {
  expect(await faultsOf(statement)).toEqual([fault])
})

test.each([
  [
    'a table of its own',
    [
      'create table monitor (id text primary key)',
      "alter table monitor add constraint c check (id > '')",
      'create unique index m on monitor (id)',
    ],
  ],
  ['a column that may be left out', ['alter table hub add column model text']],
  ['a column with a default', ['alter table hub add column isOld boolean not null default false']],
  [
    'a constraint on a column of its own',
    ['alter table hub add column model text', "alter table hub add constraint model_known check (model <> '')"],
  ],
  ['an index', ['create index hub_port on hub (port)']],
  ['rows filled in', ['update hub set port = 1 where port is null']],
])('a running program of the release before is not disturbed by %s', async (_, statements) => {
  expect(await faultsOf(...statements)).toEqual([])
})

test('a comment with a reason lets a statement pass, and one without does not', async () => {
  const drop = 'alter table hub drop column model'
  expect(await faultsOf(`-- safe beside the release before: 0.2 no longer reads or writes it\n${drop}`)).toEqual([])
  expect(await faultsOf(`-- safe beside the release before:\n${drop}`)).toHaveLength(1)
})

test('no migration newer than the release breaks a running program of it', async () => {
  expect(await upgradeFaults([...serverMigrations, ...fspMigrations])).toEqual([])
})

test('what was dropped before the first release is found in our own files, with where and what to do', async () => {
  const access = serverMigrations.filter(({ name }) => name === 'access')
  const faults = await upgradeFaults(access, { access: '0007_move_client_credentials' })
  expect(faults[0]).toMatch(
    /^access\/0008_drop_single_client_credential\.sql: drops the column .*-- safe beside the release before: WHY/,
  )
  await expect(upgradeFaults(access, { access: 'none' })).rejects.toThrow('there is no migration none of access')
})
