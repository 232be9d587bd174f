import { z } from 'zod'
import { dispatchTotals } from '../dispatch/board.ts'
import { alarmCounts } from '../grid/alarms.ts'
import { connectionSummary } from '../grid/connections.ts'
import { people, users } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, tradingDay } from '../vocabulary/units.ts'
import { topics } from './topics.ts'

/** The overview: every profiled site, the ones that need attention first. */
export const overview = z
  .object({
    at: instant,
    tradingDay,
    sites: z.array(connectionSummary),
    alarms: alarmCounts,
    dispatch: dispatchTotals,
  })
  .meta({ id: 'Overview' })
export type Overview = z.infer<typeof overview>

/** The content of a server-sent event of type `changed`: the view that has changed. The client reloads what it shows. */
export const changed = z
  .object({
    topic: z.enum(topics),
  })
  .meta({ id: 'Changed' })
export type Changed = z.infer<typeof changed>

const tags = ['Portal']

/** What the portal shows across wings. */
export const portalOperations = {
  readOverview: operation({
    method: 'get',
    path: '/overview',
    access: people(),
    tags,
    summary: 'Every site, the alarms and the day’s dispatch',
    answer: overview,
  }),
  followChanges: operation({
    method: 'get',
    path: '/events',
    access: users,
    tags,
    summary: 'Changes as server-sent events: `changed` with the topic that has changed',
    answer: { events: changed },
  }),
}
