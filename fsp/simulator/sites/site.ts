import type { ChargePointModel, DepotSeed, EvTypeSeed } from '../../../schemas/fsp/depots.ts'
import { FleetTraffic } from '../vehicles/fleet.ts'
import { layOut, type Mounting, type Socket } from '../vehicles/layout.ts'
import { SessionBook, SessionTraffic } from '../vehicles/session-traffic.ts'
import type { SessionRecord } from '../vehicles/sessions.ts'
import type { Traffic } from '../vehicles/traffic.ts'

/** A depot with its charge points and its traffic. */
export interface Site {
  readonly depot: DepotSeed
  readonly mountings: readonly Mounting[]
  readonly sockets: readonly Socket[]
  readonly traffic: Traffic
}

/** Creates fresh sites of the same world, one for each run. */
export interface SiteFactory {
  readonly seed: number
  readonly depots: readonly DepotSeed[]
  make(depot: DepotSeed): Site
}

/** What a simulated world is made of: the same as the registers begin with. */
export interface WorldSeeds {
  depots: readonly DepotSeed[]
  models: readonly ChargePointModel[]
  evTypes: readonly EvTypeSeed[]
}

export function siteFactory(
  { depots, models, evTypes }: WorldSeeds,
  seed: number,
  sessions?: readonly SessionRecord[],
): SiteFactory {
  const book = sessions ? new SessionBook(sessions) : null
  const firstPlaces = new Map<string, number>()
  let place = 0
  for (const depot of depots) {
    firstPlaces.set(depot.depotId, place)
    place += layOut(depot, models).reduce((sum, { sockets }) => sum + sockets.length, 0)
  }
  return {
    seed,
    depots,
    make(depot) {
      const mountings = layOut(depot, models)
      const traffic = book
        ? new SessionTraffic(depot, book, firstPlaces.get(depot.depotId) ?? 0)
        : new FleetTraffic(depot, seed, evTypes)
      return { depot, mountings, sockets: mountings.flatMap(({ sockets }) => sockets), traffic }
    },
  }
}
