import { expect, inject, test } from 'vitest'
import { openDatabase } from '../platform/db/index.ts'
import { checkPlacement, distributeTables } from '../server/app/scale-out/distribute.ts'
import { createTestDatabase } from '../test/support/database.ts'

test('every table of the migrated database has a place that fits it', async () => {
  const { db } = await createTestDatabase('server')
  const { tables, faults } = await checkPlacement(db)
  expect(faults).toEqual([])
  expect(tables).toContainEqual({
    table: 'measurement',
    place: 'distributed',
    by: 'hub_id',
    because: 'grows with every poll of a hub, or is written anew with each',
  })
})

test.each([
  ['create table extra (id int primary key)', 'extra has no place'],
  [
    'create unique index again on measurement_batch (sequence)',
    'measurement_batch is distributed by hub_id, which again does not contain',
  ],
  [
    'alter table live_reading add constraint apart exclude using gist (at with =)',
    'live_reading is distributed by fu_id, which apart does not contain',
  ],
  [
    'alter table meter_day add constraint of_unit foreign key (fu_id) references flexible_unit (fu_id)',
    'meter_day is distributed, and of_unit refers to flexible_unit, which is local',
  ],
])('after “%s” one does not fit any more', async (change, fault) => {
  const { db } = await createTestDatabase('server')
  await db.$client.unsafe(change)
  expect((await checkPlacement(db)).faults).toEqual([fault])
})

test('a database without the extension is refused in one sentence', async () => {
  const { db, close } = await openDatabase(inject('adminUrl'), { poolSize: 1 })
  await expect(distributeTables(db).finally(close)).rejects.toThrow(/has no extension citus/)
})
