import { LocalDate } from '@js-joda/core'
import type { Clock } from '../../../platform/clock/index.ts'
import { createApi, ProblemError } from '../../../platform/http/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import { worldOperations } from '../../../schemas/fsp/simulation.ts'
import { bind } from '../../kit/index.ts'
import type { SupplierFaults } from '../common/supplier-faults.ts'
import type { History } from '../sites/history.ts'
import type { SiteFactory } from '../sites/site.ts'
import { vanReports } from '../suppliers/telematics.ts'
import type { World } from './world.ts'

interface WorldSources {
  history: History
  factory: SiteFactory
  /** What goes wrong with the vehicles' telematics. */
  faultOf: SupplierFaults
  clock: Clock
  log: Log
}

/** What other simulators, and the command that imports a depot's history, read from the simulated world. */
export function worldRoutes(world: World, { history, factory, faultOf, clock, log }: WorldSources) {
  const bound = bind(worldOperations, openEntrance, {
    readWorld: () => world.state(),

    readDepotHistory({ query: { depotId, day } }) {
      const depot = factory.depots.find((each) => each.depotId === depotId)
      if (!depot) throw new ProblemError('not-found', `Depot ${depotId} not found.`)
      return history.of(depot, LocalDate.parse(day))
    },

    readTelematics: () =>
      vanReports(
        world.depots.map(({ site }) => site.traffic),
        clock.now().toEpochMilli(),
        faultOf,
      ),
  })
  return createApi(log).route('/', bound)
}

/** The simulated world has no secrets, so every caller is admitted. */
const openEntrance = { problems: [], identify: () => null }
