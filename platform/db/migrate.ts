import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type postgres from 'postgres'
import { codeOf, messageOf, StartupError } from '../errors/index.ts'
import { openDatabase } from './database.ts'
import { grantRuntime, type RuntimeGrants } from './roles.ts'

/** One set of migrations: a folder that drizzle-kit wrote, and the table that remembers what has run. */
export interface MigrationSet {
  folder: string
  name: string
}

/** The advisory lock under which processes migrate a database one at a time. */
const migrationLock = 7_411_201

/** The schema of the tables that remember what has run. */
const schema = 'migrations'

interface Migration {
  tag: string
  statements: string[]
  hash: string
  /** Epoch ms of its making, by which drizzle-kit orders them. */
  madeMs: number
}

/**
 * Brings a database up to date. All sets run in one transaction: a migration that fails changes nothing, of its own set or another, and the
 * programs that are running go on with the database as they know it (FM38). Throws a `StartupError` that names the migration.
 * @param runtime grants for the role as which servers then work on it.
 */
export async function migrateDatabase(
  url: string,
  sets: readonly MigrationSet[],
  runtime?: RuntimeGrants,
): Promise<void> {
  const { db, close } = await openDatabase(url, { poolSize: 1 })
  try {
    await db.$client`select pg_advisory_lock(${migrationLock})`
    await db.$client.begin(async (tx) => {
      await tx`create schema if not exists ${tx(schema)}`
      for (const set of sets) await runSet(tx, set)
    })
    if (runtime) await grantRuntime(db, runtime)
  } finally {
    await close()
  }
}

/** Runs what is newer than the newest that has run, in the order of the journal. */
async function runSet(tx: postgres.TransactionSql, set: MigrationSet): Promise<void> {
  const table = tx(`${schema}.${set.name}`)
  await tx`create table if not exists ${table} (id serial primary key, hash text not null, created_at bigint)`
  const [last] = await tx`select max(created_at) as made_ms from ${table}`
  const lastMs = Number(last?.['made_ms'] ?? Number.NEGATIVE_INFINITY)
  for (const migration of migrationsOf(set)) {
    if (migration.madeMs <= lastMs) continue
    for (const statement of migration.statements) await runStatement(tx, statement, `${set.name}/${migration.tag}`)
    await tx`insert into ${table} (hash, created_at) values (${migration.hash}, ${migration.madeMs})`
  }
}

async function runStatement(tx: postgres.TransactionSql, statement: string, migration: string): Promise<void> {
  try {
    await tx.unsafe(statement)
  } catch (error) {
    throw new StartupError(
      `The migration ${migration} failed (${codeOf(error) || 'no code'}: ${messageOf(error)}). The database is as it was before, and programs of the release before it can go on: start that release again, mend what the message names, and try once more.`,
      { cause: error },
    )
  }
}

function migrationsOf({ folder }: MigrationSet): Migration[] {
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { tag: string }[]
  }
  return readMigrationFiles({ migrationsFolder: folder }).map(({ sql, hash, folderMillis }, i) => ({
    tag: entries[i]?.tag ?? '',
    statements: sql,
    hash,
    madeMs: folderMillis,
  }))
}
