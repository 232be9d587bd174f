import { type ServerContext, serverRouter } from '../kit/index.ts'
import { board, type DeliveredReader } from './board/index.ts'
import { emergency } from './emergency/index.ts'
import { importLimits } from './import-limits/index.ts'
import { endTurnDowns } from './instructions/index.ts'
import { optimisations } from './optimisation/runs/index.ts'
import { rehearsals } from './rehearsals/index.ts'
import { dispatchSchedules } from './schedules/index.ts'
import { createSender, instructions } from './sending/index.ts'
import { timetable } from './timetable/index.ts'
import { type ControlDirectory, createControlDirectory } from './transports/index.ts'

/** Every route of the wing. What was delivered is known to settlement, which stands above, so a reader for it is passed in. */
export function dispatchRoutes(
  context: ServerContext,
  delivered: DeliveredReader,
  directory: ControlDirectory = createControlDirectory(context),
) {
  const router = serverRouter()
  const slices = [
    dispatchSchedules,
    optimisations,
    rehearsals,
    instructions,
    importLimits,
    emergency({ endTurnDowns, send: createSender(context, directory) }),
    timetable,
    board(delivered),
  ]
  for (const slice of slices) router.route('/', slice.routes(context))
  return router
}
