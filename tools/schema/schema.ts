import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import postgres from 'postgres'
import {
  createDatabase,
  dropDatabase,
  type MigrationSet,
  migrateDatabase,
  urlOfDatabase,
} from '../../platform/db/index.ts'
import { catalogueOf, differences } from './catalogue.ts'

/** Definitions by any name, as the tables.ts files export them. */
export type Definitions = Readonly<Record<string, unknown>>

/** Everything that the tables.ts files below a folder export. */
export async function definitionsIn(folder: string): Promise<Definitions> {
  const all: Record<string, unknown> = {}
  for await (const file of glob(`${folder}/**/tables.ts`))
    for (const [name, value] of Object.entries(await import(pathToFileURL(resolve(file)).href)))
      all[`${file} ${name}`] = value
  return all
}

/**
 * Where definitions and migrations differ. Each makes a database of its own on one PostgreSQL, and the catalogues are compared: PostgreSQL
 * itself says whether two ways of writing a type or a default mean the same.
 * @param byHand parts that only migrations make, such as `measurement: table`.
 */
export async function schemaFaults(
  adminUrl: string,
  definitions: Definitions,
  migrations: readonly MigrationSet[],
  byHand: readonly string[],
): Promise<string[]> {
  const names = ['defined', 'migrated'].map((name) => `ringmain_${name}_${process.pid}`)
  const [defined = '', migrated = ''] = names.map((name) => urlOfDatabase(adminUrl, name))
  try {
    for (const name of names) await createDatabase(adminUrl, name)
    await define(defined, definitions)
    await migrateDatabase(migrated, migrations)
    return differences(await catalogueOf(defined), await catalogueOf(migrated), byHand)
  } finally {
    for (const name of names) await dropDatabase(adminUrl, name)
  }
}

async function define(url: string, definitions: Definitions): Promise<void> {
  const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(definitions))
  const client = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    for (const statement of statements) await client.unsafe(statement)
  } finally {
    await client.end({ timeout: 5 })
  }
}
