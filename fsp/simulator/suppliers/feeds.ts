import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import type { FeedForm } from '../../../schemas/fsp/feeds/feeds.ts'
import { seededTelematics } from '../../../schemas/fsp/fleet.ts'
import { worldOperations } from '../../../schemas/fsp/simulation.ts'
import { clampFeedId, clampPhases, clampsOf } from './clamps.ts'
import { telematicsFeedId } from './telematics.ts'

/** The simulated suppliers' feeds as an FSP registers them, by identifier. @param worldUrl where the suppliers answer. */
export function suppliedFeeds(depots: readonly DepotSeed[], worldUrl: string): Map<string, FeedForm> {
  return new Map([
    ...depots.map((depot) => [clampFeedId(depot.depotId), clampFeed(depot)] as const),
    [telematicsFeedId, telematicsFeed(worldUrl)] as const,
  ])
}

const common = { owner: 'Energy desk', isActive: true, maxBytes: 1024 * 1024, keepDays: 30 }

/** A depot's clamps: a figure a minute, every five minutes; late after 7 minutes and failed after 10 (domain section 10). */
function clampFeed(depot: DepotSeed): FeedForm {
  const { depotId, name } = depot
  return {
    ...common,
    name: `Site load of ${name}`,
    provider: 'Clamps Ltd',
    depotId,
    cadenceS: 300,
    amberS: 420,
    redS: 600,
    transport: { type: 'push' },
    format: {
      kind: 'site-load',
      at: 'timestamp',
      channel: 'device',
      currentA: 'current_a',
      channels: clampsOf(depot).map((clamp) => ({
        ...clamp,
        depotId,
        sign: 1,
        voltageV: 230,
        phases: clampPhases,
        factor: 1,
      })),
    },
  }
}

/** The vans' telematics, asked for every two minutes; late after 3 minutes and failed after 5 (domain section 10). */
function telematicsFeed(worldUrl: string): FeedForm {
  return {
    ...common,
    name: 'Telematics of the vans',
    provider: seededTelematics.provider,
    depotId: null,
    cadenceS: 120,
    amberS: 180,
    redS: 300,
    transport: {
      type: 'http',
      url: `${worldUrl}${worldOperations.readTelematics.path}`,
      authentication: { by: 'none' },
      paging: { by: 'none' },
    },
    format: {
      kind: 'telematics',
      provider: seededTelematics.provider,
      identity: 'unit',
      at: 'reportedAt',
      fields: [
        { figure: 'stateOfCharge', reportedAs: 'soc', factor: 1 },
        { figure: 'odometerMiles', reportedAs: 'odometerMiles', factor: 1 },
        { figure: 'isIgnitionOn', reportedAs: 'ignition', factor: 1 },
        { figure: 'isPluggedIn', reportedAs: 'pluggedIn', factor: 1 },
      ],
      places: [],
    },
  }
}
