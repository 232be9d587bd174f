import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, inject, onTestFinished, test, vi } from 'vitest'
import { createDatabase, dropDatabase, openDatabase, urlOfDatabase } from '../platform/db/index.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { backupCommand, restoreCommand } from './backup.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** Runs a command on databases; returns the one object that it prints. */
async function run(command: 'backup' | 'restore', databases: { server: string; fsp: string }, args: string[]) {
  vi.stubEnv('DATABASE_URL', databases.server)
  vi.stubEnv('RINGMAIN_FSP_DATABASE_URL', databases.fsp)
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  const made = command === 'backup' ? backupCommand() : restoreCommand()
  await made.parseAsync([...args, '--of', 'server', 'fsp', '--json'], { from: 'user' })
  expect(written).toHaveLength(1)
  return JSON.parse(written[0] ?? '')
}

async function emptyDatabase(name: string): Promise<string> {
  const admin = inject('adminUrl')
  await createDatabase(admin, name)
  onTestFinished(() => dropDatabase(admin, name))
  return urlOfDatabase(admin, name)
}

test('databases and keys go into a folder and come back; a key that is there is never replaced by another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-backup-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const [data, to, other] = [join(folder, 'data'), join(folder, 'backup'), join(folder, 'other')]
  await mkdir(data)
  await writeFile(join(data, 'server.key'), 'a'.repeat(64))
  await writeFile(join(data, 'postmaster.log'), 'no key')
  const [server, fsp] = [await createTestDatabase('server'), await createTestDatabase('fsp')]
  await server.db.$client`
    insert into setting_version (setting_id, version, values, changed_at, proposed_by, changed_by)
    values ('dispatch.choices', 1, '{"otherFsps": 3}', now(), 'Erin', 'Sam')`
  const from = { server: server.url, fsp: fsp.url }
  const made = await run('backup', from, ['--to', to, '--data', data])
  expect(made).toMatchObject({
    keys: ['server.key'],
    server: { tables: expect.any(Number) },
    fsp: { rows: expect.any(Number) },
  })
  expect((await stat(join(to, 'keys', 'server.key'))).mode & 0o777).toBe(0o600)
  await expect(run('backup', from, ['--to', to, '--data', data])).rejects.toThrow('is not empty')

  const into = {
    server: await emptyDatabase(`again_${process.pid}`),
    fsp: await emptyDatabase(`again_${process.pid}_fsp`),
  }
  await mkdir(other)
  await writeFile(join(other, 'server.key'), 'b'.repeat(64))
  await expect(run('restore', into, ['--from', to, '--data', other])).rejects.toThrow('is another key')
  await rm(join(other, 'server.key'))
  const restored = await run('restore', into, ['--from', to, '--data', other])
  expect(restored).toMatchObject({
    server: made.server,
    fsp: made.fsp,
    keys: ['server.key'],
    audit: { entries: 0, head: null },
  })
  const { db, close } = await openDatabase(into.server, { poolSize: 1 })
  onTestFinished(close)
  const [row] = await db.$client`select setting_id, values from setting_version`
  expect(row).toEqual({ setting_id: 'dispatch.choices', values: { otherFsps: 3 } })
  expect(await readFile(join(other, 'server.key'), 'utf8')).toBe('a'.repeat(64))
})
