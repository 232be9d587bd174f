import { z } from '@hono/zod-openapi'
import { alarm, alarmFigures, alarmJournalEntry, alarmOwner, alarmShelving } from '../../../schemas/grid/alarms.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { alarmFigures as figures } from './figures.ts'
import { journalOf } from './journal.ts'
import { acknowledgeAlarm, shelveAlarm, takeAlarm, unshelveAlarm } from './service.ts'
import { listAlarms } from './store.ts'
import { targetRoutes } from './target-routes.ts'

const listQuery = z.object({
  state: z.enum(['open', 'shelved', 'suppressed', 'all']).default('open'),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

const params = z.object({ id: uuid.meta({ description: 'As GET /alarms lists it.' }) })
const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } }, required: true })

/** `/alarms`: what an operator has to see to. */
export function alarmRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/alarms',
      access: people(),
      problems: ['malformed'],
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
      access: people(),
      problems: ['not-found'],
      tags: ['Alarms'],
      summary: 'Acknowledge an alarm',
      request: { params },
      responses: answers(alarm),
    }),
    async (c) => c.json(await acknowledgeAlarm(context, c.get('actor'), c.req.valid('param').id), 200),
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/alarms/{id}/shelf',
      access: people(),
      problems: ['not-found', 'conflict'],
      tags: ['Alarms'],
      summary: 'Put an alarm aside until a time',
      request: { params, body: json(alarmShelving) },
      responses: answers(alarm),
    }),
    async (c) => c.json(await shelveAlarm(context, c.get('actor'), c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(
    createRoute({
      method: 'delete',
      path: '/alarms/{id}/shelf',
      access: people(),
      problems: ['not-found'],
      tags: ['Alarms'],
      summary: 'Take an alarm off the shelf',
      request: { params },
      responses: answers(alarm),
    }),
    async (c) => c.json(await unshelveAlarm(context, c.get('actor'), c.req.valid('param').id), 200),
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/alarms/{id}/owner',
      access: people(),
      problems: ['not-found'],
      tags: ['Alarms'],
      summary: 'Say who sees to an alarm',
      request: { params, body: json(alarmOwner) },
      responses: answers(alarm),
    }),
    async (c) =>
      c.json(await takeAlarm(context, c.get('actor'), c.req.valid('param').id, c.req.valid('json').owner), 200),
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/alarms/{id}/journal',
      access: people(),
      problems: ['not-found'],
      tags: ['Alarms'],
      summary: 'Everything that happened to an alarm',
      request: { params },
      responses: answers(z.array(alarmJournalEntry)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json(await journalOf(context.db, c.req.valid('param').id), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/alarm-figures',
      access: people(),
      tags: ['Alarms'],
      summary: 'How many alarms operators had to face, and floods',
      request: {
        query: z.object({
          hours: z.coerce.number().int().min(1).max(744).default(24),
          operators: z.coerce.number().int().min(1).max(100).default(1),
        }),
      },
      responses: answers(alarmFigures),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { hours, operators } = c.req.valid('query')
      const to = context.clock.now()
      return c.json(await figures(context.db, to.minusSeconds(hours * 3_600), to, operators), 200)
    },
  )
  router.route('/', targetRoutes(context))
  return router
}
