import { z } from '@hono/zod-openapi'
import { feed, feedDelivery, feedFailure, feedForm, feedReceipt } from '../../../schemas/grid/feeds.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { answers, createRoute, type ServerContext, serverRouter } from '../../kit/index.ts'
import { deliver, failuresOf, listFeeds, saveFeed } from './service.ts'

const params = z.object({
  id: z
    .string()
    .max(100)
    .regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens')
    .meta({ example: 'weather-forecast' }),
})
const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } }, required: true })

/** `/feeds`: the data registry. */
export function feedRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/feeds',
      access: people(),
      tags: ['Feeds'],
      summary: 'Feeds with their owners, thresholds and freshness',
      responses: answers(z.array(feed)),
    }),
    async (c) => c.json(await listFeeds(context, c.get('actor')), 200),
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/feeds/{id}',
      access: people('administrator'),
      tags: ['Feeds'],
      summary: 'Register a feed, or change what was agreed about it',
      request: { params, body: json(feedForm) },
      responses: answers(feed),
    }),
    async (c) => c.json(await saveFeed(context, c.get('actor'), c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/feeds/{id}/deliveries',
      access: people('administrator'),
      problems: ['not-found'],
      tags: ['Feeds'],
      summary: 'Take what came of a feed, or the news that it could not be read',
      request: { params, body: json(feedDelivery) },
      responses: answers(feedReceipt),
    }),
    async (c) => c.json(await deliver(context, c.get('actor'), c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/feeds/{id}/failures',
      access: people(),
      tags: ['Feeds'],
      summary: 'Deliveries and records that could not be taken, whole',
      request: { params },
      responses: answers(z.array(feedFailure)),
    }),
    async (c) => c.json(await failuresOf(context, c.get('actor'), c.req.valid('param').id), 200),
  )
  return router
}
