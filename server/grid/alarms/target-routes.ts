import { z } from '@hono/zod-openapi'
import { alarmNotice, alarmTarget, alarmTargetForm } from '../../../schemas/grid/alarms.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { problem } from '../../../schemas/vocabulary/problem.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, type ServerContext, serverRouter } from '../../kit/index.ts'
import { listNotices, listTargets, retryNotice, saveTarget } from './targets.ts'

const params = z.object({ id: uuid.meta({ description: 'As GET /alarm-targets lists it.' }) })
const noticeParams = z.object({ id: uuid.meta({ description: 'As GET /alarm-notices lists it.' }) })
const body = { content: { 'application/json': { schema: alarmTargetForm } }, required: true }

/** Where alarms are sent to, and what became of it. */
export function targetRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/alarm-targets',
      access: people(),
      tags: ['Alarms'],
      summary: 'Where alarms are sent to',
      responses: answers(z.array(alarmTarget)),
    }),
    async (c) => c.json(await listTargets(context, c.get('actor')), 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/alarm-targets',
      access: people('administrator'),
      tags: ['Alarms'],
      summary: 'Send alarms to an e-mail address or a webhook',
      request: { body },
      responses: answers(alarmTarget),
    }),
    async (c) => c.json(await saveTarget(context, c.get('actor'), null, c.req.valid('json')), 200),
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/alarm-targets/{id}',
      access: people('administrator'),
      problems: ['not-found'],
      tags: ['Alarms'],
      summary: 'Change where alarms are sent to',
      request: { params, body },
      responses: answers(alarmTarget),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await saveTarget(context, c.get('actor'), id, c.req.valid('json')), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/alarm-notices',
      access: people(),
      tags: ['Alarms'],
      summary: 'Notices that are owed, were sent, or were given up',
      request: { query: z.object({ state: z.enum(['owed', 'sent', 'dead']).default('dead') }) },
      responses: answers(z.array(alarmNotice)),
    }),
    async (c) => c.json(await listNotices(context, c.get('actor'), c.req.valid('query').state), 200),
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/alarm-notices/{id}/retry',
      access: people('administrator', 'operator'),
      problems: ['not-found', 'conflict'],
      tags: ['Alarms'],
      summary: 'Send a notice that was given up again',
      request: { params: noticeParams },
      responses: {
        204: { description: 'It is owed again' },
        default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
      },
    }),
    async (c) => {
      await retryNotice(context, c.get('actor'), c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
  return router
}
