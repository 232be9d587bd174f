import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ExperimentEvent, experimentOperations, NewExperimentMove } from '../../../schemas/dispatch/experiments.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { clearAlarm } from '../../grid/index.ts'
import { isCurrent, nameOf, type Verb } from '../../kit/index.ts'
import { missingData } from './data-check.ts'
import { dayFault, experimentTransitions } from './rules.ts'
import { changedMeanwhile, type ExperimentRow, formOf, lockExperiment, missing, viewExperiment } from './store.ts'
import { experiment } from './tables.ts'

/** Moves an experiment from one phase to the next. */
export const moveExperiment: Verb<typeof experimentOperations.moveExperiment> = async (call) => {
  const { db, at, actor, params, body } = call
  const row = await lockExperiment(db, params.experimentId)
  if (!row) return missing(params.experimentId)
  if (!isCurrent(call.version, row.revision)) changedMeanwhile(row)
  if (body.event === 'start' || body.event === 'resume') await requireReady(db, at, row)
  const saved = await move(db, at, row, { event: body.event, by: nameOf(actor), reason: reasonOf(body) })
  call.audit({
    action: `experiment.${body.event}`,
    subject: { type: 'experiment', id: params.experimentId },
    detail: { name: row.name, reason: reasonOf(body), from: row.state, to: saved.state },
  })
  if (row.state === 'halted') {
    await clearAlarm(db, at, { kind: 'experiment-halted', sourceId: row.experimentId })
    call.announce('alarms')
  }
  return viewExperiment(saved)
}

function reasonOf(move: NewExperimentMove): string {
  if (move.event === 'start') return ''
  return move.event === 'conclude' ? move.result : move.reason
}

/** Refuses to let an experiment run on a day that is not its own, or while required data are missing. */
async function requireReady(db: Queryable, at: Instant, row: ExperimentRow): Promise<void> {
  const fault = dayFault(tradingDayOf(at).toString(), formOf(row))
  if (fault !== null) throw new ProblemError('conflict', fault)
  const gaps = await missingData(db, at, row)
  if (gaps.length === 0) return
  const told = gaps.map(({ message }) => message).join('; ')
  throw new ProblemError('conflict', `Required data are missing: ${told}. Mend that, or require less.`)
}

/** Stores a move. @throws when the experiment's phase does not have it. */
export async function move(
  db: Queryable,
  at: Instant,
  row: ExperimentRow,
  made: { event: ExperimentEvent; by: string; reason: string },
): Promise<ExperimentRow> {
  const { event, by, reason } = made
  const state = experimentTransitions[row.state][event]
  if (state === null)
    throw new ProblemError('conflict', `${row.name} is in the phase ${row.state}, which has no ${event}.`)
  const [saved] = await db
    .update(experiment)
    .set({
      state,
      // A result is kept whole in its own column.
      moves: [...row.moves, { at: at.toString(), event, by, reason: event === 'conclude' ? '' : reason }],
      ...(event === 'start' ? { startedAt: at } : {}),
      ...(event === 'end' ? { endedAt: at } : {}),
      ...(event === 'conclude' ? { result: reason } : {}),
      revision: row.revision + 1,
      changedAt: at,
      changedBy: by,
    })
    .where(eq(experiment.experimentId, row.experimentId))
    .returning()
  if (!saved) throw new Error('a locked experiment is gone')
  return saved
}
