import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ProfileLimits } from '../../../schemas/grid/profiles.ts'
import { planAssetOperations } from '../../../schemas/planning/sites/assets.ts'
import { planRunOperations } from '../../../schemas/planning/sites/runs.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { bind, fileAfter, report } from '../../kit/index.ts'
import { backgroundOf } from './background.ts'
import { cancelPlanRun } from './cancel-run.ts'
import { comparisonOf } from './compare-rules.ts'
import { limitsOf, planCsv } from './export-rules.ts'
import { uploadMeterHistory } from './meter-history.ts'
import { planPdf } from './pdf.ts'
import { runPlan } from './run-plan.ts'
import { removePlanAsset, savePlanAsset } from './save-asset.ts'
import { assetOf, assetsOf, finishedRun, runOf, runsOf, viewAsset, viewRun, viewRunSummary } from './store.ts'
import { planRun } from './tables.ts'

export { runWaitingPlans, sitePlanJobs } from './jobs.ts'
export { addAsset, queueRun } from './keep.ts'
export { requireSite } from './meter-history.ts'
export { type TakenHistories, takeHistories } from './take-histories.ts'

const [fewestCompared, mostCompared] = [2, 10]

/** What customers' plans are made of. */
export const planAssets = bind(planAssetOperations, {
  listPlanAssets: async ({ db, actor, query }) => (await assetsOf(db, actor.customerId, query.kind)).map(viewAsset),
  readPlanAsset: async ({ db, actor, params }) => viewAsset(await assetOf(db, actor.customerId, params.assetId)),
  savePlanAsset,
  removePlanAsset,
  uploadMeterHistory: fileAfter(
    ({ db, actor, params }) => assetOf(db, actor.customerId, params.assetId),
    uploadMeterHistory,
  ),
  readSiteBackground: ({ db, actor, params }) => backgroundOf(db, actor.customerId, params.assetId),
})

/** Runs of customers' plans. */
export const planRuns = bind(planRunOperations, {
  runPlan,
  cancelPlanRun,
  listPlanRuns: async ({ db, actor, query }) =>
    (await runsOf(db, actor.customerId, query.scenarioId)).map(viewRunSummary),
  readPlanRun: async ({ db, actor, params }) => viewRun(await runOf(db, actor.customerId, params.id)),

  async comparePlanRuns({ db, actor, query }) {
    const ids = query.runs.split(',').map((id) => id.trim())
    if (ids.length < fewestCompared || ids.length > mostCompared)
      throw new ProblemError('conflict', `Name ${fewestCompared} to ${mostCompared} runs with commas between them.`)
    const runs: Awaited<ReturnType<typeof finishedRun>>[] = []
    for (const id of ids) runs.push(await finishedRun(db, actor.customerId, id))
    return comparisonOf(runs)
  },

  async exportPlanRun({ db, actor, params }) {
    const { name, result } = await finishedRun(db, actor.customerId, params.id)
    return { content: planCsv(result), name: `${name} ${result.scenario}.csv` }
  },

  exportPlanRunPdf: report(async ({ db, actor, params }) => {
    const { name, result, finishedAt } = await finishedRun(db, actor.customerId, params.id)
    const printed = { name, result, finishedAt }
    return { content: new Uint8Array(await planPdf(printed)), name: `${name} ${result.scenario}.pdf` }
  }),
})

/** The import limits that a finished run needs, with a note on where they come from; refused where it needs journeys that cannot be made. */
export async function limitsOfRun(
  db: Queryable,
  customerId: string,
  runId: string,
  marginPercent: number,
): Promise<{ limits: ProfileLimits; note: string }> {
  const { name, result, finishedAt } = await finishedRun(db, customerId, runId)
  const made = `${name} (${result.scenario}), planned at ${momentInWords(finishedAt)} by ${result.engine}`
  const note = `Site plan ${made}: ${result.capacityKva.toFixed(1)} kVA, ${marginPercent} % margin.`
  return { limits: limitsOf(result, marginPercent), note }
}

/** Notes the application that a run became. */
export async function noteApplication(tx: Queryable, runId: string, profileId: string): Promise<void> {
  await tx.update(planRun).set({ profileId }).where(eq(planRun.runId, runId))
}
