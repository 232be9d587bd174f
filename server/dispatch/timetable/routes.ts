import { z } from '@hono/zod-openapi'
import { expectedVersion } from '../../../platform/http/index.ts'
import { timetable, timetableSettings } from '../../../schemas/dispatch/timetables.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { product } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { changeTimetable, viewTimetable } from './service.ts'
import { timetableInForce } from './store.ts'

const tags = ['Timetables']

/** When products' instructions go out. */
export function timetableRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/timetables',
      access: people(),
      tags,
      summary: 'The timetables in force',
      responses: answers(pageOf(timetable)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const at = context.clock.now()
      const found = await Promise.all(product.options.map((each) => timetableInForce(context.db, each, at)))
      return c.json({ items: found.map(viewTimetable), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/timetables/{product}',
      access: people('administrator'),
      problems: ['precondition-required', 'changed-meanwhile'],
      tags,
      summary: 'Change a product’s timetable from now on',
      request: {
        params: z.object({ product }),
        headers: z.object({ 'if-match': z.string().optional() }),
        body: { content: { 'application/json': { schema: timetableSettings } }, required: true },
      },
      responses: answers(timetable),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'administrator')
      const version = expectedVersion(c.req.valid('header')['if-match'])
      const changed = await changeTimetable(context, actor, c.req.valid('param').product, version, c.req.valid('json'))
      c.header('etag', `"${changed.version}"`)
      return c.json(changed, 200)
    },
  )
  return router
}
