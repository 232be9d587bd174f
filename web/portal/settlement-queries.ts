import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import type { BaselineMethod } from '../../schemas/settlement/baselines.ts'
import { api } from '../shared/api/client.ts'

export const lineExplanationQuery = (statementId: string, lineId: string) =>
  queryOptions({
    queryKey: ['statement', statementId, 'line', lineId],
    queryFn: ({ signal }) => api.call(operations.explainLine, { params: { id: statementId, lineId } }, { signal }),
    meta: { topics: ['settlement'] },
  })

/** What happened on a day that is over. */
export const dailyReportQuery = (day: string) =>
  queryOptions({
    queryKey: ['daily-report', day],
    queryFn: ({ signal }) => api.call(operations.readDailyReport, { params: { day } }, { signal }),
  })

export const disputesQuery = (statementId: string) =>
  queryOptions({
    queryKey: ['statement', statementId, 'disputes'],
    queryFn: ({ signal }) => api.all(operations.listDisputes, { params: { id: statementId } }, { signal }),
    meta: { topics: ['settlement'] },
  })

export const deliveryQuery = (statementId: string) =>
  queryOptions({
    queryKey: ['statement', statementId, 'delivery'],
    queryFn: ({ signal }) => api.all(operations.listDelivery, { params: { id: statementId } }, { signal }),
    meta: { topics: ['settlement'] },
  })

/** All baselines of an FU's day, and what each would pay. */
export const baselineComparisonQuery = (fuId: string, day: string) =>
  queryOptions({
    queryKey: ['baselines', fuId, day],
    queryFn: ({ signal }) =>
      api.call(operations.compareBaselines, { params: { id: fuId }, query: { day } }, { signal }),
    meta: { topics: ['settlement'] },
  })

export const baselineAccuracyQuery = (fuId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['baseline-accuracy', fuId, from, to],
    queryFn: ({ signal }) =>
      api.call(operations.readBaselineAccuracy, { params: { id: fuId }, query: { from, to } }, { signal }),
  })

/** How much of each day of a span is metered, for every FU. */
export const completenessQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['meter-completeness', from, to],
    queryFn: ({ signal }) => api.all(operations.listCompleteness, { query: { from, to } }, { signal }),
    meta: { topics: ['settlement'] },
  })

export const heldUploadsQuery = queryOptions({
  queryKey: ['held-uploads'],
  queryFn: ({ signal }) => api.all(operations.listHeldUploads, {}, { signal }),
  meta: { topics: ['settlement'] },
})

/** What each contract is settled by. */
export const allTermsQuery = queryOptions({
  queryKey: ['settlement-terms'],
  queryFn: ({ signal }) => api.all(operations.listSettlementTerms, {}, { signal }),
  meta: { topics: ['settlement', 'market'] },
})

/** What a contract is settled by. */
export const termsQuery = (contractId: string) =>
  queryOptions({
    queryKey: ['settlement-terms', contractId],
    queryFn: ({ signal }) => api.call(operations.readSettlementTerms, { params: { id: contractId } }, { signal }),
    meta: { topics: ['settlement'] },
  })

/** A metered day of an FU, as known now. */
export const meteredDayQuery = (fuId: string, day: string) =>
  queryOptions({
    queryKey: ['metered-day', fuId, day],
    queryFn: ({ signal }) => api.call(operations.readMeteredDay, { params: { id: fuId, day } }, { signal }),
    meta: { topics: ['settlement'] },
  })

/** What an FU would have imported on a day, by a method that needs no contract. */
export const baselineQuery = (fuId: string, day: string, method: Exclude<BaselineMethod, 'fixed-reference'>) =>
  queryOptions({
    queryKey: ['baseline', fuId, day, method],
    queryFn: ({ signal }) =>
      api.call(operations.readBaseline, { params: { id: fuId }, query: { day, method } }, { signal }),
    meta: { topics: ['settlement'] },
  })

/** How much of each day of a span is metered, for one FU. */
export const unitCompletenessQuery = (fuId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['meter-completeness', fuId, from, to],
    queryFn: ({ signal }) =>
      api.all(operations.listUnitCompleteness, { params: { id: fuId }, query: { from, to } }, { signal }),
    meta: { topics: ['settlement'] },
  })

/** The meters that an FU's energy is the sum of. */
export const unitMetersQuery = (fuId: string) =>
  queryOptions({
    queryKey: ['unit-meters', fuId],
    queryFn: ({ signal }) => api.call(operations.listUnitMeters, { params: { id: fuId } }, { signal }),
    meta: { topics: ['settlement', 'proposals'] },
  })

/** What an FU delivered of what it was instructed, by issued statements. */
export const reliabilityQuery = (fuId: string) =>
  queryOptions({
    queryKey: ['reliability', fuId],
    queryFn: ({ signal }) => api.call(operations.readUnitReliability, { params: { id: fuId } }, { signal }),
    meta: { topics: ['settlement'] },
  })
