import { sql } from 'drizzle-orm'
import { boolean, check, pgTable, text } from 'drizzle-orm/pg-core'
import { StartupError } from '../errors/index.ts'
import type { Queryable } from './database.ts'

/** What a system is for: a demo has accounts with public passwords and simulators, a live one has neither. */
export type Environment = 'demo' | 'live'

/** What a database was set up for: its only row is written when a process first starts on it. */
export const installation = pgTable(
  'installation',
  {
    isOnly: boolean('is_only').primaryKey().default(true),
    environment: text({ enum: ['demo', 'live'] }).notNull(),
  },
  (t) => [check('installation_one_row', sql`${t.isOnly}`)],
)

/** Whether a table exists, in a database that may not have been migrated. */
export async function hasTable(db: Queryable, name: string): Promise<boolean> {
  const [found] = await db.execute<{ there: boolean }>(sql`select to_regclass(${name}) is not null as there`)
  return found?.there === true
}

/** What a database was set up for; `null` for a new one, and for one from before this was noted. */
export async function environmentOf(db: Queryable): Promise<Environment | null> {
  if (!(await hasTable(db, 'installation'))) return null
  const [row] = await db.select().from(installation)
  return row?.environment ?? null
}

/** Refuses a database that was set up for the other environment (OWASP ASVS 5.0, 13.4.2). Call it before anything is written. */
export function requireEnvironment(found: Environment | null, wanted: Environment): void {
  if (found === null || found === wanted) return
  const whose =
    found === 'demo'
      ? 'This database was set up by the demo, whose passwords are public, so no live system starts on it'
      : 'This database belongs to a live system, so the demo does not start on it'
  throw new StartupError(`${whose}: choose another folder with --data, or another DATABASE_URL.`)
}

/** Notes what a migrated database is for. If another process has noted otherwise meanwhile, it is refused. */
export async function claimEnvironment(db: Queryable, wanted: Environment): Promise<void> {
  await db.insert(installation).values({ environment: wanted }).onConflictDoNothing()
  requireEnvironment(await environmentOf(db), wanted)
}
