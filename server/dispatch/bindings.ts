import { onPool, type ServerContext } from '../kit/index.ts'
import { board, type DeliveredReader } from './board/index.ts'
import { delivery } from './delivery/index.ts'
import { emergency } from './emergency/index.ts'
import { experiments } from './experiments/index.ts'
import { importLimits } from './import-limits/index.ts'
import { endTurnDowns } from './instructions/index.ts'
import { liveReadings } from './live-readings/index.ts'
import { choices, optimisations } from './optimisation/runs/index.ts'
import { rehearsals } from './rehearsals/index.ts'
import { reserve } from './reserve/index.ts'
import { dispatchSchedules } from './schedules/index.ts'
import { createSender, instructions } from './sending/index.ts'
import { createControlDirectory } from './transports/index.ts'

/** The wing's operations with their verbs. Settlement, a layer above, knows what was delivered, so its reader is passed in. */
export function dispatchBindings(context: ServerContext, delivered: DeliveredReader) {
  const onDispatch = onPool(context, 'dispatch')
  const send = createSender(onDispatch, createControlDirectory(onDispatch))
  return {
    dispatchSchedules,
    optimisations,
    choices,
    rehearsals,
    experiments,
    instructions,
    liveReadings,
    importLimits,
    emergency: emergency({ endTurnDowns, send }),
    board: board(delivered),
    delivery,
    reserve: reserve(send),
  }
}
