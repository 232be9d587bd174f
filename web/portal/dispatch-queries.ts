import { queryOptions } from '@tanstack/react-query'
import { emergencyStop } from '../../schemas/dispatch/board.ts'
import { instructionRecord, instructionSummary } from '../../schemas/dispatch/instructions.ts'
import { explanation, optimisation } from '../../schemas/dispatch/optimisation.ts'
import { submittedSchedule } from '../../schemas/market/submissions.ts'
import { pageOf } from '../../schemas/vocabulary/paging.ts'
import type { Product } from '../../schemas/vocabulary/units.ts'
import { ApiProblem, ask, askAll } from '../shared/api/client.ts'

/** All instructions of a day, whatever their product and state. */
export const instructionsQuery = (day: string) =>
  queryOptions({
    queryKey: ['instructions', day],
    queryFn: ({ signal }) => askAll(pageOf(instructionSummary), `/instructions?day=${day}`, signal),
    meta: { topics: ['dispatch'] },
  })

/** One instruction with every sending, question and report. */
export const instructionQuery = (instructionId: string) =>
  queryOptions({
    queryKey: ['instruction', instructionId],
    queryFn: ({ signal }) => ask(instructionRecord, `/instructions/${instructionId}`, { signal }),
    meta: { topics: ['dispatch'] },
  })

export const stopsQuery = queryOptions({
  queryKey: ['dispatch-stops'],
  queryFn: ({ signal }) => askAll(pageOf(emergencyStop), '/dispatch/stops', signal),
  meta: { topics: ['dispatch'] },
})

export const optimisationsQuery = (day: string, product: Product) =>
  queryOptions({
    queryKey: ['optimisations', day, product],
    queryFn: ({ signal }) => askAll(pageOf(optimisation), `/optimisations?day=${day}&product=${product}`, signal),
    meta: { topics: ['dispatch'] },
  })

/** Why a run chose as it did for an FU; `null` where it did not look at it. */
export const explanationQuery = (runId: string, fuId: string) =>
  queryOptions({
    queryKey: ['optimisations', runId, 'units', fuId],
    queryFn: async ({ signal }) => {
      try {
        return await ask(explanation, `/optimisations/${runId}/units/${fuId}`, { signal })
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null
        throw error
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

export const submissionsQuery = (day: string) =>
  queryOptions({
    queryKey: ['submissions', day],
    queryFn: ({ signal }) => askAll(pageOf(submittedSchedule), `/schedules?day=${day}`, signal),
    meta: { topics: ['market'] },
  })
