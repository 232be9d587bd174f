import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { timetableSettings } from '../../../schemas/market/timetables.ts'
import { createTestDatabase } from '../../../test/support/database.ts'

const migration = new URL('../migrations/0019_timetables_of_products.sql', import.meta.url)

/** The statements of the migration that take over what was there; those before them make the table. */
async function takingOver(): Promise<string[]> {
  const statements = (await readFile(migration, 'utf8')).split('--> statement-breakpoint')
  return statements.slice(statements.findIndex((one) => one.includes('to_regclass')))
}

test('every change of a timetable or a gate from before becomes a version, with the others as they were then', async () => {
  const { $client } = (await createTestDatabase('server')).db
  await $client.unsafe(`
    create table dispatch_timetable (product text, version integer, settings jsonb, changed_at timestamptz, changed_by text);
    create table submission_gate (product text, kind text, version integer, settings jsonb, changed_at timestamptz, changed_by text);
    insert into submission_gate values
      ('B', 'baseline', 1, '{"daysBefore": 1, "at": "17:00"}', '2026-01-01T09:00:00Z', 'ada'),
      ('C', 'deviation', 1, '{"daysBefore": 0, "at": "11:00"}', '2026-01-03T09:00:00Z', 'abe');
    insert into dispatch_timetable values ('B', 1, '{"rhythm": {"kind": "daily", "at": "19:00",
      "window": {"daysAhead": 1, "from": "00:00", "to": "24:00"}}, "graceSeconds": 600, "leaseSeconds": 60, "unselected": "optimised",
      "isOptimised": true, "optimiserSeconds": 30}', '2026-01-02T09:00:00Z', 'ada')`)
  for (const statement of await takingOver()) await $client.unsafe(statement)
  const rows = await $client`
    select product, reach, version, settings, in_force_from::text as "from", changed_by as "by"
    from product_timetable order by product, version`
  // B: its gate is changed first, under the default timetable of day-ahead products; then its timetable, with that gate.
  expect(rows).toMatchObject([
    {
      product: 'B',
      reach: 'product',
      version: 1,
      by: 'ada',
      settings: { rhythm: { at: '20:00' }, gates: { baseline: { at: '17:00' }, deviation: { at: '18:00' } } },
    },
    {
      product: 'B',
      version: 2,
      settings: { rhythm: { at: '19:00' }, graceSeconds: 600, gates: { baseline: { at: '17:00' } } },
    },
    { product: 'C', version: 1, by: 'abe', settings: { gates: { deviation: { daysBefore: 0, at: '11:00' } } } },
  ])
  for (const { settings } of rows) expect(timetableSettings.safeParse(settings).success).toBe(true)
})
