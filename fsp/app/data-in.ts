import { SiteLoads } from '../depots/index.ts'
import { FeederLoads } from '../feeders/index.ts'
import { Feeds, siteLoadTaker, telematicsTaker, tripsTaker, weatherTaker } from '../feeds/index.ts'
import type { ChargePointParts } from './charge-points.ts'
import type { FspContext } from './context.ts'

/** What a company does about the data that it takes in. */
export interface DataDuties {
  /** Decides anew about a depot: its vehicles or its site load are known better. */
  runSoon(depotId: string): void
  onSightings?: Parameters<typeof telematicsTaker>[0]['onSightings']
  /** Keeps what is owed to others of the site load that is being stored. */
  onStored?: ConstructorParameters<typeof SiteLoads>[1]['onStored']
  onFeedChange?(): Promise<void>
  /** The folder in which feeds find files that are dropped there. */
  folder?: string | null | undefined
}

export type DataParts = ReturnType<typeof composeDataIn>

/** The feeds of a company, and the loads and readings that they bring. */
export function composeDataIn(
  context: FspContext,
  { units, unknowns, readings, health }: Pick<ChargePointParts, 'units' | 'unknowns' | 'readings' | 'health'>,
  duties: DataDuties,
) {
  const nothing = () => Promise.resolve()
  const siteLoads = new SiteLoads(context, {
    evLoadAt: (depotId, atMs) => units.leastEvLoadW(depotId, atMs),
    onStored: duties.onStored ?? nothing,
  })
  const feederLoads = new FeederLoads(context, {
    channelsOf: (depotId) => feeds.channelsOf(depotId),
    chargePointsW: (depotId, isOn, atMs) => units.leastEvLoadW(depotId, atMs, isOn),
  })
  const { onSightings } = duties
  const feeds: Feeds = new Feeds(context, {
    takers: {
      'site-load': siteLoadTaker({ feederLoads, siteLoads, onSiteLoad: (depotId) => duties.runSoon(depotId) }),
      telematics: telematicsTaker({
        registers: context.registers,
        unknowns,
        readings,
        onReadings: (depotId) => duties.runSoon(depotId),
        ...(onSightings ? { onSightings } : {}),
      }),
      trips: tripsTaker,
      weather: weatherTaker((feedId) => feeds.find(feedId).agreed.depotId),
    },
    health,
    onChange: duties.onFeedChange ?? nothing,
    folder: duties.folder ?? null,
  })
  return {
    siteLoads,
    feederLoads,
    feeds,
    async load(): Promise<void> {
      await siteLoads.load()
      await feeds.load()
      await feederLoads.load()
      await readings.load()
    },
  }
}
