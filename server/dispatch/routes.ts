import { type ServerContext, serverRouter } from '../kit/index.ts'
import { boardRoutes, type DeliveredReader } from './board/index.ts'
import { emergencyRoutes } from './emergency/index.ts'
import { limitRoutes } from './import-limits/index.ts'
import { createSender, instructionRoutes } from './instructions/index.ts'
import { optimisationRoutes } from './optimisation/runs/index.ts'
import { rehearsalRoutes } from './rehearsals/index.ts'
import { scheduleRoutes } from './schedules/index.ts'
import { timetableRoutes } from './timetable/index.ts'
import { type ControlDirectory, createControlDirectory } from './transports/index.ts'

/** Every route of the wing. What was delivered is known to settlement, which stands above, so a reader for it is passed in. */
export function dispatchRoutes(
  context: ServerContext,
  delivered: DeliveredReader,
  directory: ControlDirectory = createControlDirectory(context),
) {
  const router = serverRouter()
  const slices = [
    scheduleRoutes(context),
    optimisationRoutes(context),
    rehearsalRoutes(context),
    instructionRoutes(context),
    limitRoutes(context),
    emergencyRoutes(context, createSender(context, directory)),
    timetableRoutes(context),
    boardRoutes(context, delivered),
  ]
  for (const slice of slices) router.route('/', slice)
  return router
}
