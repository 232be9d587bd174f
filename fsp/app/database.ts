import {
  claimEnvironment,
  type Environment,
  environmentOf,
  migrateDatabase,
  type OpenDatabase,
  openDatabase,
  requireEnvironment,
} from '../../platform/db/index.ts'
import { fspMigrations } from './migrations.ts'

/** An FSP's database, up to date. One that was set up for the other environment is refused before anything is written (SEC02). */
export async function openFspDatabase({
  databaseUrl,
  environment,
}: {
  databaseUrl: string
  environment: Environment
}): Promise<OpenDatabase> {
  const before = await openDatabase(databaseUrl, { poolSize: 1 })
  try {
    requireEnvironment(await environmentOf(before.db), environment)
  } finally {
    await before.close()
  }
  await migrateDatabase(databaseUrl, fspMigrations)
  const opened = await openDatabase(databaseUrl, { poolSize: 6 })
  try {
    await claimEnvironment(opened.db, environment)
    return opened
  } catch (error) {
    await opened.close()
    throw error
  }
}
