import { QueryClient, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { demoAccount, session } from '../../schemas/access/sessions.ts'
import { dispatchBoard } from '../../schemas/dispatch/board.ts'
import { alarm, alarmFigures, alarmJournalEntry, alarmNotice, alarmTarget } from '../../schemas/grid/alarms.ts'
import {
  breach,
  connection,
  connectionDay,
  connectionSummary,
  hubState,
  latestReading,
} from '../../schemas/grid/connections.ts'
import { flexibleUnit, fsp } from '../../schemas/market/parties.ts'
import { dispatchSchedule, type ScheduleKind } from '../../schemas/market/schedules.ts'
import { overview } from '../../schemas/portal/portal.ts'
import { statement, statementSummary } from '../../schemas/settlement/statements.ts'
import { pageOf } from '../../schemas/vocabulary/paging.ts'
import { ApiProblem, ask, askAll } from '../shared/api/client.ts'
import { followServer } from '../shared/clock.ts'

/** One cache of the API's answers for the whole portal. Answers stay fresh until news of their topic come (shared/api/live.ts). */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && error instanceof ApiProblem && [0, 503].includes(error.status),
    },
  },
})

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const answer = await ask(session, '/session', { signal })
    followServer(answer.at)
    return answer
  },
  staleTime: 5 * 60_000,
})

const demoAccounts = z.array(demoAccount)

/** Demo accounts; none in live mode, where the route does not exist. */
export const demoAccountsQuery = queryOptions({
  queryKey: ['demo-accounts'],
  queryFn: async ({ signal }) => {
    try {
      return await ask(demoAccounts, '/demo-accounts', { signal })
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
    const answer = await ask(overview, '/overview', { signal })
    followServer(answer.at)
    return answer
  },
  meta: { topics: ['telemetry', 'alarms', 'dispatch'] },
  refetchInterval: 60_000,
})

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: ({ signal }) => askAll(pageOf(connectionSummary), '/connections', signal),
  meta: { topics: ['telemetry', 'alarms', 'dispatch'] },
})

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connection', id],
    queryFn: ({ signal }) => ask(connection, `/connections/${id}`, { signal }),
    meta: { topics: ['telemetry', 'alarms', 'dispatch'] },
  })

export const connectionDayQuery = (id: string, day: string) =>
  queryOptions({
    queryKey: ['connection', id, 'day', day],
    queryFn: ({ signal }) => ask(connectionDay, `/connections/${id}/day?day=${day}`, { signal }),
    meta: { topics: ['telemetry', 'dispatch'] },
    placeholderData: (before) => (before?.tradingDay === day ? before : undefined),
  })

export const readingsQuery = (hubId: string) =>
  queryOptions({
    queryKey: ['hub', hubId, 'readings'],
    queryFn: ({ signal }) => ask(z.array(latestReading), `/hubs/${hubId}/readings`, { signal }),
    meta: { topics: ['telemetry'] },
  })

export const breachesQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['connection', connectionId, 'breaches'],
    queryFn: ({ signal }) => askAll(pageOf(breach), `/breaches?connectionId=${connectionId}`, signal),
    meta: { topics: ['telemetry', 'alarms'] },
  })

export const hubsQuery = queryOptions({
  queryKey: ['hubs'],
  queryFn: ({ signal }) => ask(z.array(hubState), '/hubs', { signal }),
  meta: { topics: ['telemetry'] },
})

export const alarmsQuery = (state: 'open' | 'shelved' | 'suppressed' | 'all') =>
  queryOptions({
    queryKey: ['alarms', state],
    queryFn: ({ signal }) =>
      askAll(pageOf(alarm), `/alarms?state=${state}&limit=500`, signal, state === 'all' ? 2 : 20),
    meta: { topics: ['alarms'] },
  })

export const alarmJournalQuery = (alarmId: string) =>
  queryOptions({
    queryKey: ['alarms', alarmId, 'journal'],
    queryFn: ({ signal }) => ask(z.array(alarmJournalEntry), `/alarms/${alarmId}/journal`, { signal }),
    meta: { topics: ['alarms'] },
  })

export const alarmFiguresQuery = (hours: number, operators: number) =>
  queryOptions({
    queryKey: ['alarm-figures', hours, operators],
    queryFn: ({ signal }) => ask(alarmFigures, `/alarm-figures?hours=${hours}&operators=${operators}`, { signal }),
    meta: { topics: ['alarms'] },
  })

export const alarmTargetsQuery = queryOptions({
  queryKey: ['alarm-targets'],
  queryFn: ({ signal }) => ask(z.array(alarmTarget), '/alarm-targets', { signal }),
})

/** Notices that were given up. */
export const alarmNoticesQuery = queryOptions({
  queryKey: ['alarm-notices', 'dead'],
  queryFn: ({ signal }) => ask(z.array(alarmNotice), '/alarm-notices?state=dead', { signal }),
})

export const boardQuery = (day: string, product: 'A' | 'B' | 'C') =>
  queryOptions({
    queryKey: ['board', day, product],
    queryFn: ({ signal }) => ask(dispatchBoard, `/dispatch/board?day=${day}&product=${product}`, { signal }),
    meta: { topics: ['dispatch', 'settlement'] },
  })

/** A schedule, or `null` where none has been made. */
export const scheduleQuery = (fuId: string, day: string, kind: ScheduleKind) =>
  queryOptions({
    queryKey: ['schedule', fuId, day, kind],
    queryFn: async ({ signal }) => {
      try {
        return await ask(dispatchSchedule, `/dispatch-schedules/${fuId}/${day}/${kind}`, { signal })
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null
        throw error
      }
    },
    meta: { topics: ['dispatch'] },
  })

export const statementsQuery = queryOptions({
  queryKey: ['statements'],
  queryFn: ({ signal }) => askAll(pageOf(statementSummary), '/statements', signal),
  meta: { topics: ['settlement'] },
})

export const statementQuery = (id: string) =>
  queryOptions({
    queryKey: ['statement', id],
    queryFn: ({ signal }) => ask(statement, `/statements/${id}`, { signal }),
    meta: { topics: ['settlement'] },
  })

export const fspsQuery = queryOptions({
  queryKey: ['fsps'],
  queryFn: ({ signal }) => askAll(pageOf(fsp), '/fsps', signal),
  meta: { topics: ['market'] },
})

export const flexibleUnitsQuery = queryOptions({
  queryKey: ['flexible-units'],
  queryFn: ({ signal }) => askAll(pageOf(flexibleUnit), '/flexible-units', signal),
  meta: { topics: ['market'] },
})
