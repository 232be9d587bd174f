import { codeOf } from '../errors/index.ts'
import { ProblemError } from './problems.ts'

/** When to try again, s: a database that was restarted is back by then, and a full disk is no worse for being asked. */
const retryAfterS = '10'

/** No room on the disk of the database, or of this machine (PostgreSQL 53100; errno). */
const full = ['53100', 'ENOSPC', 'EDQUOT']

/** The database is not there, is starting or stopping, or takes no more connections; `CONNECT…` are codes of its client, `ECONN…` of any line. */
const absent = /^(08|57P|53300$|CONNECT|ECONNREFUSED$|ECONNRESET$)/

/**
 * The answer to a request that failed for what the server lacked: room, or its database (FM34). `null` where the program itself is at
 * fault. Its caller loses nothing by asking again; what the machine said is for the log.
 */
export function lackOf(error: unknown): ProblemError | null {
  const code = codeOf(error)
  const headers = { 'retry-after': retryAfterS }
  if (full.includes(code)) {
    const detail =
      'The server has no room left: nothing was stored. Reading goes on. Its operator has to make room; then send this again.'
    return new ProblemError('unavailable', detail, { headers })
  }
  if (!absent.test(code)) return null
  const detail =
    'What the server needs for this does not answer, most likely its database. Try again in a moment. If this was a change, it may have been made all the same: look first, or send it with the same Idempotency-Key.'
  return new ProblemError('unavailable', detail, { headers })
}
