import { processOperations } from '../../schemas/fsp/processes.ts'
import type { FspContext } from '../app/context.ts'
import { bind, type Entrance, noDepot } from '../kit/index.ts'
import type { ProcessHealth } from './health.ts'

/** What runs for a depot, and how it goes. */
export function processApi(context: FspContext, health: ProcessHealth, entrance: Entrance) {
  return bind(processOperations, entrance, {
    listProcesses({ params: { depotId } }) {
      if (!context.depots.some((depot) => depot.depotId === depotId)) throw noDepot(depotId)
      return health.list(depotId)
    },
  })
}
