import { Command } from 'commander'
import { migrateDatabase, openDatabase } from '../platform/db/index.ts'
import { serverMigrations } from '../server/app/migrations.ts'
import { checkPlacement, distributeTables, type PlacementCheck } from '../server/app/scale-out/distribute.ts'
import { dataOption } from './options.ts'
import { passingDatabases, withServerDatabase } from './system/databases.ts'

/** `ringmain distribute`: places the tables on a Citus cluster; with `--check` only says where they would go. */
export function distributeCommand(): Command {
  return new Command('distribute')
    .description('place the tables of the server on the Citus cluster that its database coordinates')
    .option('--check', 'only say where each table goes; exit with 1 if one does not fit there', false)
    .addOption(dataOption())
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nRINGMAIN_OWNER_DATABASE_URL, or else DATABASE_URL, names the coordinator; the program must not be running. --check changes nothing there: it looks at a new database, which is gone afterwards.',
    )
    .action(distribute)
}

async function distribute({ check, data, json }: { check: boolean; data?: string; json: boolean }): Promise<void> {
  if (!check) {
    const made = await withServerDatabase(data, async (url) => place(process.env['RINGMAIN_OWNER_DATABASE_URL'] ?? url))
    process.stdout.write(json ? `${JSON.stringify({ placed: made })}\n` : `Placed ${made.length} tables.\n`)
    return
  }
  const outcome = await checkMigrated()
  process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : wordsOf(outcome))
  if (outcome.faults.length > 0) process.exitCode = 1
}

async function place(url: string): Promise<string[]> {
  const { db, close } = await openDatabase(url, { poolSize: 1 })
  return distributeTables(db).finally(close)
}

/** Holds the places of the tables against what the migrations make. */
export async function checkMigrated(): Promise<PlacementCheck> {
  const databases = await passingDatabases()
  try {
    await migrateDatabase(databases.serverUrl, serverMigrations)
    const { db, close } = await openDatabase(databases.serverUrl, { poolSize: 1 })
    return await checkPlacement(db).finally(close)
  } finally {
    await databases.stop()
  }
}

function wordsOf({ tables, faults }: PlacementCheck): string {
  const lines = tables.map(({ table, place: kind, by, because, withoutPolicy }) => {
    const where = by ? `${kind} by ${by}` : kind
    return `${table}: ${where}; ${because}${withoutPolicy ? `; without row policies: ${withoutPolicy}` : ''}`
  })
  const verdict =
    faults.length === 0 ? ['Every table fits its place.'] : faults.map((fault) => `Does not fit: ${fault}.`)
  return `${[...lines, ...verdict].join('\n')}\n`
}
