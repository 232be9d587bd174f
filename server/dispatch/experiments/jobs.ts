import type { Instant } from '@js-joda/core'
import { and, eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { ExperimentEvent } from '../../../schemas/dispatch/experiments.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import { recordAudit, type ServerContext } from '../../kit/index.ts'
import { missingData } from './data-check.ts'
import { move } from './move-experiment.ts'
import { haltReason } from './rules.ts'
import type { ExperimentRow } from './store.ts'
import { experiment } from './tables.ts'
import { haltFigures } from './what-ran.ts'

const watch = { kind: 'system', name: 'experiment-watch' } as const

/** Halts the experiments whose rule is met, with an alarm, and ends those whose last day is over. */
export async function watchExperiments({ db, announce }: ServerContext, at: Instant): Promise<void> {
  const going = await db
    .select({ experimentId: experiment.experimentId })
    .from(experiment)
    .where(inArray(experiment.state, ['operation', 'halted']))
  let changed = false
  for (const { experimentId } of going)
    changed = (await db.transaction((tx) => watchOne(tx, at, experimentId))) || changed
  if (changed) announce('alarms')
}

/** Several servers watch: the one that has locked an experiment looks at it. @returns whether its alarm changed */
async function watchOne(tx: Queryable, at: Instant, experimentId: string): Promise<boolean> {
  const isGoing = and(eq(experiment.experimentId, experimentId), inArray(experiment.state, ['operation', 'halted']))
  const [row] = await tx.select().from(experiment).where(isGoing).for('update', { skipLocked: true })
  if (!row) return false
  if (tradingDayOf(at).isAfter(row.lastDay)) return endPassed(tx, at, row)
  if (row.state === 'halted') return false
  const { breaches, failedInstructions } = await haltFigures(tx, at, row)
  const missing = row.haltRule.onMissingData ? await missingData(tx, at, row) : []
  const reason = haltReason(row.haltRule, { breaches, failedInstructions, missing })
  return reason === null ? false : halt(tx, at, row, reason)
}

async function halt(tx: Queryable, at: Instant, row: ExperimentRow, reason: string): Promise<boolean> {
  await moveBySystem(tx, at, row, { event: 'halt', reason })
  return raiseAlarm(tx, at, {
    kind: 'experiment-halted',
    source: { type: 'experiment', id: row.experimentId, name: row.name },
    message: `The experiment ${row.name} is halted: ${reason}.`,
  })
}

async function endPassed(tx: Queryable, at: Instant, row: ExperimentRow): Promise<boolean> {
  await moveBySystem(tx, at, row, { event: 'end', reason: 'Its last day is over.' })
  return clearAlarm(tx, at, { kind: 'experiment-halted', sourceId: row.experimentId })
}

async function moveBySystem(
  tx: Queryable,
  at: Instant,
  row: ExperimentRow,
  { event, reason }: { event: ExperimentEvent; reason: string },
): Promise<void> {
  const saved = await move(tx, at, row, { event, by: 'system', reason })
  await recordAudit(tx, at, watch, {
    action: `experiment.${event}`,
    subject: { type: 'experiment', id: row.experimentId },
    detail: { name: row.name, reason, from: row.state, to: saved.state },
  })
}
