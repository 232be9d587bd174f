import type { DataOf } from '../../registers/index.ts'

const earthRadiusM = 6_371_000
const radians = Math.PI / 180

interface Position {
  latitude: number
  longitude: number
}

/** Distance between two positions, m: exact enough for some km, where a degree of longitude has one length. */
export function distanceM(a: Position, b: Position): number {
  const north = (a.latitude - b.latitude) * radians * earthRadiusM
  const east = (a.longitude - b.longitude) * radians * earthRadiusM * Math.cos(a.latitude * radians)
  return Math.hypot(north, east)
}

/** Where a position is, by the registers: at an excluded place, or in the area with the nearest centre. */
export interface Placed {
  place: string
  isExcluded: boolean
}

/** No area is so large that its centre is further from one of its homes. */
const furthestM = 10_000

/** Places a position; `null`: it is far from every area that is registered. */
export function placeOf(
  position: Position,
  areas: ReadonlyMap<string, DataOf<'areas'>>,
  excluded: ReadonlyMap<string, DataOf<'excludedPlaces'>>,
): Placed | null {
  for (const [place, { radiusM, ...centre }] of excluded)
    if (distanceM(position, centre) <= radiusM) return { place, isExcluded: true }
  let nearest: { place: string; m: number } | null = null
  for (const [place, centre] of areas) {
    const m = distanceM(position, centre)
    if (m <= furthestM && (!nearest || m < nearest.m)) nearest = { place, m }
  }
  return nearest && { place: nearest.place, isExcluded: false }
}

/** Local hours of a night: where a van stands then, its driver is at home. */
export const nightHours = { from: 22, to: 5 } as const

/** A van's night, with how often it was seen at each place. */
export interface Night {
  night: string
  place: string
  isExcluded: boolean
  readings: number
}

/** Where a van's home is by its nights, with the evidence. */
export interface HomeEvidence {
  lsoa: string | null
  nights: number
  nightsSeen: number
  nightsExcluded: number
  confidence: 'high' | 'medium' | 'low' | 'none'
}

/** Fewer nights say nothing; from here on the share of nights decides. Ours, not measured. */
const fewestNights = 5
const shares = { high: 0.8, medium: 0.6 } as const
const manyNights = 15

/**
 * A van's home: the area in which it stood in most nights, each night counting for the place where it was seen most. Nights at maintenance
 * depots and where vans are stored are left out (report 2.5).
 */
export function homeOf(nights: readonly Night[]): HomeEvidence {
  const byNight = Map.groupBy(nights, ({ night }) => night)
  const main = [...byNight.values()].map(
    (own) => own.toSorted((a, b) => b.readings - a.readings || (a.place < b.place ? -1 : 1))[0] as Night,
  )
  const seen = main.filter(({ isExcluded }) => !isExcluded)
  const counts = [...Map.groupBy(seen, ({ place }) => place)].map(([place, own]) => ({ place, nights: own.length }))
  const [most] = counts.toSorted((a, b) => b.nights - a.nights || (a.place < b.place ? -1 : 1))
  const evidence = { nightsSeen: seen.length, nightsExcluded: main.length - seen.length }
  if (!most || seen.length < fewestNights)
    return { lsoa: null, nights: most?.nights ?? 0, ...evidence, confidence: 'none' }
  const share = most.nights / seen.length
  const confidence =
    share >= shares.high && seen.length >= manyNights ? 'high' : share >= shares.medium ? 'medium' : 'low'
  return { lsoa: most.place, nights: most.nights, ...evidence, confidence }
}
