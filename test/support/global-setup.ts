import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { fspMigrations } from '../../fsp/app/migrations.ts'
import { createDatabase, dropDatabase, migrateDatabase, startCluster, urlOfDatabase } from '../../platform/db/index.ts'
import { serverMigrations } from '../../server/app/migrations.ts'
import { makeRunFolder } from './run-folder.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of a database whose user may create others. */
    adminUrl: string
    /** Template database per owner; names are new for each run, so that runs beside one PostgreSQL do not meet. */
    templates: Record<'server' | 'fsp', string>
    /** Folder of the run, for what its workers make once and share. */
    runFolder: string
  }
}

/**
 * One folder for the run, which holds whatever its tests leave, and one PostgreSQL (`DATABASE_URL`, or an embedded one in that folder) with
 * a migrated template per owner.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await makeRunFolder()
  project.provide('runFolder', folder.path)
  // What one worker, or one process that a test starts, has compiled the next one need not compile again.
  process.env['NODE_COMPILE_CACHE'] = join(folder.path, 'compiled')
  const postgres = await databaseServer(folder.path)
  const run = `t${process.pid}_${Date.now().toString(36)}`
  const templates = { server: `${run}_server`, fsp: `${run}_fsp` }
  for (const [owner, migrations] of [['server', serverMigrations] as const, ['fsp', fspMigrations] as const]) {
    await createDatabase(postgres.url, templates[owner])
    await migrateDatabase(urlOfDatabase(postgres.url, templates[owner]), migrations)
  }
  project.provide('adminUrl', postgres.url)
  project.provide('templates', templates)
  return async () => {
    for (const name of Object.values(templates)) await dropDatabase(postgres.url, name)
    await postgres.stop()
    await folder.remove()
  }
}

async function databaseServer(runFolder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env['DATABASE_URL']
  if (given) return { url: given, stop: async () => undefined }
  const cluster = await startCluster({ folder: await mkdtemp(join(runFolder, 'postgres-')), durable: false })
  return { url: cluster.url(), stop: () => cluster.stop() }
}
