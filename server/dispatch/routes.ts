import type { ServerContext } from '../access/index.ts'
import { serverRouter } from '../access/index.ts'
import { boardRoutes, type DeliveredReader } from './board/index.ts'
import { instructionRoutes } from './instructions/index.ts'
import { scheduleRoutes } from './schedules/index.ts'

/** Every route of the wing. What was delivered is known to settlement, which stands above, so a reader for it is passed in. */
export function dispatchRoutes(context: ServerContext, delivered: DeliveredReader) {
  const router = serverRouter()
  for (const slice of [scheduleRoutes(context), instructionRoutes(context), boardRoutes(context, delivered)])
    router.route('/', slice)
  return router
}
