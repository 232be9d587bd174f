import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { fspMigrations } from '../../fsp/app/migrations.ts'
import { createDatabase, dropDatabase, migrateDatabase, startCluster, urlOfDatabase } from '../../platform/db/index.ts'
import { serverMigrations } from '../../server/app/migrations.ts'

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

/** One PostgreSQL for the run (`DATABASE_URL`, or an embedded one in a temporary folder) with a migrated template per owner. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await databaseServer()
  const run = `t${process.pid}_${Date.now().toString(36)}`
  const templates = { server: `${run}_server`, fsp: `${run}_fsp` }
  for (const [owner, migrations] of [['server', serverMigrations] as const, ['fsp', fspMigrations] as const]) {
    await createDatabase(postgres.url, templates[owner])
    await migrateDatabase(urlOfDatabase(postgres.url, templates[owner]), migrations)
  }
  project.provide('adminUrl', postgres.url)
  project.provide('templates', templates)
  const runFolder = await mkdtemp(join(tmpdir(), 'ringmain-run-'))
  project.provide('runFolder', runFolder)
  return async () => {
    await rm(runFolder, { recursive: true, force: true })
    for (const name of Object.values(templates)) await dropDatabase(postgres.url, name)
    await postgres.stop()
  }
}

async function databaseServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env['DATABASE_URL']
  if (given) return { url: given, stop: async () => undefined }
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-test-'))
  const cluster = await startCluster({ folder, durable: false })
  return {
    url: cluster.url(),
    stop: async () => {
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
