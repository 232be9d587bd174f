import type { AreaLinks, Confidence, Feeding, MapArea, MapNode, MappingMethod } from './model.ts'
import { nearestOf, nodesInAreas, shapeFinder, usableNodes } from './places.ts'
import { pointsWithin } from './shape.ts'

/** What demand is mapped by. */
export interface MapFacts {
  areas: readonly MapArea[]
  nodes: readonly MapNode[]
  feedings: readonly Feeding[]
}

/** Nodes of an area with their weights, before these become shares. */
type Weights = readonly (readonly [node: number, weight: number])[]

/** Weights of an area; none where the method has nothing to go by. */
type Weigher = (area: MapArea, place: number) => Weights

/** How sure a method is by itself. What falls back on the nearest substation is `low` in any case. */
const sureness: Record<MappingMethod, Confidence> = {
  connectivity: 'high',
  'feeding-area': 'medium',
  'customer-share': 'medium',
  'largest-in-area': 'low',
  'smallest-in-area': 'low',
  'all-in-area': 'low',
  nearest: 'low',
}

/**
 * Which substations carry the demand of each area, and in which shares. Nodes that are reserved take none. Where the method has nothing to go
 * by in an area, its nearest substation takes all, with low confidence: demand is never lost unless no substation can take any.
 */
export function linksOf(method: MappingMethod, facts: MapFacts): AreaLinks[] {
  const usable = usableNodes(facts.nodes)
  const nearest = nearestOf(facts.nodes, usable)
  const weigh = weighers[method](facts, usable)
  return facts.areas.map((area, place) => {
    const links = sharesOf(weigh(area, place))
    if (links) return { code: area.code, ...links, basis: method, confidence: sureness[method] }
    const near = nearest(area.eastingM, area.northingM)
    if (near < 0) return { code: area.code, nodes: [], shares: [], basis: null, confidence: null }
    return { code: area.code, nodes: [near], shares: [1], basis: 'nearest', confidence: 'low' }
  })
}

/** Shares that add up to 1: the last takes what rounding leaves. `null` if nothing has any weight. */
function sharesOf(weights: Weights): { nodes: number[]; shares: number[] } | null {
  const own = weights.filter(([, weight]) => weight > 0)
  const total = own.reduce((sum, [, weight]) => sum + weight, 0)
  if (!(total > 0)) return null
  return { nodes: own.map(([node]) => node), shares: own.map(([, weight]) => weight / total) }
}

const weighers: Record<MappingMethod, (facts: MapFacts, usable: readonly number[]) => Weigher> = {
  connectivity({ nodes, feedings }, usable) {
    const placeOf = new Map(usable.map((i) => [nodes[i]?.nodeId ?? '', i]))
    const byArea = Map.groupBy(feedings, ({ area }) => area)
    return ({ code }) =>
      (byArea.get(code) ?? []).flatMap(({ nodeId, customers }) => {
        const place = placeOf.get(nodeId)
        return place === undefined ? [] : [[place, customers] as const]
      })
  },
  'feeding-area': feedingAreas,
  'customer-share': (facts, usable) => {
    const within = nodesInAreas(facts.areas, facts.nodes, usable)
    return (_, place) => (within.get(place) ?? []).map((i) => [i, facts.nodes[i]?.customers ?? 0])
  },
  'largest-in-area': (facts, usable) => oneInArea(facts, usable, (a, b) => a > b),
  'smallest-in-area': (facts, usable) => oneInArea(facts, usable, (a, b) => a < b),
  'all-in-area': (facts, usable) => {
    const within = nodesInAreas(facts.areas, facts.nodes, usable)
    return (_, place) => (within.get(place) ?? []).map((i) => [i, facts.nodes[i]?.capacityW ?? 0])
  },
  nearest: ({ nodes }, usable) => {
    const find = nearestOf(nodes, usable)
    return ({ eastingM, northingM }) => {
      const found = find(eastingM, northingM)
      return found < 0 ? [] : [[found, 1]]
    }
  },
}

/** All of an area to one of its substations with known capacity; of equals, to the first by identifier. */
function oneInArea(facts: MapFacts, usable: readonly number[], isBetter: (a: number, b: number) => boolean): Weigher {
  const within = nodesInAreas(facts.areas, facts.nodes, usable)
  return (_, place) => {
    const known = (within.get(place) ?? []).flatMap((node) => {
      const { capacityW = null, nodeId = '' } = facts.nodes[node] ?? {}
      return capacityW === null ? [] : [{ node, capacityW, nodeId }]
    })
    const [first, ...others] = known.sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
    if (!first) return []
    const best = others.reduce((so, other) => (isBetter(other.capacityW, so.capacityW) ? other : so), first)
    return [[best.node, 1]]
  }
}

/** Points in an area at which it is looked whose feeding area this is: two hundred are right to about a hundredth of the area. */
const pointsInArea = 200

/**
 * By the feeding areas that an area lies in: each part counts with the customers of its substation to the square metre, as if they were spread
 * evenly over its feeding area. If the customers of any of them are unknown, parts count by their size.
 */
function feedingAreas({ nodes }: MapFacts, usable: readonly number[]): Weigher {
  const find = shapeFinder(usable.map((i) => nodes[i]?.feedingArea ?? null))
  return ({ shape, eastingM, northingM }) => {
    const points = shape ? pointsWithin(shape, pointsInArea) : Float64Array.of(eastingM, northingM)
    const hits = new Map<number, number>()
    for (let i = 0; i < points.length; i += 2)
      for (const found of find(points[i] ?? 0, points[i + 1] ?? 0)) {
        const node = usable[found] ?? 0
        hits.set(node, (hits.get(node) ?? 0) + 1)
      }
    const parts = [...hits].sort(([a], [b]) => a - b)
    const densities = parts.map(([i]) => densityOf(nodes[i]))
    const isKnown = densities.every((density) => density !== null)
    return parts.map(([i, count], n) => [i, isKnown ? count * (densities[n] ?? 0) : count])
  }
}

function densityOf(node: MapNode | undefined): number | null {
  const { customers = null, feedingArea = null } = node ?? {}
  return customers === null || feedingArea === null ? null : customers / feedingArea.areaM2
}
