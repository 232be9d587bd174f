import { QueryClient, queryOptions } from '@tanstack/react-query'
import { fspOperations } from '../../schemas/fsp/operations.ts'
import type { RegisterName } from '../../schemas/fsp/registers/index.ts'
import { followServer } from '../shared/clock.ts'
import { ApiProblem, api } from './api.ts'

/** What changes from minute to minute is asked for this often while it is on the screen, ms. */
const livelyMs = 10_000

/** One cache of the API's answers for the whole portal. */
export const queryClient = new QueryClient({
  defaultOptions: {
    // Without a network a call fails at once and is told; it would otherwise wait in silence.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && error instanceof ApiProblem && [0, 503].includes(error.status),
    },
  },
})

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const answer = await api.call(fspOperations.readSession, {}, { signal })
    followServer(answer.at)
    return answer
  },
  staleTime: 60_000,
  refetchInterval: 60_000,
})

export const depotsQuery = queryOptions({
  queryKey: ['depots'],
  queryFn: ({ signal }) => api.call(fspOperations.listDepots, {}, { signal }),
  refetchInterval: livelyMs,
})

export const depotQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['depot', depotId],
    queryFn: ({ signal }) => api.call(fspOperations.readDepot, { params: { depotId } }, { signal }),
    refetchInterval: livelyMs,
  })

export const hierarchyQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['depot', depotId, 'hierarchy'],
    queryFn: ({ signal }) => api.call(fspOperations.readHierarchy, { params: { depotId } }, { signal }),
    refetchInterval: livelyMs,
  })

export const explanationQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['depot', depotId, 'explanation'],
    queryFn: ({ signal }) => api.call(fspOperations.explainDepot, { params: { depotId } }, { signal }),
    refetchInterval: livelyMs,
  })

/** A span of a depot's history, by steps of five minutes. @param to not included */
export const historyQuery = (depotId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['depot', depotId, 'history', from, to],
    queryFn: ({ signal }) =>
      api.call(
        fspOperations.readDepotHistory,
        { params: { depotId }, query: { from, to, stepMinutes: 5 } },
        { signal },
      ),
    refetchInterval: 60_000,
  })

export const averagesQuery = (depotId: string, dayType: 'weekday' | 'weekend') =>
  queryOptions({
    queryKey: ['depot', depotId, 'averages', dayType],
    queryFn: ({ signal }) =>
      api.call(fspOperations.readDepotAverages, { params: { depotId }, query: { dayType } }, { signal }),
  })

export const planQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['depot', depotId, 'plan'],
    queryFn: ({ signal }) => api.call(fspOperations.readDepotPlan, { params: { depotId } }, { signal }),
    refetchInterval: 60_000,
  })

export const processesQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['depot', depotId, 'processes'],
    queryFn: ({ signal }) => api.call(fspOperations.listProcesses, { params: { depotId } }, { signal }),
    refetchInterval: livelyMs,
  })

export const emergenciesQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['depot', depotId, 'emergencies'],
    queryFn: ({ signal }) => api.call(fspOperations.listEmergencies, { params: { depotId } }, { signal }),
  })

/** Open alarms, of one depot or of all that the person sees. */
export const alarmsQuery = (depotId?: string) =>
  queryOptions({
    queryKey: ['alarms', depotId ?? 'all'],
    queryFn: ({ signal }) =>
      api.call(fspOperations.listDepotAlarms, { query: depotId === undefined ? {} : { depotId } }, { signal }),
    refetchInterval: livelyMs,
  })

/** Every entry in use of a register. Each register has its own data; here they are read as what is common to all. */
export const registerQuery = (name: RegisterName) =>
  queryOptions({
    queryKey: ['register', name],
    queryFn: ({ signal }) =>
      api.call(fspOperations.registers[name].list as typeof fspOperations.registers.depots.list, {}, { signal }),
  })

/** Every version of an entry, the oldest first. */
export const registerHistoryQuery = (name: RegisterName, key: string) =>
  queryOptions({
    queryKey: ['register', name, key, 'history'],
    queryFn: ({ signal }) =>
      api.call(
        fspOperations.registers[name].history as typeof fspOperations.registers.depots.history,
        { params: { key } },
        { signal },
      ),
  })

/** What appeared and is not registered. */
export const unknownQuery = queryOptions({
  queryKey: ['unknown'],
  queryFn: ({ signal }) => api.call(fspOperations.listUnknown, {}, { signal }),
  refetchInterval: 60_000,
})

/** What does not fit the registers, and nobody has resolved yet. */
export const warningsQuery = queryOptions({
  queryKey: ['warnings'],
  queryFn: ({ signal }) => api.call(fspOperations.listWarnings, {}, { signal }),
  refetchInterval: 60_000,
})

/** Commissioning runs of a depot, the newest first. */
export const commissioningQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['depot', depotId, 'commissioning'],
    queryFn: ({ signal }) => api.call(fspOperations.listCommissioning, { params: { depotId } }, { signal }),
    refetchInterval: livelyMs,
  })

/** One run; asked for often while it runs. */
export const runQuery = (depotId: string, runId: string) =>
  queryOptions({
    queryKey: ['depot', depotId, 'commissioning', runId],
    queryFn: ({ signal }) => api.call(fspOperations.readCommissioning, { params: { depotId, runId } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 2_000 : false),
  })

export const earningsQuery = (month: string) =>
  queryOptions({
    queryKey: ['earnings', month],
    queryFn: ({ signal }) => api.call(fspOperations.readEarnings, { query: { month } }, { signal }),
  })

export const tenderAnswersQuery = queryOptions({
  queryKey: ['tender-answers'],
  queryFn: ({ signal }) => api.call(fspOperations.listTenderAnswers, {}, { signal }),
})

export const choicesQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['depot', depotId, 'choices'],
    queryFn: ({ signal }) => api.call(fspOperations.listOwnChoices, { params: { depotId } }, { signal }),
    refetchInterval: 60_000,
  })

export const feedsQuery = queryOptions({
  queryKey: ['feeds'],
  queryFn: ({ signal }) => api.call(fspOperations.listDepotFeeds, {}, { signal }),
  refetchInterval: livelyMs,
})

export const feedFaultsQuery = (feedId: string) =>
  queryOptions({
    queryKey: ['feeds', feedId, 'faults'],
    queryFn: ({ signal }) => api.call(fspOperations.listFeedFaults, { params: { feedId } }, { signal }),
  })

export const homeUnitQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['home-unit', depotId],
    queryFn: ({ signal }) => api.call(fspOperations.readHomeUnit, { params: { depotId } }, { signal }),
    refetchInterval: livelyMs,
  })

export const homeReliabilityQuery = (depotId: string) =>
  queryOptions({
    queryKey: ['home-unit', depotId, 'reliability'],
    queryFn: ({ signal }) => api.call(fspOperations.readHomeReliability, { params: { depotId } }, { signal }),
    refetchInterval: 60_000,
  })

export const homeEnvelopeQuery = (depotId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['home-unit', depotId, 'envelope', from, to],
    queryFn: ({ signal }) =>
      api.call(fspOperations.readHomeEnvelope, { params: { depotId }, query: { from, to } }, { signal }),
    refetchInterval: 60_000,
  })

export const vanStatisticsQuery = (depotId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['home-unit', depotId, 'statistics', from, to],
    queryFn: ({ signal }) =>
      api.call(fspOperations.readVanStatistics, { params: { depotId }, query: { from, to } }, { signal }),
  })
