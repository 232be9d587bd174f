import { z } from '@hono/zod-openapi'
import { emergencyStop, newEmergencyStop } from '../../../schemas/dispatch/board.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import type { Sender } from '../instructions/index.ts'
import { listStops, viewStop } from '../stops/index.ts'
import { liftStop, stopDispatch } from './service.ts'

const tags = ['Emergency stop']

/** Emergency stops. What a stop has to send goes out at once by `send`, whoever runs the timetable. */
export function emergencyRoutes(context: ServerContext, send: Sender) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'post',
      path: '/dispatch/stops',
      access: people('flexibility-engineer', 'operator'),
      problems: ['conflict'],
      tags,
      summary: 'Stop dispatch to one FSP or to all',
      request: { body: { content: { 'application/json': { schema: newEmergencyStop } }, required: true } },
      responses: answers(emergencyStop),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer', 'operator')
      const stopped = await stopDispatch(context, actor, c.req.valid('json'))
      await send()
      return c.json(stopped, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/dispatch/stops',
      access: people(),
      tags,
      summary: 'Emergency stops, the latest first',
      responses: answers(pageOf(emergencyStop)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json({ items: (await listStops(context.db)).map(viewStop), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/dispatch/stops/{id}/lift',
      access: people('flexibility-engineer', 'operator'),
      problems: ['not-found'],
      tags,
      summary: 'Lift a stop',
      request: { params: z.object({ id: uuid }) },
      responses: answers(emergencyStop),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer', 'operator')
      return c.json(await liftStop(context, actor, c.req.valid('param').id), 200)
    },
  )
  return router
}
