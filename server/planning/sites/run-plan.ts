import { and, count, eq, inArray } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { planRunOperations } from '../../../schemas/planning/sites/runs.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { queueRun } from './keep.ts'
import { viewRunSummary } from './store.ts'
import { planRun } from './tables.ts'

/** So that one customer does not keep the others waiting. */
const mostWaiting = 20

/** Queues a run of a scenario with the inputs of now. */
export const runPlan: Verb<typeof planRunOperations.runPlan> = async (call) => {
  const { db, at, id: runId, actor, body } = call
  const { customerId } = actor
  const [{ waiting } = { waiting: 0 }] = await db
    .select({ waiting: count() })
    .from(planRun)
    .where(and(eq(planRun.customerId, customerId), inArray(planRun.state, ['waiting', 'running'])))
  if (waiting >= mostWaiting)
    throw new ProblemError('conflict', `${mostWaiting} of your runs wait already: start another when one is finished.`)
  const row = await queueRun(db, { at, customerId, by: nameOf(actor) }, { runId, ...body })
  if (!row) throw new Error('a new identifier was taken')
  call.audit({
    action: 'plan-run.queued',
    subject: { type: 'plan-run', id: runId },
    detail: { customerId, ...body, name: row.name },
  })
  call.announce('planning')
  return viewRunSummary(row)
}
