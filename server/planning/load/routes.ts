import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  loadForecast,
  loadForecastValues,
  loadReceipt,
  targetLevel,
  targetLevelChange,
} from '../../../schemas/planning/load.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { csvBody, example } from '../../../schemas/vocabulary/examples.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { periodStarts, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { tradingDay } from '../../../schemas/vocabulary/units.ts'
import { allNodes } from '../../grid/index.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { firmRatingW } from './rules.ts'
import { saveLoadForecast, setTarget } from './service.ts'
import { loadsOn, targetsSet } from './store.ts'
import { uploadLoads } from './upload.ts'

const nodeParams = z.object({ nodeId: z.string().max(200).meta({ example: example.nodeId }) })
const dayParams = nodeParams.extend({ day: tradingDay.meta({ example: example.day }) })
const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } }, required: true })
const tags = ['Load']

/** Load forecasts and target levels of network nodes. */
export function loadRoutes(context: ServerContext) {
  const router = serverRouter()
  const { db, clock } = context
  const forecastOf = async (nodeId: string, day: string) => {
    const loads = (await loadsOn(db, LocalDate.parse(day), nodeId)).get(nodeId)
    const values = periodStarts(LocalDate.parse(day), 'PT15M').map((at) => loads?.get(at.toEpochMilli()) ?? null)
    return { nodeId, tradingDay: day, resolution: 'PT15M' as const, values }
  }

  router.openapi(
    createRoute({
      method: 'post',
      path: '/load-forecasts/csv',
      access: people('planner', 'flexibility-engineer'),
      tags,
      summary: 'Upload load forecasts by quarter-hour: all of the file is taken, or none of it',
      request: { body: csvBody('node_id,period_start,load_w', `${example.nodeId},2026-01-16T17:00:00Z,410000`) },
      responses: answers(loadReceipt),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'planner', 'flexibility-engineer')
      const { body } = c.req.raw
      if (!body) throw new ProblemError('malformed', 'The request has no body: send the CSV file in it.')
      return c.json({ stored: await uploadLoads(context, actor, body) }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/load-forecasts/{nodeId}/{day}',
      access: people('planner', 'flexibility-engineer'),
      problems: ['not-found'],
      tags,
      summary: 'Store the expected load of a node on a day',
      request: { params: dayParams, body: json(loadForecastValues) },
      responses: answers(loadForecast),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'planner', 'flexibility-engineer')
      const { nodeId, day } = c.req.valid('param')
      await saveLoadForecast(context, actor, { nodeId, day: LocalDate.parse(day) }, c.req.valid('json'))
      return c.json(await forecastOf(nodeId, day), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/load-forecasts/{nodeId}/{day}',
      access: people(),
      tags,
      summary: 'The expected load of a node on a day; null where none is known',
      request: { params: dayParams },
      responses: answers(loadForecast),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { nodeId, day } = c.req.valid('param')
      return c.json(await forecastOf(nodeId, day), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/target-levels',
      access: people(),
      tags,
      summary: 'The load that each node is to be kept at or under',
      responses: answers(pageOf(targetLevel)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const [set, today] = [await targetsSet(db), tradingDayOf(clock.now())]
      const items = (await allNodes(db)).map((node) => ({
        nodeId: node.nodeId,
        name: node.name,
        isSet: set.has(node.nodeId),
        targetW: set.get(node.nodeId) ?? firmRatingW(node, today),
      }))
      return c.json({ items, nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/target-levels/{nodeId}',
      access: people('planner', 'flexibility-engineer'),
      problems: ['not-found'],
      tags,
      summary: 'Set a target level, or null for the firm rating',
      request: { params: nodeParams, body: json(targetLevelChange) },
      responses: answers(targetLevelChange),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'planner', 'flexibility-engineer')
      const { targetW } = c.req.valid('json')
      await setTarget(context, actor, c.req.valid('param').nodeId, targetW)
      return c.json({ targetW }, 200)
    },
  )
  return router
}
