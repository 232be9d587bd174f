import { createRoute, z } from '@hono/zod-openapi'
import { Instant } from '@js-joda/core'
import { createMiddleware } from 'hono/factory'
import { createRouter, ProblemError } from '../../platform/http/index.ts'
import { digestOf } from '../../platform/secrets/index.ts'
import type { depotHistory } from '../../schemas/fsp/simulation.ts'
import { serviceStatus as serviceBody } from '../../schemas/market/parties.ts'
import { problem } from '../../schemas/vocabulary/problem.ts'
import { periodCount, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { energyWh, instant, powerW, tradingDay } from '../../schemas/vocabulary/units.ts'
import { controlMode } from './modes.ts'
import { type DepotState, depotState } from './state.ts'

/** What the depot API can do, supplied by the composition root. */
export interface DepotActions {
  depotIds: readonly string[]
  state(depotId: string): Promise<DepotState>
  takeSiteLoad(depotId: string, readings: { at: Instant; siteLoadW: number }[]): Promise<void>
  importHistory(history: z.infer<typeof depotHistory>): Promise<void>
  setMode(depotId: string, mode: z.infer<typeof controlMode>): Promise<void>
  declareService(depotId: string, given: z.infer<typeof serviceBody>): Promise<void>
}

const params = z.object({ id: z.string() })
const body = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } }, required: true })
const refused = {
  default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
} as const
const done = { 204: { description: 'Done' }, ...refused } as const
const answers = <T extends z.ZodType>(schema: T) =>
  ({ 200: { description: 'Done', content: { 'application/json': { schema } } }, ...refused }) as const
const siteLoadBody = z.object({
  readings: z
    .array(z.object({ at: instant, siteLoadW: powerW }))
    .min(1)
    .max(10_000),
})
const historyBody = z.object({ tradingDay, energyWh: z.array(energyWh).min(92).max(100) })
const tags = ['Depots']

/** The depots: feeds in, state out (fsp/CONTRACTS.md). All of it requires the feed's key. */
export function depotRoutes(actions: DepotActions, key: string) {
  const router = createRouter()
  const known = (id: string) => {
    if (!actions.depotIds.includes(id)) throw new ProblemError('not-found', `There is no depot ${id}.`)
    return id
  }
  const keyDigest = digestOf(key)
  router.use(
    '*',
    createMiddleware(async (c, next) => {
      const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
      if (given === undefined || digestOf(given) !== keyDigest)
        throw new ProblemError('unauthenticated', 'Send the feed’s key as a bearer token.')
      await next()
    }),
  )
  router.openapi(
    createRoute({ method: 'get', path: '/', tags, summary: 'Depots', responses: answers(z.array(depotState)) }),
    async (c) => c.json(await Promise.all(actions.depotIds.map(actions.state)), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/{id}',
      tags,
      summary: 'One depot',
      request: { params },
      responses: answers(depotState),
    }),
    async (c) => c.json(await actions.state(known(c.req.valid('param').id)), 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/{id}/site-load',
      tags,
      summary: 'Take in the site load',
      request: { params, body: body(siteLoadBody) },
      responses: done,
    }),
    async (c) => {
      const readings = c.req.valid('json').readings.map(({ at, siteLoadW }) => ({
        at: Instant.ofEpochMilli(Date.parse(at)),
        siteLoadW,
      }))
      await actions.takeSiteLoad(known(c.req.valid('param').id), readings)
      return c.body(null, 204)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/{id}/meter-history',
      tags,
      summary: 'Take in the meter history of a past day',
      request: { params, body: body(historyBody) },
      responses: done,
    }),
    async (c) => {
      const history = { depotId: known(c.req.valid('param').id), ...c.req.valid('json') }
      const wanted = periodCount(tradingDayOf(Instant.parse(`${history.tradingDay}T12:00:00Z`)), 'PT15M')
      if (history.energyWh.length !== wanted) {
        const message = `${history.tradingDay} has ${wanted} quarter-hours, not ${history.energyWh.length}`
        throw new ProblemError('contract-broken', `energyWh: ${message}.`, { errors: [{ field: 'energyWh', message }] })
      }
      await actions.importHistory(history)
      return c.body(null, 204)
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/{id}/mode',
      tags,
      summary: 'Say how far the control goes',
      request: { params, body: body(z.object({ mode: controlMode })) },
      responses: done,
    }),
    async (c) => {
      await actions.setMode(known(c.req.valid('param').id), c.req.valid('json').mode)
      return c.body(null, 204)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/{id}/service-status',
      tags,
      summary: 'Declare the depot’s unit in or out of service',
      request: { params, body: body(serviceBody) },
      responses: done,
    }),
    async (c) => {
      await actions.declareService(known(c.req.valid('param').id), c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  return router
}
