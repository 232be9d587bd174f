import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../../platform/http/index.ts'
import { explanation, newOptimisation, optimisation } from '../../../../schemas/dispatch/optimisation.ts'
import { people } from '../../../../schemas/vocabulary/access.ts'
import { pageOf } from '../../../../schemas/vocabulary/paging.ts'
import { product, tradingDay, uuid } from '../../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../../kit/index.ts'
import { optimiseDay } from './service.ts'
import { explainUnit, listRuns } from './store.ts'

const tags = ['Optimisation']

/** Runs of the optimisation, and the explanation of what they chose. */
export function optimisationRoutes(context: ServerContext) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'post',
      path: '/optimisations',
      access: people('flexibility-engineer'),
      problems: ['conflict'],
      tags,
      summary: 'Optimise a day; the result becomes the optimised schedule of each FU',
      request: { body: { content: { 'application/json': { schema: newOptimisation } }, required: true } },
      responses: answers(optimisation),
    }),
    async (c) => {
      const actor = requirePerson(c.get('actor'), 'flexibility-engineer')
      const given = c.req.valid('json')
      return c.json(await optimiseDay(context, actor, LocalDate.parse(given.tradingDay), given.product), 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/optimisations',
      access: people(),
      tags,
      summary: 'Runs over a day, the latest first, with each node’s need, shortfall and marginal price',
      request: { query: z.object({ day: tradingDay, product: product.optional() }) },
      responses: answers(pageOf(optimisation)),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const asked = c.req.valid('query')
      const items = await listRuns(context.db, LocalDate.parse(asked.day), asked.product)
      return c.json({ items, nextCursor: null }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/optimisations/{runId}/units/{fuId}',
      access: people(),
      problems: ['not-found'],
      tags,
      summary: 'Why a run chose so many W of an FU',
      request: { params: z.object({ runId: uuid, fuId: uuid }) },
      responses: answers(explanation),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const { runId, fuId } = c.req.valid('param')
      const found = await explainUnit(context.db, runId, fuId)
      if (!found) throw new ProblemError('not-found', `The run ${runId} did not look at FU ${fuId}.`)
      return c.json(found, 200)
    },
  )
  return router
}
