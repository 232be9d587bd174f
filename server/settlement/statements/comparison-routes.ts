import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import { baselineComparison } from '../../../schemas/settlement/statements.ts'
import { readers } from '../../../schemas/vocabulary/access.ts'
import { tradingDay, uuid } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requireReader, type ServerContext, serverRouter } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { compareBaselines } from './comparison.ts'

/** Baselines of a day side by side, with what each would pay: for the DNO and for the FSP that they concern. */
export function comparisonRoutes(context: ServerContext) {
  const router = serverRouter()
  const { db, clock } = context
  router.openapi(
    createRoute({
      method: 'get',
      path: '/flexible-units/{id}/baselines',
      tags: ['Settlement'],
      access: readers,
      problems: ['not-found'],
      summary: 'All baselines of a day side by side, each with what the day would have paid by it',
      request: { params: z.object({ id: uuid }), query: z.object({ day: tradingDay }) },
      responses: answers(baselineComparison),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { fspId } = requireReader(c.get('actor'))
      const [unit] = await listFlexibleUnits(db, clock.now(), { fspId, fuIds: [id] })
      if (!unit) throw new ProblemError('not-found', `There is no FU ${id}.`)
      return c.json(await compareBaselines(db, clock.now(), id, LocalDate.parse(c.req.valid('query').day)), 200)
    },
  )
  return router
}
