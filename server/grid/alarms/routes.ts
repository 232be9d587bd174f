import { createRoute, z } from '@hono/zod-openapi'
import { alarm } from '../../../schemas/alarms.ts'
import { pageOf } from '../../../schemas/portal.ts'
import { uuid } from '../../../schemas/units.ts'
import { answers, requirePerson, type ServerContext, serverRouter } from '../../access/index.ts'
import { acknowledgeAlarm } from './service.ts'
import { listAlarms } from './store.ts'

const listQuery = z.object({
  state: z.enum(['open', 'all']).default('open'),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

/** `/alarms`: what an operator has to see to. */
export function alarmRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/alarms',
      tags: ['Alarms'],
      summary: 'Alarms, open and urgent first',
      request: { query: listQuery },
      responses: answers(pageOf(alarm)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json(await listAlarms(context.db, c.req.valid('query')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/alarms/{id}/acknowledgement',
      tags: ['Alarms'],
      summary: 'Acknowledge an alarm',
      request: { params: z.object({ id: uuid }) },
      responses: answers(alarm),
    }),
    async (c) => c.json(await acknowledgeAlarm(context, c.get('actor'), c.req.valid('param').id), 200),
  )
  return router
}
