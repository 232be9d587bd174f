import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  instructionConfirmation,
  instructionRecord,
  instructionState,
  instructionStatus,
  instructionSummary,
} from '../../../schemas/dispatch/instructions.ts'
import { fsps, people, readers } from '../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../schemas/vocabulary/paging.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { product, tradingDay, uuid } from '../../../schemas/vocabulary/units.ts'
import {
  answers,
  createRoute,
  requireFsp,
  requirePerson,
  requireReader,
  type ServerContext,
  serverRouter,
} from '../../kit/index.ts'
import { confirmInstruction } from './confirming.ts'
import { readInstruction, viewInstruction } from './reader.ts'
import { takeReport } from './reports.ts'
import { listInstructions } from './store.ts'

const query = z.object({
  day: tradingDay.optional(),
  product: product.optional(),
  fuId: uuid.optional(),
  state: instructionState.optional(),
})
const tags = ['Instructions']

/** Instructions as they were given, and what FSPs report about them. */
export function instructionRoutes(context: ServerContext) {
  const router = serverRouter()
  const { db, clock } = context

  router.openapi(
    createRoute({
      method: 'get',
      path: '/instructions',
      access: readers,
      tags,
      summary: 'Instructions whose windows start on a day; today by default. An FSP sees its own',
      request: { query },
      responses: answers(pageOf(instructionSummary)),
    }),
    async (c) => {
      const { fspId } = requireReader(c.get('actor'))
      const { fuId, state, ...asked } = c.req.valid('query')
      const day = asked.day ? LocalDate.parse(asked.day) : tradingDayOf(clock.now())
      const rows = await listInstructions(db, {
        fspId,
        product: asked.product,
        from: dayStart(day),
        to: dayEnd(day),
        ...(fuId ? { fuIds: [fuId] } : {}),
        ...(state ? { states: [state] } : {}),
      })
      return c.json({ items: rows.map(viewInstruction), nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/instructions/{id}',
      access: readers,
      problems: ['not-found'],
      tags,
      summary: 'One instruction with every sending, question and report',
      request: { params: z.object({ id: uuid }) },
      responses: answers(instructionRecord),
    }),
    async (c) => {
      const { fspId } = requireReader(c.get('actor'))
      const instructionId = c.req.valid('param').id
      const found = await readInstruction(db, { instructionId, fspId })
      if (!found) throw new ProblemError('not-found', `There is no instruction ${instructionId}.`)
      return c.json(found, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/instruction-reports',
      access: fsps('market'),
      problems: ['not-found'],
      tags,
      summary: 'Report on an instruction that was accepted',
      request: { body: { content: { 'application/json': { schema: instructionStatus } }, required: true } },
      responses: { 204: { description: 'Taken' }, default: answers(instructionSummary).default },
    }),
    async (c) => {
      await takeReport(context, requireFsp(c.get('actor'), 'market').fspId, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  router.openapi(
    createRoute({
      method: 'post',
      path: '/instructions/{id}/confirmation',
      access: people('flexibility-engineer'),
      problems: ['not-found', 'conflict'],
      tags,
      summary: 'Record what an FSP answered by e-mail or telephone',
      request: {
        params: z.object({ id: uuid }),
        body: { content: { 'application/json': { schema: instructionConfirmation } }, required: true },
      },
      responses: answers(instructionSummary),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      const confirmed = await confirmInstruction(context, actor, c.req.valid('param').id, c.req.valid('json'))
      return c.json(viewInstruction(confirmed), 200)
    },
  )
  return router
}
