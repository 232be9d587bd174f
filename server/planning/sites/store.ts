import { and, asc, desc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { type PlanAsset, type PlanAssetKind, planAssetForm } from '../../../schemas/planning/sites/assets.ts'
import type { PlanRun, PlanRunSummary } from '../../../schemas/planning/sites/runs.ts'
import { planAsset, planRun } from './tables.ts'

export type AssetRow = typeof planAsset.$inferSelect
export type RunRow = typeof planRun.$inferSelect

const listedRuns = 200

/** The assets of a customer, by kind and name. */
export async function assetsOf(db: Queryable, customerId: string, kind?: PlanAssetKind): Promise<AssetRow[]> {
  return db
    .select()
    .from(planAsset)
    .where(and(eq(planAsset.customerId, customerId), kind ? eq(planAsset.kind, kind) : undefined))
    .orderBy(asc(planAsset.kind), asc(planAsset.name))
}

/** An asset of a customer; `undefined` if there is none, or it is another's (FM40). */
export async function findAsset(db: Queryable, customerId: string, assetId: string): Promise<AssetRow | undefined> {
  const [row] = await db
    .select()
    .from(planAsset)
    .where(and(eq(planAsset.assetId, assetId), eq(planAsset.customerId, customerId)))
  return row
}

/** An asset of a customer; 404 if there is none. */
export async function assetOf(db: Queryable, customerId: string, assetId: string): Promise<AssetRow> {
  const row = await findAsset(db, customerId, assetId)
  if (!row) throw noAsset(assetId)
  return row
}

export function noAsset(assetId: string): ProblemError {
  return new ProblemError('not-found', `There is no asset ${assetId}: GET /my/plan/assets lists yours.`)
}

export function viewAsset(row: AssetRow): PlanAsset {
  const { assetId, kind, name, content, revision, changedAt, changedBy } = row
  // Read by its schema, so that a member that came later has its default.
  const form = planAssetForm.parse({ kind, name, content })
  return { ...form, assetId, etag: String(revision), changedAt: changedAt.toString(), changedBy }
}

/** Runs of a customer, the newest first. */
export async function runsOf(db: Queryable, customerId: string, scenarioId?: string): Promise<RunRow[]> {
  return db
    .select()
    .from(planRun)
    .where(and(eq(planRun.customerId, customerId), scenarioId ? eq(planRun.scenarioId, scenarioId) : undefined))
    .orderBy(desc(planRun.position))
    .limit(listedRuns)
}

/** A run of a customer; 404 if there is none. */
export async function runOf(db: Queryable, customerId: string, runId: string): Promise<RunRow> {
  const [row] = await db
    .select()
    .from(planRun)
    .where(and(eq(planRun.runId, runId), eq(planRun.customerId, customerId)))
  if (!row) throw new ProblemError('not-found', `There is no run ${runId}: GET /my/plan/runs lists yours.`)
  return row
}

/** A run with its result; 409 while it has none. */
export async function finishedRun(db: Queryable, customerId: string, runId: string) {
  const row = await runOf(db, customerId, runId)
  const { result, finishedAt } = row
  if (result && finishedAt) return { ...row, result, finishedAt }
  throw new ProblemError('conflict', `The run of ${row.name} ${whyNoResult(row)}.`)
}

function whyNoResult({ state, failure }: RunRow): string {
  if (state === 'cancelled') return 'was cancelled: start another'
  return failure === null ? 'is not finished yet: ask again in a few seconds' : `has failed: ${failure}`
}

export function viewRunSummary(row: RunRow): PlanRunSummary {
  const { runId, scenarioId, name, scenario, state, progress, queuedBy, failure, engine, profileId } = row
  const [queuedAt, finishedAt] = [row.queuedAt.toString(), row.finishedAt?.toString() ?? null]
  return {
    runId,
    scenarioId,
    name,
    scenario,
    state,
    progress,
    queuedAt,
    queuedBy,
    finishedAt,
    failure,
    engine,
    profileId,
  }
}

export function viewRun(row: RunRow): PlanRun {
  return { ...viewRunSummary(row), input: row.input, result: row.result }
}
