import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Instant } from '@js-joda/core'
import { expect } from 'vitest'
import type { Database } from '../../platform/db/index.ts'
import { bundledServerProcess } from './server-bundle.ts'

/** A whole server as a process of its own, on a clock of its own. */
export interface ServerProcess {
  readonly url: string
  /** Lets its time pass; resolves when all that was due has been done. */
  advanceTo(at: Instant): Promise<void>
  isAlive(): boolean
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code: 0 if it ended what it was at within the time that it gives itself. */
  terminate(): Promise<number | null>
}

export async function startServerProcess(
  { databaseUrl, publicUrl }: { databaseUrl: string; publicUrl: string },
  start: Instant,
  env: Record<string, string>,
): Promise<ServerProcess> {
  const child: ChildProcess = fork(await bundledServerProcess(), [databaseUrl, publicUrl, start.toString()], {
    execArgv: [],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  const isAlive = () => child.exitCode === null && child.signalCode === null
  return {
    url,
    isAlive,
    async advanceTo(at) {
      child.send({ advanceTo: at.toString() })
      await Promise.race([once(child, 'message'), once(child, 'exit')])
    },
    async terminate() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = (await gone) as [number | null]
      return code
    },
    async kill() {
      if (!isAlive()) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** A statement at which a process is held to be killed: the database waits in it, before it, or in the commit that follows. */
export interface HeldStatement {
  table: string
  op: 'INSERT' | 'UPDATE'
  /** Condition on `new`. */
  where?: string
  at: 'statement' | 'commit'
  /** What becomes of it once its process is dead: a statement may end although nobody waits for it any more. */
  then: 'undone' | 'done'
}

const lockKey = 4_711

/**
 * Holds whoever comes to a statement. `reached` resolves when somebody has; `end` undoes the statement or lets it be done, and holds
 * nobody any more. Real waits of the real database: no process knows that it is being watched.
 */
export async function holdAt({ $client: sql }: Database, held: HeldStatement) {
  // postgres.js (3.4.9) never hands out a connection that is opened to be reserved, unless it asks it for array types: one has to be open.
  await sql`select`
  const holder = await sql.reserve()
  await holder`select pg_advisory_lock(${lockKey})`
  await sql.unsafe(`
    create or replace function held_here() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(${lockKey}); return new; end $$;
    create ${held.at === 'commit' ? 'constraint trigger' : 'trigger'} held_here
    ${held.at === 'commit' ? 'after' : 'before'} ${held.op} on ${held.table}
    ${held.at === 'commit' ? 'deferrable initially deferred' : ''}
    for each row when (${held.where ?? 'true'}) execute function held_here()`)
  const waiting = async () =>
    (
      await sql`
      select pid from pg_locks
      where locktype = 'advisory' and not granted and objid = ${lockKey}
        and database = (select oid from pg_database where datname = current_database())`
    ).map((row) => row['pid'] as number)
  const unlock = async () => {
    await holder`select pg_advisory_unlock(${lockKey})`
    holder.release()
  }
  return {
    reached: () =>
      expect.poll(async () => (await waiting()).length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0),
    async end() {
      const pids = await waiting()
      if (held.then === 'done') await unlock()
      else for (const pid of pids) await sql`select pg_terminate_backend(${pid})`
      const alive = async () => (await sql`select from pg_stat_activity where pid = any(${pids})`).length
      await expect.poll(alive, { timeout: 60_000, interval: 20 }).toBe(0)
      if (held.then === 'undone') await unlock()
      await sql.unsafe(`drop trigger held_here on ${held.table}`)
    },
  }
}
