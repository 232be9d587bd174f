import { and, eq, inArray } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { planRunOperations } from '../../../schemas/planning/sites/runs.ts'
import type { Verb } from '../../kit/index.ts'
import { runOf, viewRunSummary } from './store.ts'
import { planRun } from './tables.ts'

/** Cancels a run that waits or is planned. The server that plans it notices, and stores nothing. */
export const cancelPlanRun: Verb<typeof planRunOperations.cancelPlanRun> = async ({ db, at, actor, params, audit }) => {
  const { name, customerId } = await runOf(db, actor.customerId, params.id)
  const [row] = await db
    .update(planRun)
    .set({ state: 'cancelled', finishedAt: at })
    .where(and(eq(planRun.runId, params.id), inArray(planRun.state, ['waiting', 'running'])))
    .returning()
  if (!row) throw new ProblemError('conflict', `The run of ${name} has ended already: there is nothing to cancel.`)
  audit({ action: 'plan-run.cancelled', subject: { type: 'plan-run', id: row.runId }, detail: { customerId, name } })
  return viewRunSummary(row)
}
