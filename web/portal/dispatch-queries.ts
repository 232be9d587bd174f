import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import type { Product } from '../../schemas/vocabulary/units.ts'
import { ApiProblem, api } from '../shared/api/client.ts'

/** All instructions of a day, whatever their product and state. */
export const instructionsQuery = (day: string) =>
  queryOptions({
    queryKey: ['instructions', day],
    queryFn: ({ signal }) => api.all(operations.listInstructions, { query: { day } }, { signal }),
    meta: { topics: ['dispatch'] },
  })

/** One instruction with every sending, question and report. */
export const instructionQuery = (instructionId: string) =>
  queryOptions({
    queryKey: ['instruction', instructionId],
    queryFn: ({ signal }) => api.call(operations.readInstruction, { params: { id: instructionId } }, { signal }),
    meta: { topics: ['dispatch'] },
  })

/** How FUs follow what they are instructed now. */
export const deliveryQuery = queryOptions({
  queryKey: ['delivery'],
  queryFn: ({ signal }) => api.call(operations.listDeliverySeen, { query: { hours: 1 } }, { signal }),
  meta: { topics: ['dispatch', 'alarms'] },
  refetchInterval: 60_000,
})

/** What is missing of the instruction of an FU, and who could make it good; `null` where nothing is instructed any more. */
export const reserveQuery = (fuId: string, nodeId: string | undefined) =>
  queryOptions({
    queryKey: ['reserve', fuId, nodeId ?? ''],
    queryFn: async ({ signal }) => {
      try {
        const query = nodeId === undefined ? {} : { nodeId }
        return await api.call(operations.readReserve, { params: { fuId }, query }, { signal })
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 409) return null
        throw error
      }
    },
    meta: { topics: ['dispatch', 'alarms'] },
    refetchInterval: 60_000,
  })

export const stopsQuery = queryOptions({
  queryKey: ['dispatch-stops'],
  queryFn: ({ signal }) => api.all(operations.listStops, {}, { signal }),
  meta: { topics: ['dispatch'] },
})

export const optimisationsQuery = (day: string, product: Product) =>
  queryOptions({
    queryKey: ['optimisations', day, product],
    queryFn: ({ signal }) => api.all(operations.listOptimisations, { query: { day, product } }, { signal }),
    meta: { topics: ['dispatch'] },
  })

/** What the latest runs over a day chose of each FU, and why no more. */
export const latestChoicesQuery = (day: string) =>
  queryOptions({
    queryKey: ['latest-choices', day],
    queryFn: ({ signal }) => api.all(operations.listLatestChoices, { query: { day } }, { signal }),
    meta: { topics: ['dispatch'] },
  })

/** Why a run chose as it did for an FU; `null` where it did not look at it. */
export const explanationQuery = (runId: string, fuId: string) =>
  queryOptions({
    queryKey: ['optimisations', runId, 'units', fuId],
    queryFn: async ({ signal }) => {
      try {
        return await api.call(operations.explainChoice, { params: { runId, fuId } }, { signal })
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
    queryFn: ({ signal }) => api.all(operations.listSubmittedSchedules, { query: { day } }, { signal }),
    meta: { topics: ['market'] },
  })

/** The latest import limits that were sent to FSPs, of all connections or one. */
export const importLimitsQuery = (connectionId?: string) =>
  queryOptions({
    queryKey: ['import-limits', connectionId ?? 'all'],
    queryFn: ({ signal }) => {
      const query = connectionId === undefined ? { limit: 200 } : { limit: 200, connectionId }
      return api.call(operations.listImportLimits, { query }, { signal })
    },
    meta: { topics: ['dispatch', 'alarms'] },
    refetchInterval: 60_000,
  })

/** One import limit with every sending. */
export const importLimitQuery = (limitId: string) =>
  queryOptions({
    queryKey: ['import-limits', 'one', limitId],
    queryFn: ({ signal }) => api.call(operations.readImportLimit, { params: { id: limitId } }, { signal }),
    meta: { topics: ['dispatch', 'alarms'] },
  })

/** When the FSPs at a connection are sent a fail-safe limit. */
export const failSafePolicyQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['fail-safe-policy', connectionId],
    queryFn: ({ signal }) => api.call(operations.readFailSafePolicy, { params: { id: connectionId } }, { signal }),
  })

/** Made-up networks to rehearse on, by name. */
export const pseudoNetworksQuery = queryOptions({
  queryKey: ['pseudo-networks'],
  queryFn: ({ signal }) => api.all(operations.listPseudoNetworks, {}, { signal }),
})

/** The latest rehearsals on a pseudo-network. */
export const rehearsalsQuery = (pseudoNetworkId: string) =>
  queryOptions({
    queryKey: ['pseudo-networks', pseudoNetworkId, 'rehearsals'],
    queryFn: ({ signal }) =>
      api.call(operations.listRehearsals, { params: { id: pseudoNetworkId }, query: { limit: 50 } }, { signal }),
    meta: { topics: ['dispatch'] },
  })

/** The latest live readings of an FU; the server keeps those of before, too. */
export const liveReadingsQuery = (fuId: string) =>
  queryOptions({
    queryKey: ['live-readings', fuId],
    queryFn: ({ signal }) => api.call(operations.listLiveReadings, { params: { id: fuId } }, { signal }),
    meta: { topics: ['dispatch'] },
    refetchInterval: 60_000,
  })
