import type { DepotSeed } from '../../../schemas/fsp/depots.ts'

/** A clamp around one cable of a depot, as its supplier and the feed that it delivers to describe it. */
export interface Clamp {
  channel: string
  feeder: number
  use: 'building' | 'ev'
  powerFactor: number
}

/** All cables are of three phases with a clamp on one of them, at the nominal voltage. */
export const clampPhases = 3
const voltageV = 230

/** What is assumed of the load behind a cable: motors and lamps take reactive power, chargers of vehicles hardly any. */
const powerFactors = { building: 0.95, ev: 1 }

/** The name of the feed of a depot's clamps. */
export function clampFeedId(depotId: string): string {
  return `site-load-${depotId}`
}

/** The clamps of a depot: one for each cable. */
export function clampsOf({ depotId, feeders }: Pick<DepotSeed, 'depotId' | 'feeders'>): Clamp[] {
  return feeders.map(({ feeder, role }) => ({
    channel: `${depotId}-clamp-${feeder}`,
    feeder,
    use: role,
    powerFactor: powerFactors[role],
  }))
}

/** What a clamp reads for a power, A, to a hundredth. */
export function currentOf(powerW: number, { powerFactor }: Pick<Clamp, 'powerFactor'>): number {
  return Math.round((100 * powerW) / (clampPhases * voltageV * powerFactor)) / 100
}
