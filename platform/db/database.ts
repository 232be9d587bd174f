import { Socket } from 'node:net'
import { SpanKind } from '@opentelemetry/api'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { codeOf, messageOf, StartupError } from '../errors/index.ts'
import { inSpan } from '../tracing/index.ts'
import { arrayTypes } from './array-types.ts'
import { preparingRepeated } from './repeated.ts'
import { listenedTo } from './statements.ts'

/** A pool of connections as drizzle sees it; `$client` is postgres.js itself, for COPY. */
export type Database = PostgresJsDatabase & { $client: postgres.Sql }

/** A transaction or the pool: anything that queries can run on. */
export type Queryable = Pick<
  Database,
  'select' | 'insert' | 'update' | 'delete' | 'execute' | 'selectDistinct' | 'selectDistinctOn'
>

export interface OpenDatabase {
  db: Database
  close(): Promise<void>
}

/** How long a connection may be kept busy, ms. */
export interface DatabaseTimeouts {
  /** A single statement. */
  statementMs: number
  /** Waiting for a lock. */
  lockMs: number
  /** A transaction in which nothing happens: its program hangs, and what it has locked is waited for. */
  idleInTransactionMs: number
}

export interface DatabaseOptions {
  /** The most connections at a time; each is opened when it is first needed. */
  poolSize?: number
  /** How long a connection may take to be made, s. */
  connectS?: number
  /** Without them PostgreSQL's own settings hold. */
  timeouts?: DatabaseTimeouts
  /** The role to work as, if not the URL's own user. */
  role?: string
}

/** A pool that connects when it is first used. */
export function lazyDatabase(url: string, options: DatabaseOptions): OpenDatabase {
  const client = connect(url, options)
  return { db: databaseOf(client), close: () => client.end({ timeout: 5 }) }
}

/** Opens a pool and checks that it works, or throws a `StartupError` that says what is wrong with the address. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<OpenDatabase> {
  const client = connect(url, options)
  try {
    await client`select 1`
  } catch (error) {
    await client.end({ timeout: 1 }).catch(() => undefined)
    throw new StartupError(
      `The database at ${withoutPassword(url)} cannot be used (${codeOf(error) || messageOf(error)}: ${messageOf(error)}): check DATABASE_URL.`,
    )
  }
  return { db: databaseOf(client), close: () => client.end({ timeout: 5 }) }
}

/** Transactions are spans of the request or task that they belong to: their time, and nothing of what they do. */
function databaseOf(client: postgres.Sql): Database {
  const db = drizzle(preparingRepeated(client)) as Database
  const transaction = db.transaction.bind(db)
  db.transaction = (work, config) => inSpan(transactionSpan, () => transaction(work, config))
  return db
}

const transactionSpan = { name: 'transaction', kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } }

/**
 * Our name, so long that what opens a connection is more than the kilobyte at which postgres.js sends at once. What it had only just written on
 * a connection that breaks, it neither sends nor forgets (3.4.9: `closed` in connection.js clears its timer, and keeps it): without this the
 * next connection in its place would wait for that timer until its time-out. As it is, PostgreSQL refuses the one attempt that begins with the
 * leftover, and the next one works. PostgreSQL cuts the name to 63 octets.
 */
const applicationName = `ringmain${' '.repeat(1_024)}`

/** Connections that nobody uses are closed after so long, s: a pool is as large as its work, and opening one takes milliseconds. */
const idleS = 60

function connect(url: string, { poolSize = 10, connectS = 10, timeouts, role }: DatabaseOptions): postgres.Sql {
  try {
    return postgres(url, {
      max: poolSize,
      onnotice: () => undefined,
      types: arrayTypes,
      fetch_types: false,
      connect_timeout: connectS,
      idle_timeout: idleS,
      connection: {
        application_name: applicationName,
        TimeZone: 'UTC',
        ...settingsOf(timeouts),
        ...(role ? { role } : {}),
      },
      ...promptSockets(),
      ...listenedTo(),
    })
  } catch {
    throw new StartupError(
      `DATABASE_URL is not a PostgreSQL address such as postgres://user:password@host:5432/ringmain.`,
    )
  }
}

function settingsOf(timeouts: DatabaseTimeouts | undefined): Record<string, number> {
  if (!timeouts) return {}
  const { statementMs, lockMs, idleInTransactionMs } = timeouts
  return {
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  }
}

/** How postgres.js describes the address that it wants a socket to; for a list of servers, hosts and ports are parallel lists. */
interface SocketAddress {
  host: string[]
  port: number[]
  path?: string | undefined
}

/**
 * A socket whose end is told so that postgres.js rejects every query of it. That rejects them at an error; those that it is given between the
 * error and the close, as by code that asks again at once, it rejects at the close only if there was no error, and otherwise waits for them for
 * ever. And it cannot roll back once its socket has closed. So an end is told as an error first, and a close as one without.
 */
class ToldSocket extends Socket {
  override emit(event: string | symbol, ...given: unknown[]): boolean {
    if (event === 'close') return super.emit(event, false)
    const isHeard = super.emit(event, ...given)
    if (event === 'end' && this.listenerCount('error') > 0)
      super.emit('error', Object.assign(new Error('PostgreSQL closed the connection.'), { code: 'CONNECTION_CLOSED' }))
    return isHeard
  }
}

/**
 * Sockets that send at once. postgres.js leaves Nagle's algorithm on; with PostgreSQL's delayed acknowledgements every
 * statement larger than a segment, and every COPY, then waits 40 ms. Its option `socket` is documented, but missing from its types.
 */
function promptSockets(): object {
  let tries = 0
  const socket = ({ host, port, path }: SocketAddress): Socket => {
    if (path) return new ToldSocket().connect({ path })
    const server = tries++ % host.length
    const to = { host: host[server] ?? 'localhost', port: port[server] ?? 5432 }
    // TLS takes the name to check from `host`.
    return Object.assign(new ToldSocket().setNoDelay(true).connect(to), to)
  }
  return { socket }
}

function withoutPassword(url: string): string {
  return url.replace(/:[^:@/]*@/, ':…@')
}

/** Creates a database, from a template if named; `false` if it already exists. */
export async function createDatabase(adminUrl: string, name: string, template?: string): Promise<boolean> {
  const client = connect(adminUrl, { poolSize: 1 })
  try {
    await client.unsafe(`create database "${name}"${template ? ` template "${template}" strategy file_copy` : ''}`)
    return true
  } catch (error) {
    if (codeOf(error) === '42P04') return false
    throw error
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** Drops a database and disconnects its clients. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  const client = connect(adminUrl, { poolSize: 1 })
  try {
    await client.unsafe(`drop database if exists "${name}" with (force)`)
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** The same server's URL with another database. */
export function urlOfDatabase(url: string, name: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${name}`
  return parsed.toString()
}
