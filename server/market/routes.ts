import { ProblemError } from '../../platform/http/index.ts'
import { demandRoutes } from '../grid/index.ts'
import { type ServerContext, serverRouter } from '../kit/index.ts'
import { findUnit, parties } from './parties/index.ts'
import { scheduleGates, submissions } from './submissions/index.ts'
import { contracts, tenders } from './tenders/index.ts'

/** Every route of the wing. */
export function marketRoutes(context: ServerContext) {
  const router = serverRouter()
  const demand = demandRoutes(context, {
    path: '/flexible-units',
    what: 'an FU',
    async connectionOf(id) {
      const unit = await findUnit(context.db, id, null)
      if (!unit) throw new ProblemError('not-found', `There is no FU ${id}.`)
      return unit.connectionId
    },
  })
  const slices = [
    parties.routes(context),
    demand,
    tenders.routes(context),
    contracts.routes(context),
    submissions.routes(context),
    scheduleGates.routes(context),
  ]
  for (const slice of slices) router.route('/', slice)
  return router
}
