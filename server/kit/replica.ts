import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { codeOf } from '../../platform/errors/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'

/** A database that follows the server's own by PostgreSQL's streaming replication; reports are read from it while it keeps up. */
export interface Replica {
  /** Its connections, unless it is down or lags too much; then reports are read from the primary. */
  current(): Promise<{ db: Database; lagS: number } | null>
  /** Notes that a report failed on it; `false` if that was not the replica's fault, and the same would happen on the primary. */
  failed(error: unknown): boolean
}

export interface ReplicaOptions {
  db: Database
  primary: Database
  /** How far it may be behind, s. */
  maxLagS: number
  clock: Clock
  log: Log
}

/** A replica that does not answer is left alone for so long, s: a connection that cannot be made may take seconds to fail. */
const restS = 10

/** Watches a replica at each report: there is nothing to keep up in between. */
export function watchReplica({ db, primary, maxLagS, clock, log }: ReplicaOptions): Replica {
  let restsUntil: Instant | null = null
  let isUsed = true
  const use = (usable: boolean, facts: object) => {
    if (usable !== isUsed)
      log.warn(facts, usable ? 'reports are read from the replica again' : 'reports are read from the primary')
    isUsed = usable
  }
  const rest = (err: unknown) => {
    restsUntil = clock.now().plusSeconds(restS)
    use(false, { err })
  }
  return {
    async current() {
      if (restsUntil?.isAfter(clock.now())) return null
      try {
        const lagS = await lagOf(db, primary)
        const isCurrent = lagS !== null && lagS <= maxLagS
        use(isCurrent, { lagS, maxLagS })
        return isCurrent ? { db, lagS } : null
      } catch (error) {
        rest(error)
        return null
      }
    },
    failed(error) {
      if (error instanceof ProblemError || !isReplicas(codeOf(error))) return false
      rest(error)
      return true
    },
  }
}

/**
 * Seconds by which a replica may be behind: none if it has replayed all that the primary has written, otherwise those since the last commit that it
 * has replayed; `null` if it has replayed none. Throws if it follows nothing: another database is no replica.
 */
async function lagOf(db: Database, primary: Database): Promise<number | null> {
  const [written] = await primary.execute<{ at: string; now: string }>(
    sql`select pg_current_wal_insert_lsn()::text as at, clock_timestamp()::text as now`,
  )
  const [replayed] = await db.execute<{ follows: boolean; missing: boolean | null; lag: number | null }>(sql`
    select pg_is_in_recovery() as follows, pg_last_wal_replay_lsn() < ${written?.at ?? ''}::pg_lsn as missing,
      extract(epoch from ${written?.now ?? ''}::timestamptz - pg_last_xact_replay_timestamp())::float8 as lag`)
  if (!replayed?.follows) throw new Error('RINGMAIN_REPLICA_URL names a database that is no replica')
  return replayed.missing ? replayed.lag : 0
}

/**
 * Whether an error comes from reading on a replica: its connection is gone or refused, it is shutting down (57P), a query stood in the way of
 * what it replays (40001), or the report writes (25006).
 */
function isReplicas(code: string): boolean {
  return /^(CONNECT|ECONN|EHOST|ENET|ETIMEDOUT|08|57P)/.test(code) || code === '40001' || code === '25006'
}
