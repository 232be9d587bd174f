import type { ReadableStream } from 'node:stream/web'
import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import { profileApplication, profileVersion } from '../../../schemas/grid/profiles.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { connectionParams, csvBody, dayQuery } from '../../../schemas/vocabulary/examples.ts'
import { problem } from '../../../schemas/vocabulary/problem.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { tradingDay, uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, newIdFor, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { demandFile, demandOf } from './demand.ts'
import { applyForProfile, findVersion } from './profiles.ts'
import { profileOn } from './store.ts'
import { halfHourStarts } from './vectors.ts'

/** What demand schedules are asked for by: a connection, or an FU, whose schedule is that of the connection it stands behind. */
export interface DemandHolder {
  path: '/connections' | '/flexible-units'
  what: 'a connection' | 'an FU'
  /** The connection; rejects with a 404 where there is no such thing. */
  connectionOf(id: string): Promise<string>
}

/** 170 kW, at weekends 200 kW, half-hour by half-hour. */
const exampleRows = Object.entries({ weekday: 170_000, weekend: 200_000 }).flatMap(([dayType, limitW]) =>
  halfHourStarts.map((from) => `,${dayType},${from},${limitW}`),
)
const keyHeader = z.object({ 'idempotency-key': z.string().optional() })
const tags = ['Profiled connections']
const etag = (revision: number) => ({ etag: `"${revision}"` })

export const csvAnswer = {
  200: { description: 'A CSV file', content: { 'text/csv': { schema: z.string() } } },
  default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
} as const

/** Demand schedules: looked up, edited and uploaded (NM04, NM05). Whatever is changed is a new version, which somebody else approves. */
export function demandRoutes(context: ServerContext, holder: DemandHolder) {
  const router = serverRouter()
  const { db, clock } = context
  const { path, what } = holder
  // An FU gets its identifier when an FSP registers it, so that no example can name one.
  const params = path === '/connections' ? connectionParams : z.object({ id: uuid })
  const inForce = async (id: string, day: string | undefined) => {
    const wanted = day ? LocalDate.parse(day) : tradingDayOf(clock.now())
    const found = await profileOn(db, await holder.connectionOf(id), wanted)
    if (!found) throw new ProblemError('not-found', `No profile of this connection holds on ${wanted} or before.`)
    return found
  }
  router.openapi(
    createRoute({
      method: 'get',
      path: `${path}/{id}/demand-schedule`,
      access: people(),
      problems: ['not-found'],
      tags,
      summary: `The demand schedule of ${what} in force on a day, today by default`,
      request: { params, query: dayQuery },
      responses: answers(profileVersion),
    }),
    async (c) => {
      const { profileId } = await inForce(c.req.valid('param').id, c.req.valid('query').day)
      const { view } = await findVersion(db, profileId)
      return c.json(view, 200, etag(view.revision))
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: `${path}/{id}/demand-schedule.csv`,
      access: people(),
      problems: ['not-found'],
      tags,
      summary: `The demand schedule of ${what} in force on a day as CSV`,
      request: { params, query: dayQuery },
      responses: csvAnswer,
    }),
    async (c) => {
      const found = await inForce(c.req.valid('param').id, c.req.valid('query').day)
      return csvFile(c, demandFile(found.limits), `demand schedule v${found.version}`)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: `${path}/{id}/profiles`,
      access: people('planner'),
      problems: ['not-found'],
      tags,
      summary: `Apply for a new version of the profile of ${what}`,
      request: {
        params,
        headers: keyHeader,
        body: { content: { 'application/json': { schema: profileApplication } }, required: true },
      },
      responses: answers(profileVersion),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'planner')
      const connectionId = await holder.connectionOf(c.req.valid('param').id)
      const profileId = newIdFor(actor, `POST /connections/${connectionId}/profiles`, c.req.header('idempotency-key'))
      const given = { ...c.req.valid('json'), connectionId, profileId, source: 'portal' as const }
      const made = await applyForProfile(context, actor, given)
      return c.json(made, 200, etag(made.revision))
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: `${path}/{id}/demand-schedule`,
      access: people('planner'),
      problems: ['not-found'],
      tags,
      summary: `Upload a demand schedule of ${what}: it becomes an application`,
      description: 'The body is the CSV file: season, dayType, from, limitW, 48 half-hours a season and day type.',
      request: {
        params,
        query: z.object({
          validFrom: tradingDay.meta({ example: '2026-04-01' }),
          validTo: tradingDay.meta({ example: '2027-03-31' }),
          fallbackLimitW: z.coerce.number().min(0).max(1e9).optional(),
        }),
        headers: keyHeader,
        body: csvBody('season,dayType,from,limitW', ...exampleRows),
      },
      responses: answers(profileVersion),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'planner')
      const { validFrom, validTo, fallbackLimitW = null } = c.req.valid('query')
      if (validFrom > validTo) throw new ProblemError('contract-broken', 'validTo must not be before validFrom.')
      const body = c.req.raw.body
      if (!body) throw new ProblemError('malformed', 'The body is empty: send the CSV file as the body.')
      const limits = await demandOf(body as ReadableStream)
      const connectionId = await holder.connectionOf(c.req.valid('param').id)
      const key = c.req.header('idempotency-key')
      const profileId = newIdFor(actor, `POST /connections/${connectionId}/demand-schedule`, key)
      const application = { validFrom, validTo, fallbackLimitW, limits, note: 'Uploaded as a file' }
      const made = await applyForProfile(context, actor, { ...application, connectionId, profileId, source: 'csv' })
      return c.json(made, 200, etag(made.revision))
    },
  )
  return router
}

/** A CSV file as an answer. */
export function csvFile(
  c: { body: (text: string, status: 200, headers: Record<string, string>) => Response },
  text: string,
  name: string,
): Response {
  const safe = name.replace(/[^A-Za-z0-9 ._-]/g, '_')
  return c.body(text, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${safe}.csv"`,
  })
}
