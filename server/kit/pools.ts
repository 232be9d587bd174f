import type { Database, DatabaseOptions } from '../../platform/db/index.ts'

/**
 * Pools of database connections, so that no kind of work waits for another (FM36, SEC04): `requests` for all calls of the API but those below;
 * `access` for log-in, sessions, tokens and readiness; `dispatch` for ticks, sending and the emergency stop; `jobs` for other periodic
 * work; `uploads` for whatever stores a file; `reports` for whatever makes one, or reads a whole month.
 */
export type PoolName = 'requests' | 'access' | 'dispatch' | 'jobs' | 'uploads' | 'reports'

export type Pools = Readonly<Record<PoolName, Database>>

const minuteMs = 60_000

/**
 * Size and time-outs of each pool. A server opens at most 46 connections, so that two fit into PostgreSQL's usual 100. Which failure is worse
 * decides the times: a log-in that hangs is worse than one that is refused after seconds, a report that is cut off worse than a slow one. An
 * idle transaction is one whose program hangs, for every pool alike; the optimiser computes outside of any.
 */
export const poolOptions: Readonly<Record<PoolName, DatabaseOptions>> = {
  requests: { poolSize: 20, timeouts: timeouts(1, 0.5) },
  access: { poolSize: 6, timeouts: timeouts(0.25, 0.25) },
  dispatch: { poolSize: 8, timeouts: timeouts(2, 1) },
  jobs: { poolSize: 4, timeouts: timeouts(20, 1) },
  uploads: { poolSize: 4, timeouts: timeouts(5, 1) },
  reports: { poolSize: 4, timeouts: timeouts(5, 0.5) },
}

function timeouts(statementMinutes: number, lockMinutes: number) {
  return {
    statementMs: statementMinutes * minuteMs,
    lockMs: lockMinutes * minuteMs,
    idleInTransactionMs: minuteMs,
  }
}
