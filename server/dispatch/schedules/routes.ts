import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  dispatchSchedule,
  dispatchScheduleValues,
  scheduleKind,
  scheduleSelection,
} from '../../../schemas/market/schedules.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { tradingDay, uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { readSchedule, saveManualSchedule, selectSchedule } from './service.ts'

const params = z.object({ fuId: uuid, day: tradingDay })
const kindParams = params.extend({ kind: scheduleKind })
const manualParams = params.extend({ kind: z.literal('manual', 'only the manual schedule is written by hand') })
const conditions = z.object({ 'if-match': z.string().optional(), 'if-none-match': z.literal('*').optional() })
const tags = ['Dispatch schedules']

/** The version that an edit starts from: `If-Match: "3"`, or 0 for `If-None-Match: *`. */
function expectedVersion(headers: z.infer<typeof conditions>): number {
  if (headers['if-none-match'] === '*') return 0
  const version = /^"(\d+)"$/.exec(headers['if-match'] ?? '')?.[1]
  if (version) return Number(version)
  throw new ProblemError(
    'precondition-required',
    'Send If-Match with the version that you edited, as in If-Match: "3", or If-None-Match: * for the first one.',
  )
}

/** Dispatch schedules and which of them is live. */
export function scheduleRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/dispatch-schedules/{fuId}/{day}/{kind}',
      access: people(),
      problems: ['not-found'],
      tags,
      summary: 'A schedule',
      request: { params: kindParams },
      responses: answers(dispatchSchedule),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { fuId, day, kind } = c.req.valid('param')
      const found = await readSchedule(context, fuId, LocalDate.parse(day), kind)
      c.header('etag', `"${found.version}"`)
      return c.json(found, 200)
    },
  )
  const selectionBody = { content: { 'application/json': { schema: scheduleSelection } }, required: true }
  router.openapi(
    createRoute({
      method: 'put',
      path: '/dispatch-schedules/{fuId}/{day}/selection',
      access: people('flexibility-engineer'),
      problems: ['not-found'],
      tags,
      summary: 'Make one schedule live',
      request: { params, body: selectionBody },
      responses: answers(scheduleSelection),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      const { fuId, day } = c.req.valid('param')
      const { kind } = c.req.valid('json')
      await selectSchedule(context, actor, { fuId, day: LocalDate.parse(day) }, kind)
      return c.json({ kind }, 200)
    },
  )
  const valuesBody = { content: { 'application/json': { schema: dispatchScheduleValues } }, required: true }
  router.openapi(
    createRoute({
      method: 'put',
      path: '/dispatch-schedules/{fuId}/{day}/{kind}',
      access: people('flexibility-engineer'),
      problems: ['not-found', 'changed-meanwhile', 'precondition-required'],
      tags,
      summary: 'Save a manual schedule',
      request: { params: manualParams, headers: conditions, body: valuesBody },
      responses: answers(dispatchSchedule),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      const { fuId, day } = c.req.valid('param')
      const saved = await saveManualSchedule(
        context,
        actor,
        { fuId, day: LocalDate.parse(day) },
        expectedVersion(c.req.valid('header')),
        c.req.valid('json'),
      )
      c.header('etag', `"${saved.version}"`)
      return c.json(saved, 200)
    },
  )
  return router
}
