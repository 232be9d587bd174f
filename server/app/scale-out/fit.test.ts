import { expect, test } from 'vitest'
import { misfits, type SchemaFacts } from './fit.ts'
import type { Placement } from './placement.ts'

const placement: readonly Placement[] = [
  { place: { kind: 'distributed', by: 'hub_id' }, because: 'it grows', tables: ['measurement', 'batch'] },
  { place: { kind: 'reference' }, because: 'it is joined', tables: ['model'] },
  { place: { kind: 'local' }, because: 'it is small', tables: ['hub'] },
]
const tables = ['measurement', 'batch', 'model', 'hub'].map((name) => ({ name, columns: ['hub_id', 'at', 'model'] }))
const facts: SchemaFacts = { tables, keys: [], foreignKeys: [], policies: [], triggers: [] }
const key = (table: string, ...columns: string[]) => ({ table, name: `${table}_key`, columns })
const reference = (table: string, columns: string[], target: string, targetColumns = columns) => ({
  table,
  name: `${table}_fk`,
  columns,
  target,
  targetColumns,
})

test.each([
  [
    'keys with the column of distribution',
    { keys: [key('measurement', 'hub_id', 'at'), key('batch', 'at', 'hub_id')] },
  ],
  ['keys of tables that are whole somewhere', { keys: [key('hub', 'at'), key('model', 'model')] }],
  ['a foreign key within a shard', { foreignKeys: [reference('measurement', ['at', 'hub_id'], 'batch')] }],
  ['a foreign key to a reference table', { foreignKeys: [reference('batch', ['model'], 'model')] }],
  [
    'what the coordinator keeps to itself',
    { triggers: [{ table: 'hub', name: 't' }], policies: [{ table: 'hub', name: 'p' }] },
  ],
])('accepts %s', (_, some) => {
  expect(misfits({ ...facts, ...some }, placement, {})).toEqual([])
})

test.each([
  ['a table without a place', { tables: [...tables, { name: 'other', columns: [] }] }, 'other has no place'],
  ['a place without a table', { tables: tables.slice(0, 3) }, 'hub has a place, but does not exist'],
  [
    'a column that is missing',
    { tables: tables.map((table) => ({ ...table, columns: ['at'] })) },
    'measurement is distributed by hub_id, which it does not have',
  ],
  [
    'a key without it',
    { keys: [key('batch', 'at')] },
    'batch is distributed by hub_id, which batch_key does not contain',
  ],
  [
    'a foreign key to the coordinator',
    { foreignKeys: [reference('batch', ['hub_id'], 'hub')] },
    'batch is distributed, and batch_fk refers to hub, which is local',
  ],
  [
    'a foreign key to other shards',
    { foreignKeys: [reference('batch', ['hub_id'], 'measurement', ['at'])] },
    'batch is distributed, and batch_fk refers to measurement, which is distributed',
  ],
  [
    'a foreign key from the coordinator to shards',
    { foreignKeys: [reference('hub', ['hub_id'], 'batch')] },
    'hub is local, and hub_fk refers to batch, which is distributed',
  ],
  ['a trigger', { triggers: [{ table: 'batch', name: 't' }] }, 'batch is not local, and has the trigger t'],
  [
    'a row policy with a sub-select',
    { policies: [{ table: 'batch', name: 'p' }] },
    'batch is not local, and has a row policy with a sub-select',
  ],
])('refuses %s', (_, some, fault) => {
  expect(misfits({ ...facts, ...some }, placement, {})).toContain(fault)
})

test('takes a row policy off only where that is stated, and is told when it is stated in vain', () => {
  const policies = [{ table: 'batch', name: 'p' }]
  expect(misfits({ ...facts, policies }, placement, { batch: 'checked before' })).toEqual([])
  expect(misfits(facts, placement, { batch: 'checked before' })).toEqual([
    'batch is said to lose a row policy on a cluster, but has none',
  ])
})

test('refuses a table that has two places', () => {
  expect(misfits(facts, [...placement, { place: { kind: 'local' }, because: '', tables: ['hub'] }], {})).toEqual([
    'hub has two places',
  ])
})
