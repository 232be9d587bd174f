import { z } from '@hono/zod-openapi'
import { expectedVersion } from '../../../platform/http/index.ts'
import { gateSettings, scheduleGate } from '../../../schemas/dispatch/timetables.ts'
import { submissionKind } from '../../../schemas/market/schedules.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { changeGate, gatesInForce } from './gates.ts'

const tags = ['Timetables']

/** Until when schedules are taken. */
export function gateRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/schedule-gates',
      access: people(),
      tags,
      summary: 'The gates in force, by kind of schedule',
      responses: answers(pageOf(scheduleGate)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      return c.json({ items: Object.values(await gatesInForce(context.db)), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'put',
      path: '/schedule-gates/{kind}',
      access: people('administrator'),
      problems: ['precondition-required', 'changed-meanwhile'],
      tags,
      summary: 'Change until when a kind of schedule is taken',
      request: {
        params: z.object({ kind: submissionKind }),
        headers: z.object({ 'if-match': z.string().optional() }),
        body: { content: { 'application/json': { schema: gateSettings } }, required: true },
      },
      responses: answers(scheduleGate),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'administrator')
      const version = expectedVersion(c.req.valid('header')['if-match'])
      const changed = await changeGate(context, actor, c.req.valid('param').kind, version, c.req.valid('json'))
      c.header('etag', `"${changed.version}"`)
      return c.json(changed, 200)
    },
  )
  return router
}
