import { createRoute, z } from '@hono/zod-openapi'
import { networkNode } from '../../../schemas/grid.ts'
import { pageOf } from '../../../schemas/portal.ts'
import { answers, requirePerson, type ServerContext, serverRouter } from '../../access/index.ts'
import { listNodes } from './store.ts'

const pageQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
})

/** `/network`: the tree of nodes. */
export function networkRoutes({ db }: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/network/nodes',
      tags: ['Network'],
      summary: 'Nodes of the network with their ratings',
      request: { query: pageQuery },
      responses: answers(pageOf(networkNode)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json(await listNodes(db, c.req.valid('query')), 200)
    },
  )
  return router
}
