import { chown, cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { type Cluster, postgresUser, startCluster } from '../../platform/db/index.ts'
import { atEnd } from './cleanup.ts'

/** A PostgreSQL of the calling test file alone; stopped when the file is done. */
export async function startPrimary(): Promise<{ cluster: Cluster; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'primary-'))
  const cluster = await startCluster({ folder, durable: false })
  atEnd(() => cluster.stop())
  return { cluster, folder }
}

export interface Standby {
  url(database: string): string
  /** Replays nothing more until `resume`. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Waits until it has replayed what the primary has written so far. */
  caughtUp(): Promise<void>
}

/** A standby of a primary by streaming replication: a base backup of its folder, which then follows it. Loopback only. */
export async function startStandby(primary: { cluster: Cluster; folder: string }): Promise<Standby> {
  const folder = await mkdtemp(join(tmpdir(), 'standby-'))
  await backUp(primary, folder)
  const cluster = await startCluster({ folder, durable: false })
  atEnd(() => cluster.stop())
  const control = postgres(cluster.url(), { max: 1 })
  atEnd(() => control.end({ timeout: 1 }))
  return {
    url: (database) => cluster.url(database),
    pause: async () => void (await control`select pg_wal_replay_pause()`),
    resume: async () => void (await control`select pg_wal_replay_resume()`),
    async caughtUp() {
      const source = postgres(primary.cluster.url(), { max: 1 })
      const [written] = await source`select pg_current_wal_insert_lsn()::text as at`
      await source.end()
      const isBehind = async () =>
        (await control`select pg_last_wal_replay_lsn() < ${written?.['at']}::pg_lsn as behind`)[0]?.['behind'] === true
      while (await isBehind()) await new Promise((resolve) => setTimeout(resolve, 20))
    },
  }
}

/** PostgreSQL's low-level base backup: the package has no pg_basebackup. */
async function backUp({ cluster, folder }: { cluster: Cluster; folder: string }, into: string): Promise<void> {
  const sql = postgres(cluster.url(), { max: 1, onnotice: () => undefined })
  const [from, to] = [join(folder, 'data'), join(into, 'data')]
  await sql`select pg_backup_start('standby', true)`
  await mkdir(to, { mode: 0o700 })
  for (const name of await readdir(from))
    if (!['postmaster.pid', 'postmaster.opts', 'pg_replslot'].includes(name))
      await cp(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true })
  await mkdir(join(to, 'pg_replslot'), { mode: 0o700 })
  const [label] = await sql<{ labelfile: string }[]>`select labelfile from pg_backup_stop(false)`
  await sql.end()
  const { hostname, port, username, password } = new URL(cluster.url())
  const source = `host=${hostname} port=${port} user=${username} password=${password}`
  await writeFile(join(to, 'backup_label'), label?.labelfile ?? '')
  await writeFile(join(to, 'standby.signal'), '')
  await writeFile(join(to, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`)
  await cp(join(folder, 'password'), join(into, 'password'))
  const runAs = postgresUser()
  if (!runAs) return
  await chown(into, runAs.uid, runAs.gid)
  for (const entry of await readdir(into, { recursive: true })) await chown(join(into, entry), runAs.uid, runAs.gid)
}
