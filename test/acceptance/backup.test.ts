import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Instant, LocalDate } from '@js-joda/core'
import { expect, inject, onTestFinished, test } from 'vitest'
import {
  createDatabase,
  type Database,
  dropDatabase,
  makePartitions,
  openDatabase,
  restoreBackup,
  takeBackup,
  urlOfDatabase,
} from '../../platform/db/index.ts'
import { operations } from '../../schemas/operations.ts'
import { verifyChain } from '../../server/access/index.ts'
import { serverGrants, serverMigrations } from '../../server/app/migrations.ts'
import { dispatchJobs } from '../../server/dispatch/index.ts'
import { rigDay, startDispatchRig } from '../support/dispatch.ts'
import { startTestServer } from '../support/server.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)
let made = 0

/** A database that holds nothing, and a folder for a backup. */
async function room() {
  const [admin, name] = [inject('adminUrl'), `restored_${process.pid}_${++made}`]
  await createDatabase(admin, name)
  const [folder, url] = [await mkdtemp(join(tmpdir(), 'ringmain-backup-')), urlOfDatabase(admin, name)]
  onTestFinished(async () => {
    await dropDatabase(admin, name)
    await rm(folder, { recursive: true })
  })
  return { url, folder: join(folder, 'server') }
}

const restore = (url: string, folder: string) => restoreBackup(url, folder, serverMigrations, serverGrants)

async function countsOf(db: Database): Promise<Record<string, number>> {
  const tables = await db.$client<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`
  const counts: Record<string, number> = {}
  for (const { name } of tables)
    counts[name] = (await db.$client`select count(*)::int as n from ${db.$client(name)}`)[0]?.['n']
  return counts
}

test('FM42 a drill: what was backed up while the server worked comes back whole, the audit trail holds, and nothing is sent again', async () => {
  const rig = await startDispatchRig(at('16:20'))
  await rig.contractedUnit('Evening FU', 30_000)
  const jobs = rig.startJobs()
  await rig.clock.advanceTo(at('16:35'))
  const { url, folder } = await room()
  const [before, manifest] = [await countsOf(rig.db), await takeBackup(rig.databaseUrl, folder)]
  expect(Object.fromEntries(manifest.tables.map(({ name, rows }) => [name, rows]))).toEqual(before)
  expect(before['instruction']).toBe(1)
  // The system goes on until its disk is lost: what it sent at 16:45 is in no backup.
  await rig.clock.advanceTo(at('16:50'))
  for (const job of jobs) job.cancel()
  const sent = rig.control.received.map(({ instructionId }) => instructionId)
  expect(sent).toHaveLength(2)

  await restore(url, folder)
  const { db, close } = await openDatabase(url, { poolSize: 2 })
  onTestFinished(close)
  expect(await countsOf(db)).toEqual(before)
  expect(await verifyChain(db, null)).toMatchObject({ fault: null, entries: before['audit_entry'] })
  const restored = await startTestServer(url, rig.clock)
  dispatchJobs(restored.context)
  await rig.clock.advanceTo(at('17:05'))
  const starts = rig.control.received.map(({ intervals }) => intervals[0]?.from.slice(11, 16))
  expect(starts).toEqual(['17:00', '17:15', '17:30'])
  expect(new Set(rig.control.received.map(({ instructionId }) => instructionId)).size).toBe(3)
  // New entries are numbered after those of the backup, and linked to them.
  const engineer = await restored.person('rita', 'flexibility-engineer')
  const level = { params: { nodeId: 'sec' }, body: { targetW: 300_000 } }
  expect((await engineer.ask(operations.setTargetLevel, level)).status).toBe(200)
  const trail = await verifyChain(db, null)
  expect([trail.fault, trail.entries > (before['audit_entry'] ?? 0)]).toEqual([null, true])
})

test('a backup has the rows of one moment, of every partition, and is restored with its partitions', async () => {
  const rig = await startDispatchRig(at('16:20'))
  const months = [LocalDate.parse('2025-11-01'), LocalDate.parse('2025-12-01')]
  await makePartitions(rig.db, { table: 'connection_half_hour', grain: 'month' }, months)
  await rig.db.$client`
    insert into connection_half_hour (connection_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at)
    select connection_id, g, 1, 1, 1, 1, 'good', g
    from connection, unnest('{2025-11-14T12:00:00Z, 2025-12-14T12:00:00Z}'::timestamptz[]) g limit 2`
  const { url, folder } = await room()
  await takeBackup(rig.databaseUrl, folder)
  await restore(url, folder)
  const { db, close } = await openDatabase(url, { poolSize: 2 })
  onTestFinished(close)
  const rows = await db.$client`select tableoid::regclass::text as part from connection_half_hour order by at`
  expect(rows.map(({ part }) => part)).toEqual(['connection_half_hour_202511', 'connection_half_hour_202512'])
})

test('a damaged file, a backup that did not end, another release and a database in use are refused, and nothing is restored', async () => {
  const rig = await startDispatchRig(at('16:20'))
  const { url, folder } = await room()
  await takeBackup(rig.databaseUrl, folder)
  await expect(takeBackup(rig.databaseUrl, folder)).rejects.toThrow('is not empty')
  await expect(restore(rig.databaseUrl, folder)).rejects.toThrow('holds the table')
  const older = serverMigrations.map((set) => (set.name === 'grid' ? { ...set, folder: folderOf('access') } : set))
  await expect(restoreBackup(url, folder, older, serverGrants)).rejects.toThrow(
    'of “grid” is not the one of this release',
  )

  const file = join(folder, 'account.copy.gz')
  const whole = await readFile(file)
  await writeFile(file, gzipSync(gunzipSync(whole).toString().replace('erin', 'eren')))
  await expect(restore(url, folder)).rejects.toThrow('damaged or has been altered')
  await rm(file)
  await expect(restore(url, folder)).rejects.toThrow('the backup is not whole')
  await writeFile(file, whole)
  const manifest = join(folder, 'manifest.json')
  const text = await readFile(manifest, 'utf8')
  await rm(manifest)
  await expect(restore(url, folder)).rejects.toThrow('no backup, or one that did not end')
  await writeFile(manifest, text.replace('"format": 1', '"format": 2'))
  await expect(restore(url, folder)).rejects.toThrow('not the list of a backup')

  await writeFile(manifest, text.slice(0, text.length / 2))
  await expect(restore(url, folder)).rejects.toThrow('not the list of a backup')

  const { db, close } = await openDatabase(url, { poolSize: 1 })
  onTestFinished(close)
  expect(await countsOf(db)).toEqual({})
  expect((await readdir(folder)).length).toBeGreaterThan(100)
})

const folderOf = (name: string) => serverMigrations.find((set) => set.name === name)?.folder ?? ''
