import { queryOptions } from '@tanstack/react-query'
import { baselineAccuracy } from '../../schemas/settlement/baselines.ts'
import { heldUpload, unitCompleteness } from '../../schemas/settlement/metering.ts'
import {
  baselineComparison,
  deliveryReport,
  dispute,
  lineExplanation,
  settlementTerms,
} from '../../schemas/settlement/statements.ts'
import { pageOf } from '../../schemas/vocabulary/paging.ts'
import { ask, askAll } from '../shared/api/client.ts'

export const lineExplanationQuery = (statementId: string, lineId: string) =>
  queryOptions({
    queryKey: ['statement', statementId, 'line', lineId],
    queryFn: ({ signal }) => ask(lineExplanation, `/statements/${statementId}/lines/${lineId}/explanation`, { signal }),
    meta: { topics: ['settlement'] },
  })

export const disputesQuery = (statementId: string) =>
  queryOptions({
    queryKey: ['statement', statementId, 'disputes'],
    queryFn: ({ signal }) => askAll(pageOf(dispute), `/statements/${statementId}/disputes`, signal),
    meta: { topics: ['settlement'] },
  })

export const deliveryQuery = (statementId: string) =>
  queryOptions({
    queryKey: ['statement', statementId, 'delivery'],
    queryFn: ({ signal }) => askAll(pageOf(deliveryReport), `/statements/${statementId}/delivery`, signal),
    meta: { topics: ['settlement'] },
  })

/** All baselines of an FU's day, and what each would pay. */
export const baselineComparisonQuery = (fuId: string, day: string) =>
  queryOptions({
    queryKey: ['baselines', fuId, day],
    queryFn: ({ signal }) => ask(baselineComparison, `/flexible-units/${fuId}/baselines?day=${day}`, { signal }),
    meta: { topics: ['settlement'] },
  })

export const baselineAccuracyQuery = (fuId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['baseline-accuracy', fuId, from, to],
    queryFn: ({ signal }) =>
      ask(baselineAccuracy, `/flexible-units/${fuId}/baseline-accuracy?from=${from}&to=${to}`, { signal }),
  })

/** How much of each day of a span is metered, for every FU. */
export const completenessQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['meter-completeness', from, to],
    queryFn: ({ signal }) => askAll(pageOf(unitCompleteness), `/meter-completeness?from=${from}&to=${to}`, signal),
    meta: { topics: ['settlement'] },
  })

export const heldUploadsQuery = queryOptions({
  queryKey: ['held-uploads'],
  queryFn: ({ signal }) => askAll(pageOf(heldUpload), '/held-uploads', signal),
  meta: { topics: ['settlement'] },
})

/** What a contract is settled by. */
export const termsQuery = (contractId: string) =>
  queryOptions({
    queryKey: ['settlement-terms', contractId],
    queryFn: ({ signal }) => ask(settlementTerms, `/contracts/${contractId}/settlement-terms`, { signal }),
    meta: { topics: ['settlement'] },
  })
