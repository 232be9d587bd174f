import { constants } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { fspMigrations } from '../fsp/app/migrations.ts'
import {
  type BackupManifest,
  type MigrationSet,
  openDatabase,
  restoreBackup,
  takeBackup,
} from '../platform/db/index.ts'
import { codeOf, StartupError } from '../platform/errors/index.ts'
import { verifyChain } from '../server/access/index.ts'
import { serverGrants, serverMigrations } from '../server/app/migrations.ts'
import { dataOption } from './options.ts'
import { type Databases, defaultDataFolder, lastingDatabases } from './system/databases.ts'

const programs = ['server', 'fsp', 'homes'] as const
type Program = (typeof programs)[number]

interface Flags {
  of: Program[]
  data?: string
  json: boolean
}

const migrationsOf: Record<Program, readonly MigrationSet[]> = {
  server: serverMigrations,
  fsp: fspMigrations,
  homes: fspMigrations,
}

/** What a backup or a restore came to, by program. */
type Outcome = Partial<Record<Program, { tables: number; rows: number; takenAt: string }>>

const environmentHelp =
  '\nDATABASE_URL (RINGMAIN_OWNER_DATABASE_URL, RINGMAIN_FSP_DATABASE_URL, RINGMAIN_HOMES_DATABASE_URL) name the databases; without them the embedded PostgreSQL of the data folder is used.'

/** `ringmain backup`: all rows as of one moment, and the keys without which sealed values cannot be read. */
export function backupCommand(): Command {
  return new Command('backup')
    .description(
      'copy the databases of programs, and the keys of the data folder, into a new folder; the programs go on working',
    )
    .requiredOption('--to <folder>', 'a new folder')
    .addOption(ofOption())
    .addOption(dataOption())
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText('after', environmentHelp)
    .action(backup)
}

/** `ringmain restore`: the reverse, into databases that hold nothing yet. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description(
      'restore a backup into databases that hold nothing yet, and its keys into the data folder, and check the audit trail',
    )
    .requiredOption('--from <folder>', 'a folder that “ringmain backup” made')
    .addOption(ofOption())
    .addOption(dataOption())
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText('after', environmentHelp)
    .action(restore)
}

function ofOption(): Option {
  return new Option('--of <program...>', 'whose database').choices(programs).default(['server'])
}

async function backup({ to, ...flags }: Flags & { to: string }): Promise<void> {
  const keys = join(to, 'keys')
  // Nothing is mixed with what an earlier backup left.
  if ((await filesIn(to)).length > 0)
    throw new StartupError(`The folder ${to} is not empty: name a new one for each backup.`)
  const outcome = await withDatabases(flags, async (urlOf, dataFolder) => {
    const made: Outcome = {}
    for (const program of flags.of) made[program] = summaryOf(await takeBackup(urlOf(program), join(to, program)))
    await mkdir(keys, { recursive: true, mode: 0o700 })
    for (const name of await keysIn(dataFolder)) await copyKey(join(dataFolder, name), join(keys, name))
    return made
  })
  tell(flags, { ...outcome, keys: await keysIn(keys) }, `Backed up to ${to}`)
}

async function restore({ from, ...flags }: Flags & { from: string }): Promise<void> {
  const keys = join(from, 'keys')
  const outcome = await withDatabases(flags, async (urlOf, dataFolder) => {
    const names = await keysIn(keys)
    for (const name of names) await refuseOther(join(keys, name), join(dataFolder, name))
    const made: Outcome = {}
    for (const program of flags.of) {
      const grants = program === 'server' ? serverGrants : undefined
      const manifest = await restoreBackup(urlOf(program), join(from, program), migrationsOf[program], grants)
      made[program] = summaryOf(manifest)
    }
    await mkdir(dataFolder, { recursive: true })
    for (const name of names) await copyKey(join(keys, name), join(dataFolder, name))
    return { ...made, keys: names, audit: flags.of.includes('server') ? await checkAudit(urlOf('server')) : null }
  })
  tell(flags, outcome, `Restored from ${from}`)
}

/** Works on the databases by their owners: a user that only works in one may not read all of it. */
async function withDatabases<T>(
  { of, data }: Flags,
  work: (urlOf: (program: Program) => string, dataFolder: string) => Promise<T>,
): Promise<T> {
  const dataFolder = data ?? (await defaultDataFolder())
  const databases = await lastingDatabases(dataFolder, { withHomes: of.includes('homes') })
  try {
    return await work((program) => urlsOf(databases)[program], dataFolder)
  } finally {
    await databases.stop()
  }
}

function urlsOf({ serverOwnerUrl, serverUrl, fspUrl, homesUrl }: Databases): Record<Program, string> {
  return { server: serverOwnerUrl ?? serverUrl, fsp: fspUrl, homes: homesUrl }
}

const summaryOf = ({ tables, takenAt }: BackupManifest) => ({
  tables: tables.length,
  rows: tables.reduce((sum, { rows }) => sum + rows, 0),
  takenAt,
})

/** A restored trail must be what was committed: a backup that somebody altered is found here, if not by its hashes. */
async function checkAudit(url: string): Promise<{ entries: number; head: string | null }> {
  const { db, close } = await openDatabase(url, { poolSize: 1 })
  const { entries, head, fault } = await verifyChain(db, null).finally(close)
  if (fault) throw new StartupError(`The data are restored, but the audit trail is not intact: ${fault.detail}`)
  return { entries, head: head && `${head.position}:${head.hash}` }
}

async function filesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
}

/** The keys and secrets of programs in a folder. */
const keysIn = async (folder: string) => (await filesIn(folder)).filter((name) => /\.(key|secret)$/.test(name)).sort()

/** A key that is there already is never replaced by another: what it has sealed would be lost. */
async function refuseOther(source: string, target: string): Promise<void> {
  const present = await stat(target).catch(() => null)
  if (present && !(await readFile(source)).equals(await readFile(target)))
    throw new StartupError(`${target} is another key than the backup's: move it away first. Nothing has been restored.`)
}

async function copyKey(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_FICLONE)
  await chmod(target, 0o600)
}

function tell(
  { json }: Flags,
  outcome: Outcome & { keys: string[]; audit?: Awaited<ReturnType<typeof checkAudit>> | null },
  what: string,
): void {
  if (json) return void process.stdout.write(`${JSON.stringify(outcome)}\n`)
  const lines = programs.flatMap((program) => {
    const made = outcome[program]
    return made ? [`  ${program}: ${made.rows} rows of ${made.tables} tables, as of ${made.takenAt}`] : []
  })
  const trail = outcome.audit
    ? [`  audit trail intact: ${outcome.audit.entries} entries, head ${outcome.audit.head ?? 'none'}`]
    : []
  process.stdout.write(
    `${[`${what}:`, ...lines, `  keys: ${outcome.keys.join(', ') || 'none'}`, ...trail].join('\n')}\n`,
  )
}
