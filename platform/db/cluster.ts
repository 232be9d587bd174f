import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { codeOf, StartupError } from '../errors/index.ts'
import { makeWritableFolder } from '../files/index.ts'
import { freePorts } from '../ports/index.ts'
import { closedFolders, postgresHome, postgresUser, type RunAs } from './binaries.ts'
import { endWithUs } from './watch-parent.ts'

/** A PostgreSQL that this process started, or shares with the process that did. */
export interface Cluster {
  /** Connection URL of a database of the cluster; the superuser's own `postgres` by default. */
  url(database?: string): string
  /** Ends it; where it is another process's, that process does. */
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** Folder of the cluster; created if missing. */
  folder: string
  /** `false` for tests and rehearsals: nothing is forced to disk, so a power cut loses everything. */
  durable: boolean
}

const user = 'ringmain'

/** Starts PostgreSQL on a free loopback port, first creating the cluster if there is none. The first query takes about a second. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const runAs = postgresUser()
  await prepareFolder(options.folder, runAs)
  const data = join(options.folder, 'data')
  const passwordFile = join(options.folder, 'password')
  const ownerFile = join(options.folder, 'owner.pid')
  const running = await runningPort(data)
  if (running && (await isShared(ownerFile)))
    return clusterAt(running.port, await readPassword(passwordFile), async () => undefined)
  // What a process that was killed left behind ends before a new one begins.
  if (running) await stopPid(running.pid)
  const home = await postgresHome(runAs)
  await initialise(home, data, passwordFile, runAs)
  const password = await readPassword(passwordFile)
  const [port = 0] = await freePorts(1)
  const child = await launch(home, data, port, options.durable, runAs)
  const endWatch = endWithUs(child)
  await waitUntilReady(child, port, password)
  await writeFile(ownerFile, `${process.pid}\n`)
  const stop = async () => {
    endWatch()
    await stopChild(child)
    await rm(ownerFile, { force: true })
  }
  return clusterAt(port, password, stop)
}

function clusterAt(port: number, password: string, stop: () => Promise<void>): Cluster {
  return { url: (database = 'postgres') => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`, stop }
}

async function prepareFolder(folder: string, runAs: RunAs | null): Promise<void> {
  await makeWritableFolder(folder, 'The data folder', '--data')
  if (runAs) await chown(folder, runAs.uid, runAs.gid)
  const closed = await closedFolders(folder, runAs)
  if (closed.length > 0)
    throw new StartupError(
      `PostgreSQL does not run as root, and its own user may not enter ${closed.join(', ')} on the way to the data folder: let others pass with \`chmod o+x ${closed.join(' ')}\`, which shows them no names there, or choose another folder with --data, for example /var/lib/ringmain.`,
    )
}

/** Port and process of a server that is running on this folder: of another process, or still, after its parent was killed. */
async function runningPort(data: string): Promise<{ pid: number; port: number } | null> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!pid || !port || !isAlive(pid)) return null
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres')
  return command.includes('postgres') ? { pid, port } : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/**
 * Whether a server that runs belongs to a process that lives, which shares it with us. One whose owner is not known is shared too: it is of
 * an earlier release.
 */
async function isShared(ownerFile: string): Promise<boolean> {
  const owner = Number(await readFile(ownerFile, 'utf8').catch(() => ''))
  return !owner || isAlive(owner)
}

async function readPassword(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim()
}

async function initialise(home: string, data: string, passwordFile: string, runAs: RunAs | null): Promise<void> {
  // initdb writes PG_VERSION among the last files: a cluster without it was never finished.
  if (await readFile(join(data, 'PG_VERSION')).catch(() => null)) return
  await rm(data, { recursive: true, force: true })
  await writeFile(passwordFile, `${randomBytes(18).toString('hex')}\n`, { mode: 0o600 })
  if (runAs) await chown(passwordFile, runAs.uid, runAs.gid)
  const child = spawn(
    join(home, 'bin', 'initdb'),
    [
      '-D',
      data,
      '-U',
      user,
      '--pwfile',
      passwordFile,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...runAs, env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let output = ''
  child.stderr.on('data', (chunk) => (output += String(chunk)))
  const code = await new Promise<number | null>((resolve) =>
    child.once('close', resolve).once('error', () => resolve(-1)),
  )
  if (code !== 0)
    throw new StartupError(
      `The database cluster in ${data} could not be created: ${output.trim() || `initdb ended with ${code}`}.`,
    )
}

async function launch(
  home: string,
  data: string,
  port: number,
  durable: boolean,
  runAs: RunAs | null,
): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=300',
    'shared_buffers=256MB',
    'max_wal_size=2GB',
    'timezone=UTC',
    'log_min_messages=fatal',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ]
  // Detached: Ctrl-C reaches the whole foreground group, and the database must outlive the processes that still write to it.
  return spawn(join(home, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])], {
    ...runAs,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
}

async function waitUntilReady(child: ChildProcess, port: number, password: string): Promise<void> {
  let output = ''
  child.stderr?.on('data', (chunk) => (output = (output + String(chunk)).slice(-2_000)))
  const deadline = performance.now() + 30_000
  while (performance.now() < deadline) {
    if (child.exitCode !== null) break
    const probe = postgres({
      host: '127.0.0.1',
      port,
      user,
      password,
      database: 'postgres',
      max: 1,
      connect_timeout: 2,
      onnotice: () => undefined,
    })
    const ready = await probe`select 1`.then(
      () => true,
      () => false,
    )
    await probe.end({ timeout: 1 })
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  child.kill('SIGKILL')
  throw new StartupError(`The embedded PostgreSQL did not start: ${output.trim() || 'no message'}.`)
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await ended
}

async function stopPid(pid: number): Promise<void> {
  // It may be ending already, for its parent has.
  if (isAlive(pid)) process.kill(pid, 'SIGINT')
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
}
