import { z } from '@hono/zod-openapi'
import { Instant, LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import { baseline, baselineAccuracy, baselineMethod } from '../../../schemas/settlement/metering.ts'
import { readers } from '../../../schemas/vocabulary/access.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { instant, tradingDay, uuid } from '../../../schemas/vocabulary/units.ts'
import { type Actor, answers, createRoute, requireReader, type ServerContext, serverRouter } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { accuracyOf, openBooks } from './service.ts'

/** An accuracy report looks at no more than this many days at a time. */
const mostDays = 92

/** Baselines, for the DNO and for the FSP that they concern. */
export function baselineRoutes(context: ServerContext) {
  const router = serverRouter()
  const { db } = context
  const params = z.object({ id: uuid })

  async function requireUnit(actor: Actor | null, id: string): Promise<void> {
    const { fspId } = requireReader(actor)
    const [unit] = await listFlexibleUnits(db, context.clock.now(), { fspId, fuIds: [id] })
    if (!unit) throw new ProblemError('not-found', `There is no FU ${id}.`)
  }

  router.openapi(
    createRoute({
      method: 'get',
      path: '/flexible-units/{id}/baseline',
      access: readers,
      problems: ['not-found'],
      tags: ['Metering'],
      summary: 'Baseline of an FU on a day, by any method that needs no contract; as of an instant if one is given',
      request: {
        params,
        query: z.object({
          day: tradingDay,
          method: baselineMethod.exclude(['fixed-reference']).default('recent-history'),
          asOf: instant.optional(),
        }),
      },
      responses: answers(baseline),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await requireUnit(c.get('actor'), id)
      const { method, asOf, ...query } = c.req.valid('query')
      const day = LocalDate.parse(query.day)
      const options = { withNominations: method === 'nominated', ...(asOf ? { asOf: instantOf(asOf) } : {}) }
      const found = (await openBooks(db, [id], day, day, options)).get(id)?.baseline(method, day)
      const periods = periodStarts(day, 'PT15M').map((start) => ({
        from: start.toString(),
        to: start.plusSeconds(900).toString(),
        energyWh: found?.energyWh.get(start.toEpochMilli()) ?? null,
      }))
      return c.json({ fuId: id, tradingDay: query.day, method, days: (found?.days ?? []).map(String), periods }, 200)
    },
  )
  router.openapi(
    createRoute({
      method: 'get',
      path: '/flexible-units/{id}/baseline-accuracy',
      access: readers,
      problems: ['not-found'],
      tags: ['Metering'],
      summary: 'Bias and mean absolute error of each method over days without events',
      request: { params, query: z.object({ from: tradingDay, to: tradingDay }) },
      responses: answers(baselineAccuracy),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await requireUnit(c.get('actor'), id)
      const { from, to } = c.req.valid('query')
      const [first, last] = [LocalDate.parse(from), LocalDate.parse(to)]
      if (last.isBefore(first) || last.toEpochDay() - first.toEpochDay() >= mostDays) {
        const errors = [{ field: 'to', message: `must lie from 0 to ${mostDays - 1} days after from` }]
        throw new ProblemError('contract-broken', `to ${errors[0]?.message}.`, { errors })
      }
      const book = (await openBooks(db, [id], first, last, { withNominations: true })).get(id)
      const methods = baselineMethod.exclude(['fixed-reference', 'zero']).options
      return c.json({ fuId: id, methods: book ? methods.map((m) => accuracyOf(book, m, first, last)) : [] }, 200)
    },
  )
  return router
}

function instantOf(text: string): Instant {
  return Instant.ofEpochMilli(Date.parse(text))
}
