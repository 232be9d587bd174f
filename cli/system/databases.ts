import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  createDatabase,
  dropDatabase,
  isReachable,
  postgresUser,
  sharedFolder,
  startCluster,
  urlOfDatabase,
} from '../../platform/db/index.ts'
import { codeOf, messageOf, StartupError } from '../../platform/errors/index.ts'

/** The databases of a system: the server's and, apart from it, one for each FSP. */
export interface Databases {
  serverUrl: string
  /** The server's database by its owner, where `serverUrl` is of a user that only works in it. */
  serverOwnerUrl?: string
  fspUrl: string
  homesUrl: string
  stop(): Promise<void>
}

/** Folder of this checkout. */
const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Where data live by default: in the checkout, or where the database's own user cannot reach that, under /var/lib. */
export async function defaultDataFolder(): Promise<string> {
  const inside = join(checkout, '.ringmain')
  return (await isReachable(checkout, postgresUser())) ? inside : join(sharedFolder, 'data')
}

/**
 * Lasting databases: those of `DATABASE_URL`, or of an embedded PostgreSQL in the data folder. That of the homes is made only where they
 * are simulated: a live server does not need it, and its user may not be allowed to make databases.
 */
export async function lastingDatabases(dataFolder: string, { withHomes = false } = {}): Promise<Databases> {
  const given = process.env['DATABASE_URL']
  if (given) {
    const fspUrl = process.env['RINGMAIN_FSP_DATABASE_URL'] ?? siblingOf(given, 'fsp')
    const homesUrl = process.env['RINGMAIN_HOMES_DATABASE_URL'] ?? siblingOf(given, 'homes')
    const owner = process.env['RINGMAIN_OWNER_DATABASE_URL']
    for (const url of withHomes ? [fspUrl, homesUrl] : [fspUrl]) await ensureDatabase(owner ?? given, url)
    const stop = async () => undefined
    return { serverUrl: given, ...(owner ? { serverOwnerUrl: owner } : {}), fspUrl, homesUrl, stop }
  }
  const cluster = await startCluster({ folder: join(dataFolder, 'postgresql'), durable: true })
  for (const name of ['ringmain', 'ringmain_fsp', ...(withHomes ? ['ringmain_homes'] : [])])
    await createDatabase(cluster.url(), name)
  return {
    serverUrl: cluster.url('ringmain'),
    fspUrl: cluster.url('ringmain_fsp'),
    homesUrl: cluster.url('ringmain_homes'),
    stop: () => cluster.stop(),
  }
}

/** Works on the server's database of a data folder. A system that is running on the folder keeps its database. */
export async function withServerDatabase<T>(folder: string | undefined, work: (url: string) => Promise<T>): Promise<T> {
  const dataFolder = folder ?? (await defaultDataFolder())
  const databases = await lastingDatabases(dataFolder)
  try {
    return await work(databases.serverUrl)
  } finally {
    await databases.stop()
  }
}

/** Databases that are gone afterwards, for a rehearsal: new ones beside `DATABASE_URL`, or in a temporary cluster. */
export async function passingDatabases(): Promise<Databases> {
  const given = process.env['DATABASE_URL']
  const names = ['server', 'fsp', 'homes'].map((owner) => `ringmain_day_${process.pid}_${owner}`)
  const [server = '', fsp = '', homes = ''] = names
  const databases = (urlOf: (name: string) => string) => ({
    serverUrl: urlOf(server),
    fspUrl: urlOf(fsp),
    homesUrl: urlOf(homes),
  })
  if (given) {
    for (const name of names) await ensureDatabase(given, urlOfDatabase(given, name))
    const stop = async () => {
      for (const name of names) await dropDatabase(given, name)
    }
    return { ...databases((name) => urlOfDatabase(given, name)), stop }
  }
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-day-'))
  const cluster = await startCluster({ folder, durable: false })
  for (const name of names) await createDatabase(cluster.url(), name)
  const stop = async () => {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { ...databases((name) => cluster.url(name)), stop }
}

function siblingOf(url: string, of: string): string {
  const name = nameOf(url)
  return urlOfDatabase(url, `${name || 'ringmain'}_${of}`)
}

function nameOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(1))
  } catch {
    throw new StartupError(
      'DATABASE_URL is not a PostgreSQL address such as postgres://user:password@host:5432/ringmain.',
    )
  }
}

async function ensureDatabase(adminUrl: string, url: string): Promise<void> {
  nameOf(adminUrl)
  try {
    await createDatabase(adminUrl, nameOf(url))
  } catch (error) {
    throw new StartupError(
      `The database ${nameOf(url)} cannot be made beside DATABASE_URL (${codeOf(error) || messageOf(error)}): check the address, and that its user may create databases.`,
    )
  }
}
