import type { Instant } from '@js-joda/core'
import { and, asc, eq, gte, lte, or, sql } from 'drizzle-orm'
import type { Timer } from '../../../platform/clock/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import {
  keepRun,
  lostAfterS,
  lostFailure,
  mostAttempts,
  RunGivenUp,
  type ServerContext,
  watchQueue,
} from '../../kit/index.ts'
import { engineVersion } from './engine/plan.ts'
import { createPlanner, type Planner } from './planner.ts'
import type { RunRow } from './store.ts'
import { planRun } from './tables.ts'

const everyMs = 5_000

/** Plans what waits, within a few seconds. */
export function sitePlanJobs(context: ServerContext): Timer[] {
  return [watchQueue(context, { name: 'site-plans', everyMs, topic: 'planning' }, (at) => runWaitingPlans(context, at))]
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

/** Takes the run that has waited longest, or one that its server left. */
async function begin({ db }: ServerContext, at: Instant): Promise<RunRow | undefined> {
  const lost = and(eq(planRun.state, 'running'), lte(planRun.aliveAt, at.minusSeconds(lostAfterS)))
  await db
    .update(planRun)
    .set({ state: 'failed', finishedAt: at, failure: lostFailure })
    .where(and(lost, gte(planRun.attempts, mostAttempts)))
  const next = db
    .select({ runId: planRun.runId })
    .from(planRun)
    .where(or(eq(planRun.state, 'waiting'), lost))
    .orderBy(asc(planRun.position))
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await db
    .update(planRun)
    .set({ state: 'running', startedAt: at, aliveAt: at, progress: 0, attempts: sql`${planRun.attempts} + 1` })
    .where(eq(planRun.runId, sql`(${next})`))
    .returning()
  return row
}

async function carryOut({ db, clock, log }: ServerContext, planner: Planner, run: RunRow): Promise<void> {
  const alive = (progress: number) => changeOwn(db, run, { aliveAt: clock.now(), progress })
  const ended = await keepRun(clock, `plan-run ${run.runId}`, alive, (watch) => planner.plan(run.input, watch)).then(
    (result) => ({ state: 'finished' as const, progress: 1, result }),
    (error) => {
      if (error instanceof RunGivenUp) return null
      log.error({ err: error, run: run.runId }, 'a site was not planned')
      const failure =
        'The plan could not be made, through no fault of yours. The operator of this system has been told.'
      return { state: 'failed' as const, failure }
    },
  )
  if (ended) await changeOwn(db, run, { ...ended, engine: engineVersion, finishedAt: clock.now() })
}

/** Changes a run that this server plans; `false` if it was cancelled meanwhile, or another server has it. */
async function changeOwn(db: Queryable, { runId, attempts }: RunRow, set: Partial<RunRow>): Promise<boolean> {
  const own = and(eq(planRun.runId, runId), eq(planRun.state, 'running'), eq(planRun.attempts, attempts))
  const changed = await db.update(planRun).set(set).where(own).returning({ runId: planRun.runId })
  return changed.length > 0
}
