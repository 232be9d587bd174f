import { LocalDate } from '@js-joda/core'
import { createApi, ProblemError } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { worldOperations } from '../../schemas/fsp/simulation.ts'
import { bind } from '../kit/index.ts'
import type { History } from './history.ts'
import type { SiteFactory } from './site.ts'
import type { World } from './world.ts'

/** What the simulated world tells other simulators, and the demo that brings a depot's history along. */
export function worldRoutes(world: World, history: History, factory: SiteFactory, log: Log) {
  const bound = bind(worldOperations, openEntrance, {
    readWorld: () => world.state(),

    readDepotHistory({ query: { depotId, day } }) {
      const depot = factory.depots.find((each) => each.depotId === depotId)
      if (!depot) throw new ProblemError('not-found', `There is no depot ${depotId}.`)
      return history.of(depot, LocalDate.parse(day))
    },
  })
  return createApi(log).route('/', bound)
}

/** Nothing of the simulated world is a secret. */
const openEntrance = { problems: [], check: () => undefined }
