import { type Archetype, archetypes } from './profiles.ts'

/** An area with what may become electric in it. */
export interface GrowthArea {
  code: string
  borough: string
  /** Cars of its homes; `null` if unknown. */
  cars: number | null
  offStreetShare: number | null
  /** Vehicles of depots in it. */
  depotVehicles: number
}

/** The share of cars that are electric by area and year: a scenario of DFES, in the layout of its files. */
export interface Scenario {
  name: string
  years: readonly number[]
  /** By area: a share for each year. */
  shares: ReadonlyMap<string, readonly number[]>
}

/** Vehicles of each archetype in each area and year, and how areas without figures of their own were counted. */
export interface Growth {
  years: readonly number[]
  /** By area: years × archetypes. */
  vehicles: Float64Array[]
  /** By area: all vehicles of each archetype, electric or not. */
  whole: Float64Array[]
  /** Mean share of cars that are electric, by year. */
  meanShare: Float64Array
  /** Areas whose share is the mean of their borough, or of all areas: their codes are not in the scenario. */
  byBorough: number
  byAll: number
  /** Areas without a number of cars: they have no demand of homes. */
  withoutCars: number
}

/**
 * The electric vehicles of areas by year. A home with off-street parking charges at home, the others in public (report section 4.2); an area
 * that a scenario does not know, such as one whose code changed between censuses, takes the mean of its borough.
 */
export function growthOf(
  areas: readonly GrowthArea[],
  scenario: Scenario,
  boroughShares: ReadonlyMap<string, number>,
): Growth {
  const { years, shares } = scenario
  const byBorough = meansBy(areas, shares, ({ borough }) => borough)
  const all = meansBy(areas, shares, () => '').get('') ?? meanOf([...shares.values()], years.length)
  const counts = { byBorough: 0, byAll: 0, withoutCars: 0 }
  const whole = areas.map((area) => wholeOf(area, area.offStreetShare ?? boroughShares.get(area.borough) ?? 0))
  const vehicles = areas.map((area, place) => {
    const own = shares.get(area.code)
    const ofBorough = own ? undefined : byBorough.get(area.borough)
    if (!own) counts[ofBorough ? 'byBorough' : 'byAll']++
    if (area.cars === null) counts.withoutCars++
    return vehiclesOf(whole[place] ?? new Float64Array(archetypes.length), own ?? ofBorough ?? all)
  })
  return { years, vehicles, whole, meanShare: Float64Array.from(all), ...counts }
}

function wholeOf({ cars, depotVehicles }: GrowthArea, offStreet: number): Float64Array {
  const all: Record<Archetype, number> = {
    home: (cars ?? 0) * offStreet,
    public: (cars ?? 0) * (1 - offStreet),
    depot: depotVehicles,
  }
  return Float64Array.from(archetypes, (name) => all[name])
}

function vehiclesOf(whole: Float64Array, shares: ArrayLike<number>): Float64Array {
  const found = new Float64Array(shares.length * archetypes.length)
  for (let y = 0; y < shares.length; y++)
    for (let a = 0; a < archetypes.length; a++) found[y * archetypes.length + a] = (whole[a] ?? 0) * (shares[y] ?? 0)
  return found
}

function meansBy(
  areas: readonly GrowthArea[],
  shares: ReadonlyMap<string, readonly number[]>,
  keyOf: (area: GrowthArea) => string,
): Map<string, Float64Array> {
  const known = Map.groupBy(areas, keyOf)
  return new Map(
    [...known].flatMap(([key, own]) => {
      const found = own.flatMap(({ code }) => shares.get(code) ?? [])
      const each = own.map(({ code }) => shares.get(code)).filter((one) => one !== undefined)
      return found.length === 0 ? [] : [[key, meanOf(each, each[0]?.length ?? 0)]]
    }),
  )
}

function meanOf(all: readonly (readonly number[])[], years: number): Float64Array {
  const mean = new Float64Array(years)
  for (const own of all) for (let y = 0; y < years; y++) mean[y] = (mean[y] ?? 0) + (own[y] ?? 0) / all.length
  return mean
}

/**
 * By how much the demand of today's private-hire vehicles grows: with the mean share of cars since the year of the trips, up to the whole
 * fleet. @param wholeFleet vehicles of the fleet to those in the trips; `null` if unknown: then nothing limits it.
 */
export function fleetFactors(
  growth: Pick<Growth, 'years' | 'meanShare'>,
  tripYear: number,
  wholeFleet: number | null,
): Float64Array {
  const { years, meanShare } = growth
  const first = Math.max(0, years.indexOf(tripYear))
  const base = meanShare[first] ?? 0
  return meanShare.map((share) => {
    const factor = base > 0 ? share / base : 1
    return wholeFleet === null ? factor : Math.min(factor, wholeFleet)
  })
}
