import { and, count, eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { planRunOperations } from '../../../schemas/planning/sites/runs.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { resolveScenario } from './resolve.ts'
import { viewRunSummary } from './store.ts'
import { planRun } from './tables.ts'

/** So that one customer does not keep the others waiting. */
const mostWaiting = 20

/** Queues a run of a scenario with the inputs of now. */
export const runPlan: Verb<typeof planRunOperations.runPlan> = async (call) => {
  const { db, at, id: runId, actor, body } = call
  const { customerId } = actor
  const { scenarioId, scenario, search } = body
  const [{ waiting } = { waiting: 0 }] = await db
    .select({ waiting: count() })
    .from(planRun)
    .where(and(eq(planRun.customerId, customerId), eq(planRun.state, 'waiting')))
  if (waiting >= mostWaiting)
    throw new ProblemError('conflict', `${mostWaiting} of your runs wait already: start another when one is finished.`)
  const { name, input } = await resolveScenario(db, customerId, scenarioId, { scenario, search })
  const [row] = await db
    .insert(planRun)
    .values({
      runId,
      customerId,
      scenarioId,
      scenario,
      name,
      state: 'waiting',
      input,
      queuedAt: at,
      queuedBy: nameOf(actor),
    })
    .returning()
  if (!row) throw new Error('an insert returned no row')
  call.audit({
    action: 'plan-run.queued',
    subject: { type: 'plan-run', id: runId },
    detail: { customerId, ...body, name },
  })
  return viewRunSummary(row)
}
