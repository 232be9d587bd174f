import { z } from 'zod'
import { customers } from '../../vocabulary/access.ts'
import { csvFile, operation, pdfFile } from '../../vocabulary/operation.ts'
import { instant, instantOrNull, uuid } from '../../vocabulary/units.ts'
import { planInput, planResult, planScenario, planSearch } from './plan.ts'

/** A run of a scenario: what was asked, with every input, and what came of it. It never changes once it is finished. */
export const planRunSummary = z
  .object({
    runId: uuid,
    scenarioId: uuid.describe('The combination of assets that was run.'),
    name: z.string().describe('Its name then.'),
    scenario: planScenario,
    state: z.enum(['waiting', 'running', 'finished', 'failed', 'cancelled']),
    progress: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('How far it is, by the ways that a search has tried or by the steps of a plan; null while it waits.'),
    queuedAt: instant,
    queuedBy: z.string(),
    finishedAt: instantOrNull,
    failure: z.string().nullable(),
    engine: z.string().nullable().describe('The version of the method that made the result.'),
    profileId: uuid.nullable().describe('The application that it became: see the versions of GET /my/sites/{id}.'),
  })
  .meta({ id: 'PlanRunSummary' })
export type PlanRunSummary = z.infer<typeof planRunSummary>

export const planRun = planRunSummary
  .extend({ input: planInput, result: planResult.nullable() })
  .meta({ id: 'PlanRun' })
export type PlanRun = z.infer<typeof planRun>

const difference = z.object({
  peakKw: z.number(),
  capacityKva: z.number(),
  chargingGbpPerWeek: z.string(),
  capitalGbp: z.string(),
  runningGbpPerYear: z.string(),
  totalCostOfOwnershipGbp: z.string(),
})

/** Runs side by side: the figures of each, and how they differ from the first. */
export const planComparison = z
  .object({
    runs: z.array(
      z.object({
        runId: uuid,
        name: z.string(),
        scenario: planScenario,
        peakKw: z.number(),
        peak: z.string().describe('When the peak is.'),
        capacityKva: z.number(),
        extraKva: z.number().nullable(),
        isEnough: z.boolean().nullable().describe('Whether the agreed capacity is enough; null if it is not known.'),
        chargedKwh: z.number(),
        chargingGbpPerWeek: z.string(),
        capitalGbp: z.string(),
        runningGbpPerYear: z.string(),
        totalCostOfOwnershipGbp: z.string(),
        impossibleJourneys: z.number().int(),
        differsByFirst: difference,
      }),
    ),
    explanation: z.string(),
  })
  .meta({ id: 'PlanComparison' })
export type PlanComparison = z.infer<typeof planComparison>

const tags = ['Site planning']
const params = z.object({ id: uuid.meta({ description: 'As GET /my/plan/runs lists it.' }) })

/** Runs of scenarios, beside the requests: ask for a run until it is finished. */
export const planRunOperations = {
  runPlan: operation({
    method: 'post',
    path: '/my/plan/runs',
    access: customers,
    tags,
    summary: 'Run a scenario on a combination of assets',
    description: 'It takes seconds, a large fleet a minute. The inputs are those of now, and are kept with the result.',
    body: z
      .object({
        scenarioId: uuid,
        scenario: planScenario,
        search: planSearch
          .nullable()
          .default(null)
          .describe(
            'Looks for the number and mix of charge points, of the types in the combination, within the space of the site.',
          ),
      })
      .meta({
        id: 'PlanRunForm',
        example: { scenarioId: 'a7c0a2de-3b53-4ee4-9a5c-1b1f34d1a001', scenario: 'least-peak' },
      }),
    answer: planRunSummary,
    problems: ['not-found', 'conflict'],
    idempotent: true,
  }),
  listPlanRuns: operation({
    method: 'get',
    path: '/my/plan/runs',
    access: customers,
    tags,
    summary: 'Own runs, the newest first; at most two hundred',
    query: z.object({ scenarioId: uuid.optional() }),
    answer: z.array(planRunSummary),
  }),
  readPlanRun: operation({
    method: 'get',
    path: '/my/plan/runs/{id}',
    access: customers,
    tags,
    summary: 'A run with its inputs and its result',
    params,
    answer: planRun,
    problems: ['not-found'],
  }),
  cancelPlanRun: operation({
    method: 'post',
    path: '/my/plan/runs/{id}/cancellation',
    access: customers,
    tags,
    summary: 'Cancel a run that waits or is being planned; it has no result',
    params,
    answer: planRunSummary,
    problems: ['not-found', 'conflict'],
  }),
  comparePlanRuns: operation({
    method: 'get',
    path: '/my/plan/comparison',
    access: customers,
    tags,
    summary: 'Finished runs side by side',
    query: z.object({
      runs: z
        .string()
        .max(1_000)
        .describe('Identifiers of two to ten runs, with commas between them; the others are compared with the first.'),
    }),
    answer: planComparison,
    problems: ['not-found', 'conflict'],
  }),
  exportPlanRun: operation({
    method: 'get',
    path: '/my/plan/runs/{id}/csv',
    access: customers,
    tags,
    summary: 'The half-hourly week of a run as CSV',
    params,
    answer: csvFile(),
    problems: ['not-found', 'conflict'],
  }),
  exportPlanRunPdf: operation({
    method: 'get',
    path: '/my/plan/runs/{id}/pdf',
    access: customers,
    tags,
    summary: 'A run on a page: figures, remarks, and the week',
    params,
    answer: pdfFile,
    problems: ['not-found', 'conflict'],
  }),
}
