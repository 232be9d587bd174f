import { LocalDate } from '@js-joda/core'
import { createApi, ProblemError } from '../../../platform/http/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import { worldOperations } from '../../../schemas/fsp/simulation.ts'
import { bind } from '../../kit/index.ts'
import type { History } from '../sites/history.ts'
import type { SiteFactory } from '../sites/site.ts'
import type { World } from './world.ts'

/** What other simulators, and the command that imports a depot's history, read from the simulated world. */
export function worldRoutes(world: World, history: History, factory: SiteFactory, log: Log) {
  const bound = bind(worldOperations, openEntrance, {
    readWorld: () => world.state(),

    readDepotHistory({ query: { depotId, day } }) {
      const depot = factory.depots.find((each) => each.depotId === depotId)
      if (!depot) throw new ProblemError('not-found', `Depot ${depotId} not found.`)
      return history.of(depot, LocalDate.parse(day))
    },
  })
  return createApi(log).route('/', bound)
}

/** The simulated world has no secrets, so every caller is admitted. */
const openEntrance = { problems: [], identify: () => null }
