import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  breach,
  type Connection,
  connection,
  connectionDay,
  connectionSummary,
} from '../../../schemas/grid/connections.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { connectionParams, dayQuery } from '../../../schemas/vocabulary/examples.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { findConnection, profileOn, termsOf } from '../connections/index.ts'
import { pathOf } from '../network/index.ts'
import { breachPage } from './breaches.ts'
import { connectionDay as dayOf } from './day.ts'
import { historyRoutes } from './history-routes.ts'
import { summaries } from './summaries.ts'

const listQuery = z.object({
  /** Part of a name, an address, a customer or an MPAN. */
  search: z.string().max(100).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
})
const breachQuery = z.object({
  connectionId: uuid.optional(),
  open: z.enum(['true', 'false']).optional(),
  cursor: z
    .string()
    .regex(/^[0-9TZ:.-]+_[0-9a-f-]{36}$/, 'is not a cursor of this list')
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

/** `/connections` and `/breaches`: how connections stand with their limits. */
export function complianceRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/connections',
      access: people(),
      problems: ['malformed'],
      tags: ['Connections'],
      summary: 'Connections with their import, limit and compliance, by name',
      request: { query: listQuery },
      responses: answers(pageOf(connectionSummary)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json(await connectionPage(context, c.req.valid('query')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/connections/{id}',
      access: people(),
      problems: ['not-found'],
      tags: ['Connections'],
      summary: 'A connection',
      request: { params: connectionParams },
      responses: answers(connection),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json(await oneConnection(context, c.req.valid('param').id), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/connections/{id}/day',
      access: people(),
      problems: ['not-found'],
      tags: ['Connections'],
      summary: 'Limit, load, turn-downs and breaches of a connection on a trading day',
      request: { params: connectionParams, query: dayQuery },
      responses: answers(connectionDay),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const [{ id }, { day }] = [c.req.valid('param'), c.req.valid('query')]
      const now = context.clock.now()
      const terms = await termsOf(context.db, id)
      if (!terms) throw unknownConnection(id)
      const wanted = day ? LocalDate.parse(day) : tradingDayOf(now)
      return c.json(await dayOf(context.db, id, terms, wanted, now), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/breaches',
      access: people(),
      problems: ['malformed'],
      tags: ['Connections'],
      summary: 'Breaches of import limits, the newest first',
      request: { query: breachQuery },
      responses: answers(pageOf(breach)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { open, ...query } = c.req.valid('query')
      const page = await breachPage(context.db, { ...query, open: open === undefined ? undefined : open === 'true' })
      return c.json(page, 200)
    },
  )
  router.route('/', historyRoutes(context))
  return router
}

function unknownConnection(id: string): ProblemError {
  return new ProblemError('not-found', `There is no connection ${id}.`)
}

function sortKeyOf(cursor: string): [name: string, connectionId: string] {
  try {
    const [name, id] = z.tuple([z.string(), uuid]).parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return [name, id]
  } catch {
    throw new ProblemError('malformed', 'The cursor is not one that this list gave: ask for the first page again.')
  }
}

async function connectionPage(context: ServerContext, query: z.infer<typeof listQuery>) {
  const { search, cursor, limit } = query
  const conditions = [sql`true`]
  if (search) {
    const part = `%${search.replace(/[\\%_]/g, '\\$&')}%`
    conditions.push(sql`(c.name ilike ${part} or c.customer ilike ${part} or c.address ilike ${part}
      or exists (select 1 from connection_mpan m where m.connection_id = c.connection_id and m.mpan like ${part}))`)
  }
  if (cursor) {
    const [name, id] = sortKeyOf(cursor)
    conditions.push(sql`(c.name, c.connection_id) > (${name}, ${id}::uuid)`)
  }
  const rows = await summaries(context.db, context.clock.now(), sql.join(conditions, sql` and `), limit + 1)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const more = rows.length > items.length && last
  return {
    items,
    nextCursor: more ? Buffer.from(JSON.stringify([last.name, last.connectionId])).toString('base64url') : null,
  }
}

async function oneConnection({ db, clock }: ServerContext, id: string): Promise<Connection> {
  const now = clock.now()
  const [summary] = await summaries(db, now, sql`c.connection_id = ${id}::uuid`)
  const stored = await findConnection(db, id)
  if (!summary || !stored) throw unknownConnection(id)
  const profile = await profileOn(db, id, tradingDayOf(now))
  // FUs belong to the market wing, which stands above this one: the loop closes through its table.
  const units = await db.execute<{ fu_id: string }>(
    sql`select fu_id from flexible_unit where connection_id = ${id}::uuid order by name`,
  )
  return {
    ...summary,
    address: stored.address,
    customer: stored.customer,
    nodePath: await pathOf(db, stored.nodeId),
    profile: profile && {
      profileId: profile.profileId,
      version: profile.version,
      state: profile.state,
      validFrom: profile.validFrom.toString(),
      validTo: profile.validTo.toString(),
      fallbackLimitW: profile.fallbackLimitW,
    },
    fuIds: units.map((unit) => unit.fu_id),
  }
}
