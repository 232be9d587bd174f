import type { Instant } from '@js-joda/core'
import { and, asc, eq, isNull, lt, or } from 'drizzle-orm'
import type { Timer } from '../../../platform/clock/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { engineVersion } from './engine/plan.ts'
import { createPlanner, type Planner } from './planner.ts'
import type { RunRow } from './store.ts'
import { planRun } from './tables.ts'

const everyMs = 5_000
/** A run that was begun so long ago, and is not finished, was left by a server that died. */
const takeOverAfterS = 600

/** Plans what waits, every few seconds. */
export function sitePlanJobs(context: ServerContext): Timer[] {
  return [context.clock.every('site-plans', everyMs, (at) => runWaitingPlans(context, at))]
}

/** Plans every run that waits, the oldest first. Rows keep it to one server for each. */
export async function runWaitingPlans(context: ServerContext, at: Instant): Promise<void> {
  const planner = createPlanner()
  try {
    for (let run = await begin(context, at); run; run = await begin(context, at)) await carryOut(context, planner, run)
  } finally {
    await planner.leave()
  }
}

async function begin({ db }: ServerContext, at: Instant): Promise<RunRow | undefined> {
  return db.transaction(async (tx) => {
    const isFree = or(isNull(planRun.startedAt), lt(planRun.startedAt, at.minusSeconds(takeOverAfterS)))
    const [run] = await tx
      .select()
      .from(planRun)
      .where(and(eq(planRun.state, 'waiting'), isFree))
      .orderBy(asc(planRun.queuedAt), asc(planRun.runId))
      .limit(1)
      .for('update', { skipLocked: true })
    if (run) await tx.update(planRun).set({ startedAt: at }).where(eq(planRun.runId, run.runId))
    return run
  })
}

async function carryOut({ db, clock, log }: ServerContext, planner: Planner, run: RunRow): Promise<void> {
  const ended = await planner.plan(run.input).then(
    (result) => ({ state: 'finished' as const, result }),
    (error) => {
      log.error({ err: error, run: run.runId }, 'a site was not planned')
      const failure =
        'The plan could not be made, through no fault of yours. The operator of this system has been told.'
      return { state: 'failed' as const, failure }
    },
  )
  await db
    .update(planRun)
    .set({ ...ended, engine: engineVersion, finishedAt: clock.now() })
    .where(eq(planRun.runId, run.runId))
}
