import { createRoute, z } from '@hono/zod-openapi'
import { type Instant, LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import { baseline } from '../../../schemas/metering.ts'
import { periodStarts } from '../../../schemas/time.ts'
import { tradingDay, uuid } from '../../../schemas/units.ts'
import { answers, requireReader, type ServerContext, serverRouter } from '../../access/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { baselineOf } from './service.ts'

/** Baselines, for the DNO and for the FSP that they concern. */
export function baselineRoutes(context: ServerContext) {
  const router = serverRouter()
  const request = { params: z.object({ id: uuid }), query: z.object({ day: tradingDay }) }
  router.openapi(
    createRoute({
      method: 'get',
      path: '/flexible-units/{id}/baseline',
      tags: ['Metering'],
      summary: 'Baseline of an FU on a day',
      request,
      responses: answers(baseline),
    }),
    async (c) => {
      const { fspId } = requireReader(c.get('actor'))
      const { id } = c.req.valid('param')
      const [unit] = await listFlexibleUnits(context.db, context.clock.now(), { fspId, fuIds: [id] })
      if (!unit) throw new ProblemError('not-found', `There is no FU ${id}.`)
      const day = LocalDate.parse(c.req.valid('query').day)
      const found = await baselineOf(context.db, id, day)
      const periods = periodStarts(day, 'PT15M').map((start: Instant) => ({
        from: start.toString(),
        to: start.plusSeconds(900).toString(),
        energyWh: found?.energyWh.get(start.toEpochMilli()) ?? null,
      }))
      return c.json(
        {
          fuId: id,
          tradingDay: day.toString(),
          method: 'recent-history' as const,
          days: (found?.days ?? []).map(String),
          periods,
        },
        200,
      )
    },
  )
  return router
}
