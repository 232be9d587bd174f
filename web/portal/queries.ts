import { queryOptions } from '@tanstack/react-query'
import type { ScheduleKind } from '../../schemas/market/schedules.ts'
import { operations } from '../../schemas/operations.ts'
import type { Product } from '../../schemas/vocabulary/units.ts'
import { ApiProblem, api } from '../shared/api/client.ts'
import { createQueryClient } from '../shared/api/session.ts'
import { followServer } from '../shared/clock.ts'
import { addDays, instantOfLocal } from '../shared/format/time.ts'

/** The portal's answers of the API. */
export const queryClient = createQueryClient()

/** Demo accounts; none in live mode, where the route does not exist. */
export const demoAccountsQuery = queryOptions({
  queryKey: ['demo-accounts'],
  queryFn: async ({ signal }) => {
    try {
      return await api.call(operations.listDemoAccounts, {}, { signal })
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return []
      throw error
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
})

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: async ({ signal }) => {
    const answer = await api.call(operations.readOverview, {}, { signal })
    followServer(answer.at)
    return answer
  },
  meta: { topics: ['telemetry', 'alarms', 'dispatch'] },
  refetchInterval: 60_000,
})

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: ({ signal }) => api.all(operations.listConnections, {}, { signal }),
  meta: { topics: ['telemetry', 'alarms', 'dispatch'] },
})

/** The first ten connections with a text in their name, address, customer or MPAN. */
export const connectionSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['connections', 'search', search],
    queryFn: ({ signal }) => api.call(operations.listConnections, { query: { search, limit: 10 } }, { signal }),
    enabled: search.trim() !== '',
    placeholderData: (before) => before,
  })

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connection', id],
    queryFn: ({ signal }) => api.call(operations.readConnection, { params: { id } }, { signal }),
    meta: { topics: ['telemetry', 'alarms', 'dispatch'] },
  })

export const connectionDayQuery = (id: string, day: string) =>
  queryOptions({
    queryKey: ['connection', id, 'day', day],
    queryFn: ({ signal }) => api.call(operations.readConnectionDay, { params: { id }, query: { day } }, { signal }),
    meta: { topics: ['telemetry', 'dispatch'] },
    placeholderData: (before) => (before?.tradingDay === day ? before : undefined),
  })

export const readingsQuery = (hubId: string) =>
  queryOptions({
    queryKey: ['hub', hubId, 'readings'],
    queryFn: ({ signal }) => api.call(operations.readNewestReadings, { params: { id: hubId } }, { signal }),
    meta: { topics: ['telemetry'] },
  })

/** The latest of what began and ended at a hub. */
export const hubEventsQuery = (hubId: string) =>
  queryOptions({
    queryKey: ['hub', hubId, 'events'],
    queryFn: ({ signal }) =>
      api.call(operations.listHubEvents, { params: { id: hubId }, query: { limit: 20 } }, { signal }),
    meta: { topics: ['telemetry', 'alarms'] },
  })

/** The half-hours of a day of a connection's hub beside those of the customer's monitor. */
export const loadComparisonQuery = (connectionId: string, day: string) =>
  queryOptions({
    queryKey: ['connection', connectionId, 'load-comparison', day],
    queryFn: ({ signal }) => {
      const query = { from: instantOfLocal(`${day}T00:00`), to: instantOfLocal(`${addDays(day, 1)}T00:00`) }
      return api.call(operations.compareLoads, { params: { id: connectionId }, query }, { signal })
    },
    meta: { topics: ['telemetry', 'alarms'] },
  })

export const breachesQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['connection', connectionId, 'breaches'],
    queryFn: ({ signal }) => api.all(operations.listBreaches, { query: { connectionId } }, { signal }),
    meta: { topics: ['telemetry', 'alarms'] },
  })

export const hubsQuery = queryOptions({
  queryKey: ['hubs'],
  queryFn: ({ signal }) => api.call(operations.listHubs, {}, { signal }),
  meta: { topics: ['telemetry'] },
})

export const alarmsQuery = (state: 'open' | 'shelved' | 'suppressed' | 'out-of-service' | 'all') =>
  queryOptions({
    queryKey: ['alarms', state],
    queryFn: ({ signal }) =>
      api.all(
        operations.listAlarms,
        { query: { state, limit: '500' } },
        { signal, maxPages: state === 'all' ? 2 : 20 },
      ),
    meta: { topics: ['alarms'] },
  })

export const alarmJournalQuery = (alarmId: string) =>
  queryOptions({
    queryKey: ['alarms', alarmId, 'journal'],
    queryFn: ({ signal }) => api.call(operations.readAlarmJournal, { params: { id: alarmId } }, { signal }),
    meta: { topics: ['alarms'] },
  })

export const alarmFiguresQuery = (hours: number, operators: number) =>
  queryOptions({
    queryKey: ['alarm-figures', hours, operators],
    queryFn: ({ signal }) => api.call(operations.readAlarmFigures, { query: { hours, operators } }, { signal }),
    meta: { topics: ['alarms'] },
  })

export const alarmTargetsQuery = queryOptions({
  queryKey: ['alarm-targets'],
  queryFn: ({ signal }) => api.call(operations.listAlarmTargets, {}, { signal }),
})

/** Notices that were given up. */
export const alarmNoticesQuery = queryOptions({
  queryKey: ['alarm-notices', 'dead'],
  queryFn: ({ signal }) => api.call(operations.listAlarmNotices, { query: { state: 'dead' } }, { signal }),
})

export const boardQuery = (day: string, product: Product) =>
  queryOptions({
    queryKey: ['board', day, product],
    queryFn: ({ signal }) => api.call(operations.readDispatchBoard, { query: { day, product } }, { signal }),
    meta: { topics: ['dispatch', 'settlement'] },
  })

/** A schedule, or `null` where none has been made. */
export const scheduleQuery = (fuId: string, day: string, kind: ScheduleKind) =>
  queryOptions({
    queryKey: ['schedule', fuId, day, kind],
    queryFn: async ({ signal }) => {
      try {
        return await api.call(operations.readDispatchSchedule, { params: { fuId, day, kind } }, { signal })
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null
        throw error
      }
    },
    meta: { topics: ['dispatch'] },
  })

export const statementsQuery = queryOptions({
  queryKey: ['statements'],
  queryFn: ({ signal }) => api.all(operations.listStatements, {}, { signal }),
  meta: { topics: ['settlement'] },
})

export const statementQuery = (id: string) =>
  queryOptions({
    queryKey: ['statement', id],
    queryFn: ({ signal }) => api.call(operations.readStatement, { params: { id } }, { signal }),
    meta: { topics: ['settlement'] },
  })

export const fspsQuery = queryOptions({
  queryKey: ['fsps'],
  queryFn: ({ signal }) => api.all(operations.listFsps, {}, { signal }),
  meta: { topics: ['market'] },
})

export const flexibleUnitsQuery = queryOptions({
  queryKey: ['flexible-units'],
  queryFn: ({ signal }) => api.all(operations.listFlexibleUnits, {}, { signal }),
  meta: { topics: ['market'] },
})
