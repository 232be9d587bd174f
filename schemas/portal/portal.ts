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

/** The kinds of things that have a name beside their identifier, as the audit trail calls them. */
export const namedKinds = [
  'account',
  'connection',
  'connection-group',
  'customer',
  'der',
  'fsp',
  'fu',
  'hub',
  'node',
  'statement',
  'tender',
] as const
export const namedKind = z.enum(namedKinds)
export type NamedKind = z.infer<typeof namedKind>

/** Most things that are named at once: a page of the audit trail. */
const mostNamedAtOnce = 200

/** A list of up to so many texts of up to 200 characters, with commas between them. */
function atMost(count: number): RegExp {
  return new RegExp(`^[^,]{1,200}(,[^,]{1,200}){0,${count - 1}}$`)
}

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
  nameThings: operation({
    method: 'get',
    path: '/names',
    access: people('administrator'),
    tags,
    summary: 'The names that things of one kind have now, by their identifiers',
    description: `At most ${mostNamedAtOnce} identifiers. What is gone, or never was, has no entry. An account is identified by its user name.`,
    query: z.object({
      kind: namedKind,
      ids: z
        .string()
        .regex(atMost(mostNamedAtOnce), `must be at most ${mostNamedAtOnce} identifiers, with commas between them`)
        .meta({ description: 'Identifiers, with commas between them' }),
    }),
    answer: z.object({ names: z.record(z.string(), z.string()) }).meta({ id: 'Names' }),
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
