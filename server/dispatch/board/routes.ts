import { z } from '@hono/zod-openapi'
import { LocalDate } from '@js-joda/core'
import { dispatchBoard } from '../../../schemas/dispatch/board.ts'
import { people } from '../../../schemas/vocabulary/access.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { product, tradingDay } from '../../../schemas/vocabulary/units.ts'
import { answers, createRoute, requirePerson, type ServerContext, serverRouter } from '../../kit/index.ts'
import { type DeliveredReader, readBoard } from './reader.ts'

const query = z.object({ day: tradingDay.optional(), product: product.default('A') })

/** The dispatch board. */
export function boardRoutes(context: ServerContext, delivered: DeliveredReader) {
  const router = serverRouter()
  router.openapi(
    createRoute({
      method: 'get',
      path: '/dispatch/board',
      access: people(),
      tags: ['Dispatch'],
      summary: 'Everything dispatched on a day',
      request: { query },
      responses: answers(dispatchBoard),
    }),
    async (c) => {
      requirePerson(c.get('actor'))
      const asked = c.req.valid('query')
      const at = context.clock.now()
      const day = asked.day ? LocalDate.parse(asked.day) : tradingDayOf(at)
      return c.json(await readBoard(context.db, at, day, asked.product, delivered), 200)
    },
  )
  return router
}
