import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { PlanAssetForm } from '../../../schemas/planning/sites/assets.ts'
import type { PlanScenario, PlanSearch } from '../../../schemas/planning/sites/plan.ts'
import { resolveScenario } from './resolve.ts'
import type { RunRow } from './store.ts'
import { planAsset, planRun } from './tables.ts'

/** Who keeps something for a customer, and when. */
export interface Keeper {
  at: Instant
  customerId: string
  by: string
}

/** Adds an asset as it is given, if there is none by its identifier. */
export async function addAsset(db: Queryable, keeper: Keeper, assetId: string, form: PlanAssetForm): Promise<void> {
  const { at: changedAt, by: changedBy, customerId } = keeper
  await db
    .insert(planAsset)
    .values({ assetId, customerId, ...form, changedAt, changedBy })
    .onConflictDoNothing()
}

/** A run that is asked for. */
export interface AskedRun {
  runId: string
  scenarioId: string
  scenario: PlanScenario
  search: PlanSearch | null
}

/** Queues a run with the inputs of now; one that is there already stays, and is not returned. */
export async function queueRun(db: Queryable, keeper: Keeper, asked: AskedRun): Promise<RunRow | undefined> {
  const { at: queuedAt, by: queuedBy, customerId } = keeper
  const { runId, scenarioId, scenario, search } = asked
  const { name, input } = await resolveScenario(db, customerId, scenarioId, { scenario, search })
  const [row] = await db
    .insert(planRun)
    .values({ runId, customerId, scenarioId, scenario, name, state: 'waiting', input, queuedAt, queuedBy })
    .onConflictDoNothing()
    .returning()
  return row
}
