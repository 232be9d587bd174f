import { Instant } from '@js-joda/core'
import { feederOperations } from '../../schemas/fsp/feeders.ts'
import type { FspContext } from '../app/context.ts'
import { bind, type Entrance, noDepot } from '../kit/index.ts'
import type { FeederLoads } from './feeder-loads.ts'
import { staleLoadMs } from './rules.ts'

/** The load of a depot's cables and supplies. */
export function feederApi(context: FspContext, feederLoads: FeederLoads, entrance: Entrance) {
  return bind(feederOperations, entrance, {
    readFeederLoads({ params: { depotId } }) {
      if (!context.depots.some((depot) => depot.depotId === depotId)) throw noDepot(depotId)
      const nowMs = context.clock.now().toEpochMilli()
      const feeders = feederLoads.latestLoadByFeeder(depotId).map(({ atMs, otherW: _, ...load }) => ({
        ...load,
        at: Instant.ofEpochMilli(atMs).toString(),
        isStale: nowMs - atMs > staleLoadMs,
      }))
      const known = feeders.filter(({ mpan }) => mpan !== null)
      const mpans = [...Map.groupBy(known, ({ mpan }) => mpan as string)].map(([mpan, its]) => ({
        mpan,
        loadW: its.reduce((sum, { countedW }) => sum + countedW, 0),
        isStale: its.some(({ isStale }) => isStale),
      }))
      return { feeders, mpans }
    },
  })
}
