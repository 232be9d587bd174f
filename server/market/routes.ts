import { ProblemError } from '../../platform/http/index.ts'
import { unitDemandSchedules } from '../grid/index.ts'
import { type ServerContext, serverRouter } from '../kit/index.ts'
import { findUnit } from './parties/index.ts'
import { gateRoutes, submissionRoutes } from './submissions/index.ts'
import { tenderRoutes } from './tenders/index.ts'

/** Demand schedules of FUs: those of the connections that they are behind. */
const demandSchedules = unitDemandSchedules(async (db, fuId) => {
  const unit = await findUnit(db, fuId, null)
  if (!unit) throw new ProblemError('not-found', `There is no FU ${fuId}.`)
  return unit.connectionId
})

/** Every route of the wing. */
export function marketRoutes(context: ServerContext) {
  const router = serverRouter()
  const slices = [
    demandSchedules.routes(context),
    tenderRoutes(context),
    submissionRoutes(context),
    gateRoutes(context),
  ]
  for (const slice of slices) router.route('/', slice)
  return router
}
