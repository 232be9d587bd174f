import type { Area, ChargePoint, TripParameters } from './model.ts'

/** Areas and the charge points in reach, as drivers see them. */
export interface Roads {
  /** Km on the road between the middles of two areas; `null` if one of them is unknown. */
  kmBetween(from: string, to: string): number | null
  /** Usable charge points within some km of an area by road, nearest first. */
  chargePointsNear(area: string, km: number): readonly { point: ChargePoint; km: number }[]
  /** The nearest charge point of all to an area; `null` without any. */
  nearestChargePoint(area: string): { point: ChargePoint; km: number } | null
}

/** Distances from the middles of areas, and charge points by distance, each looked for once. */
export function roadsOf(
  areas: ReadonlyMap<string, Area>,
  points: readonly ChargePoint[],
  { roadFactor, detourKm }: Pick<TripParameters, 'roadFactor' | 'detourKm'>,
): Roads {
  const kmBetween = (from: string, to: string) => {
    const [a, b] = [areas.get(from), areas.get(to)]
    if (!a || !b) return null
    return (Math.hypot(a.eastingM - b.eastingM, a.northingM - b.northingM) * roadFactor) / 1_000
  }
  const placed = points.filter(({ area }) => areas.has(area))
  const near = new Map<string, readonly { point: ChargePoint; km: number }[]>()
  const nearest = new Map<string, { point: ChargePoint; km: number } | null>()
  return {
    kmBetween,
    chargePointsNear(area, km) {
      const found = near.get(area) ?? withKm(placed, area, kmBetween, Math.max(km, detourKm)).sort(byDistance)
      near.set(area, found)
      return found.filter((each) => each.km <= km)
    },
    nearestChargePoint(area) {
      const found = nearest.get(area)
      if (found !== undefined) return found
      const first = withKm(placed, area, kmBetween, Number.POSITIVE_INFINITY).reduce<Reached | null>(
        (best, each) => (best && byDistance(best, each) <= 0 ? best : each),
        null,
      )
      nearest.set(area, first)
      return first
    },
  }
}

type Reached = { point: ChargePoint; km: number }

function byDistance(a: Reached, b: Reached): number {
  return a.km - b.km || (a.point.id < b.point.id ? -1 : 1)
}

function withKm(points: readonly ChargePoint[], area: string, kmBetween: Roads['kmBetween'], most: number): Reached[] {
  return points.flatMap((point) => {
    const km = kmBetween(area, point.area)
    return km === null || km > most ? [] : [{ point, km }]
  })
}
