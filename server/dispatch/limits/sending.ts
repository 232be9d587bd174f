import { messageOf } from '../../../platform/errors/index.ts'
import type { LimitAnswer } from '../../../schemas/limits.ts'
import type { ServerContext } from '../../access/index.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import { findFsp } from '../../market/index.ts'
import type { ControlApi, ControlDirectory, SendOutcome } from '../transports/index.ts'
import {
  endLimits,
  type LimitRow,
  messageOfLimit,
  moveLimit,
  outstandingLimits,
  recordLimitAttempt,
  supersedeBefore,
} from './store.ts'

/** How many limits go to one FSP at once. */
const perFspLimit = 8
/** A limit of which nothing was heard by then is sent again. Longer than token and call may take. */
const leaseSeconds = 60

/**
 * Ends the limits whose time has come, and sends what is planned and what was not answered: to all FSPs at once and to each on its own,
 * so that one that hangs holds up nobody else (FM10). Of several servers each may do it: a row is claimed by its change of state.
 */
export function createLimitSender(context: ServerContext, directory: ControlDirectory): () => Promise<void> {
  const busy = new Set<string>()
  return async () => {
    const at = context.clock.now()
    const ended = Map.groupBy(await endLimits(context.db, at), (row) => row.fspId)
    const rows = Map.groupBy(await outstandingLimits(context.db, at), (row) => row.fspId)
    const fspIds = [...new Set([...ended.keys(), ...rows.keys()])].filter((fspId) => !busy.has(fspId))
    await Promise.all(
      fspIds.map(async (fspId) => {
        busy.add(fspId)
        try {
          await sendTo(context, directory, fspId, ended.get(fspId) ?? [], rows.get(fspId) ?? [])
        } catch (error) {
          context.log.error({ err: error, fspId }, 'a round of limits failed')
        } finally {
          busy.delete(fspId)
        }
      }),
    )
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
      // The rest would only wait for the same: it stays as it is, and the next round tries again.
      if (sent.some(({ isFinal }) => isFinal)) break
    }
  }
  const { db, clock } = context
  const [fault] = faults
  const changed = fault
    ? await raiseAlarm(db, clock.now(), {
        kind: 'limit-not-confirmed',
        source: { type: 'fsp', id: fspId, name: (await findFsp(db, fspId))?.companyName ?? fspId },
        message: `${faults.length} import limit${faults.length === 1 ? '' : 's'} not confirmed: ${fault}`,
      })
    : await clearAlarm(db, clock.now(), { kind: 'limit-not-confirmed', sourceId: fspId })
  if (changed) context.announce('alarms')
}

/** What a sending left: the fault that it met, and whether the next would meet the same. */
interface Sent {
  fault: string | null
  isFinal: boolean
}

async function sendOne(context: ServerContext, api: ControlApi, row: LimitRow): Promise<Sent> {
  const { db, clock } = context
  const lease = clock.now().plusSeconds(leaseSeconds)
  const claimed = await moveLimit(db, row, 'send', { nextAttemptAt: lease })
  if (!claimed) return { fault: null, isFinal: false }
  const outcome = await api
    .limit(messageOfLimit(claimed))
    .catch((error): SendOutcome<LimitAnswer> => ({ kind: 'unknown', detail: messageOf(error), isFinal: false }))
  return record(context, claimed, outcome)
}

async function record(context: ServerContext, row: LimitRow, outcome: SendOutcome<LimitAnswer>): Promise<Sent> {
  const at = context.clock.now()
  return context.db.transaction(async (tx): Promise<Sent> => {
    await recordLimitAttempt(tx, row.limitId, at, describe(outcome))
    switch (outcome.kind) {
      case 'handed-over':
        // Nobody asks a mailbox: the sheet stands until its end.
        await moveLimit(tx, row, 'send', { nextAttemptAt: row.validUntil })
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
