import { messageOf } from '../../../platform/errors/index.ts'
import { inSpan } from '../../../platform/tracing/index.ts'
import type { LimitAnswer } from '../../../schemas/dispatch/import-limits.ts'
import { limitAttribute } from '../../../schemas/vocabulary/trace.ts'
import type { ServerContext } from '../../kit/index.ts'
import {
  alarmFaults,
  type ControlApi,
  type ControlDirectory,
  createRounds,
  type SendOutcome,
} from '../transports/index.ts'
import { claimLimit, leaveUntilEnd, outstandingLimits } from './leases.ts'
import {
  endLimits,
  type LimitRow,
  moveLimit,
  recordLimitAttempt,
  supersedeBefore,
  withdrawUnauthorised,
} from './store.ts'
import { messageOfLimit } from './views.ts'

/** How many limits go to one FSP at once. */
const perFspLimit = 8

/**
 * Ends the limits that have expired, and sends what is planned or unanswered, in one round per FSP. Any number of servers may do this: a
 * row is claimed by its change of state.
 */
export function createLimitSender(context: ServerContext, directory: ControlDirectory): () => Promise<void> {
  // Each end is reported once. If an FSP's round is still running, its next round reports it.
  const ended = new Map<string, LimitRow[]>()
  const runRounds = createRounds(context, (fspId, due: readonly LimitRow[]) => {
    const untold = ended.get(fspId) ?? []
    ended.delete(fspId)
    return sendTo(context, directory, fspId, untold, due)
  })
  return async () => {
    const at = context.clock.now()
    await withdrawUnauthorised(context.db, at)
    for (const row of await endLimits(context.db, at)) ended.set(row.fspId, [...(ended.get(row.fspId) ?? []), row])
    const due = Map.groupBy(await outstandingLimits(context.db, at), (row) => row.fspId)
    const fspIds = new Set([...ended.keys(), ...due.keys()])
    await runRounds([...fspIds].map((fspId) => [fspId, due.get(fspId) ?? []] as const))
  }
}

async function sendTo(
  context: ServerContext,
  directory: ControlDirectory,
  fspId: string,
  ended: readonly LimitRow[],
  rows: readonly LimitRow[],
): Promise<void> {
  const faults = ended.map((row) =>
    row.state === 'lapsed'
      ? `the limit of connection ${row.connectionId} has lapsed to ${row.failSafeW} W`
      : `a limit of connection ${row.connectionId} was not confirmed by its end`,
  )
  if (rows.length > 0) {
    const api = await directory(fspId)
    for (let i = 0; i < rows.length; i += perFspLimit) {
      const sent = await Promise.all(rows.slice(i, i + perFspLimit).map((row) => sendOne(context, api, row)))
      faults.push(...sent.flatMap(({ fault }) => fault ?? []))
      // The rest would fail in the same way: leave it as it is for the next round.
      if (sent.some(({ isFinal }) => isFinal)) break
    }
  }
  await alarmFaults(context, fspId, 'limit-not-confirmed', 'import limit', faults)
}

/** The result of a sending: its fault, and whether the next sending would fail in the same way. */
interface Sent {
  fault: string | null
  isFinal: boolean
}

async function sendOne(context: ServerContext, api: ControlApi, row: LimitRow): Promise<Sent> {
  const { db, clock } = context
  const claimed = await claimLimit(db, row, clock.now())
  if (!claimed) return { fault: null, isFinal: false }
  const stated = { name: 'limit sending', attributes: { [limitAttribute]: claimed.limitId } }
  const outcome = await inSpan(stated, () => api.limit(messageOfLimit(claimed))).catch(
    (error): SendOutcome<LimitAnswer> => ({ kind: 'unknown', detail: messageOf(error), isFinal: false }),
  )
  return record(context, claimed, outcome)
}

async function record(context: ServerContext, row: LimitRow, outcome: SendOutcome<LimitAnswer>): Promise<Sent> {
  const at = context.clock.now()
  return context.db.transaction(async (tx): Promise<Sent> => {
    await recordLimitAttempt(tx, row.limitId, at, describe(outcome))
    switch (outcome.kind) {
      case 'handed-over':
        // A mailbox cannot be queried: the sheet stands until its end.
        await leaveUntilEnd(tx, row)
        return { fault: null, isFinal: false }
      case 'answered': {
        const { answer } = outcome
        if (answer.outcome === 'accepted') {
          const moved = await moveLimit(tx, row, 'accept', { acknowledgedAt: at, nextAttemptAt: null, reason: null })
          if (moved) await supersedeBefore(tx, moved)
          return { fault: null, isFinal: false }
        }
        const reason = answer.detail ? `${answer.reason}: ${answer.detail}` : answer.reason
        await moveLimit(tx, row, 'refuse', { nextAttemptAt: null, reason })
        return { fault: `refused: ${reason}`, isFinal: false }
      }
      case 'not-sent':
        await moveLimit(tx, row, 'not-sent', { nextAttemptAt: null, reason: outcome.detail })
        return { fault: outcome.detail, isFinal: outcome.isFinal }
      case 'unknown':
        await moveLimit(tx, row, 'lose', { reason: outcome.detail })
        return { fault: outcome.detail, isFinal: outcome.isFinal }
    }
  })
}

function describe(outcome: SendOutcome<LimitAnswer>): string {
  if (outcome.kind !== 'answered') return `${outcome.kind}: ${outcome.detail}`
  const { answer } = outcome
  return answer.outcome === 'accepted' ? 'accepted' : `refused: ${answer.reason}`
}
