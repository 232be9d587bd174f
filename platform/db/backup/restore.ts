import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { codeOf, StartupError } from '../../errors/index.ts'
import { copyStream } from '../copy.ts'
import { openDatabase, type Queryable } from '../database.ts'
import { type MigrationSet, migrateDatabase } from '../migrate.ts'
import type { RuntimeGrants } from '../roles.ts'
import { type BackupManifest, backupManifest, fileOf, manifestName, releaseFault } from './manifest.ts'
import { quoted } from './take.ts'

/**
 * Restores a backup into a database that holds nothing yet. First every file is held against the manifest; then the tables are made by
 * the migrations, and all rows come in one transaction. Throws a `StartupError` that says what is wrong, before anything has changed where that
 * can be known before.
 * @param sets migrations of the program, which must be the backup's.
 */
export async function restoreBackup(
  url: string,
  folder: string,
  sets: readonly MigrationSet[],
  runtime?: RuntimeGrants,
): Promise<BackupManifest> {
  const manifest = await readManifest(folder)
  const ours = sets.map(({ name, folder: at }) => [name, readMigrationFiles({ migrationsFolder: at })] as const)
  const hashes = Object.fromEntries(ours.map(([name, files]) => [name, files.map(({ hash }) => hash)]))
  const fault = releaseFault(manifest.migrations, hashes)
  if (fault) throw new StartupError(`The backup in ${folder} cannot be restored: ${fault}.`)
  for (const { name, sha256 } of manifest.tables) await checkFile(join(folder, fileOf(name)), sha256)
  await requireEmpty(url)
  await migrateDatabase(url, sets, runtime)
  const { db, close } = await openDatabase(url, { poolSize: 1 })
  try {
    await db.transaction(async (tx) => {
      await withoutTriggers(tx)
      for (const { name, parent, bound } of manifest.partitions)
        await tx.execute(sql.raw(`create table if not exists ${quoted(name)} partition of ${quoted(parent)} ${bound}`))
      // Migrations enter rows of their own, such as products: those of the backup replace them.
      await tx.execute(sql.raw(`truncate ${manifest.tables.map(({ name }) => quoted(name)).join(', ')}`))
      for (const table of manifest.tables) await copyBack(tx, table, folder)
      for (const { name, last, isUsed } of manifest.sequences)
        await tx.execute(sql`select setval(${quoted(name)}::regclass, ${last}::bigint, ${isUsed})`)
    })
    await db.execute(sql.raw('analyze'))
    return manifest
  } finally {
    await close()
  }
}

async function readManifest(folder: string): Promise<BackupManifest> {
  const path = join(folder, manifestName)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StartupError(
      `${path} cannot be read (${codeOf(error)}): the folder is no backup, or one that did not end.`,
    )
  })
  const read = backupManifest.safeParse(jsonIn(text))
  if (!read.success)
    throw new StartupError(`${path} is not the list of a backup: it has been altered, or is of another release.`)
  return read.data
}

/** What a text says as JSON; nothing where it is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function checkFile(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch (error) {
    throw new StartupError(
      `${path} cannot be read (${codeOf(error)}): the backup is not whole. Nothing has been restored.`,
    )
  }
  if (hash.digest('hex') !== sha256)
    throw new StartupError(
      `${path} is not the file that was backed up: it is damaged or has been altered. Nothing has been restored.`,
    )
}

async function requireEmpty(url: string): Promise<void> {
  const { db, close } = await openDatabase(url, { poolSize: 1 })
  try {
    const [found] = await db.execute<{ name: string }>(sql`
      select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace limit 1`)
    if (found)
      throw new StartupError(
        `The database to restore to holds the table ${found.name} already: make a new one, or drop it first. Nothing has been restored.`,
      )
  } finally {
    await close()
  }
}

/** Rows come as they were: no trigger makes others of them, and their order does not matter to references between them. */
async function withoutTriggers(tx: Queryable): Promise<void> {
  try {
    await tx.execute(sql.raw('set local session_replication_role = replica'))
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause ?? error
    if (codeOf(cause) !== '42501') throw error
    throw new StartupError(
      'The user of the database may not restore: a superuser grants it by "grant set on parameter session_replication_role to USER". Drop the tables that have been made, and begin again.',
    )
  }
}

async function copyBack(tx: Queryable, { name, columns, rows }: BackupManifest['tables'][number], folder: string) {
  const target = `${quoted(name)} (${columns.map(quoted).join(', ')})`
  await copyStream(tx, target, createReadStream(join(folder, fileOf(name))).pipe(createGunzip()))
  const [found] = await tx.execute<{ n: number }>(sql.raw(`select count(*)::int as n from ${quoted(name)}`))
  if (found?.n !== rows) throw new Error(`${name} has ${found?.n} rows instead of ${rows}: nothing has been restored`)
}
