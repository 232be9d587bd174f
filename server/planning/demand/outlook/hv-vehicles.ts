import type { Growth } from './growth.ts'
import { type Archetype, archetypes } from './profiles.ts'

/** Vehicles that charge at a site at high voltage once all are electric: some of those of its area. `archetype` is `null` for a site of trips alone. */
export interface HvVehicles {
  area: string
  archetype: Archetype | null
  vehicles: number
}

/** The electric vehicles of areas and of sites, years × archetypes each. */
export interface SplitVehicles {
  areas: Float64Array[]
  sites: Float64Array[]
  /** Vehicles of sites that their areas do not have: they are counted nowhere. */
  beyond: number
}

/**
 * Takes the vehicles of sites out of their areas, so that each is counted once and together they stay as many as before. A site has the share of its
 * area's electric vehicles that it has of all; the first site goes before the others, and none takes more than there are.
 */
export function splitVehicles(
  { vehicles, whole }: Pick<Growth, 'vehicles' | 'whole'>,
  codes: readonly string[],
  sites: readonly HvVehicles[],
): SplitVehicles {
  const placeOf = new Map(codes.map((code, i) => [code, i]))
  const left = whole.map((own) => own.slice())
  const areas = vehicles.map((own) => own.slice())
  let beyond = 0
  const taken = sites.map((site) => {
    const found = new Float64Array(vehicles[0]?.length ?? 0)
    const place = placeOf.get(site.area) ?? -1
    const a = site.archetype === null ? -1 : archetypes.indexOf(site.archetype)
    const [all, free, own] = [whole[place]?.[a] ?? 0, left[place], areas[place]]
    const count = Math.min(site.vehicles, free?.[a] ?? 0)
    if (a >= 0) beyond += site.vehicles - count
    if (!free || !own || count === 0) return found
    free[a] = (free[a] ?? 0) - count
    for (let i = a; i < found.length; i += archetypes.length) {
      const moved = ((vehicles[place]?.[i] ?? 0) * count) / all
      found[i] = moved
      own[i] = Math.max(0, (own[i] ?? 0) - moved)
    }
    return found
  })
  return { areas, sites: taken, beyond }
}
