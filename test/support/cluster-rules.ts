import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../../platform/db/index.ts'
import { sentStatements } from '../../platform/db/index.ts'
import { serverMigrations } from '../../server/app/migrations.ts'
import { placesOf } from '../../server/app/scale-out/fit.ts'
import { placement } from '../../server/app/scale-out/placement.ts'
import type { Rules } from '../../tools/scale-out/statements.ts'

/** The rules of a cluster for the statements of a migrated database: its views and functions, and the stated places of its tables. */
export async function clusterRules({ $client: query }: Database): Promise<Rules> {
  const places = placesOf(placement)
  const views = await query<{ name: string; body: string }[]>`
    select viewname as name, definition as body from pg_views where schemaname = 'public'`
  const changing = await query<{ name: string }[]>`
    select proname as name from pg_proc group by 1 having bool_and(provolatile <> 'i')`
  const names = new Set(changing.map(({ name }) => name))
  return {
    placeOf: (table) => places.get(table) ?? { kind: 'local' },
    views: new Map(views.map(({ name, body }) => [name, body])),
    isVolatile: (name) => names.has(name),
  }
}

/** The texts of the migrations, which run before there is a cluster; those that could run on one are told apart by a test of their own. */
function migrationTexts(): ReadonlySet<string> {
  const files = serverMigrations.flatMap(({ folder }) => readdirSync(folder).map((name) => join(folder, name)))
  const texts = files.filter((file) => file.endsWith('.sql')).map((file) => readFileSync(file, 'utf8'))
  return new Set(texts.flatMap((text) => text.split('--> statement-breakpoint').map((each) => each.trim())))
}

/** Collects the texts of statements that pools opened from now on send, without migrations, until it is asked for them. */
export function collectStatements(): () => readonly string[] {
  const texts = new Set<string>()
  const collect = (text: unknown) => void texts.add(String(text))
  sentStatements.subscribe(collect)
  return () => {
    sentStatements.unsubscribe(collect)
    const migrations = migrationTexts()
    return [...texts].filter((text) => !migrations.has(text.trim()))
  }
}
