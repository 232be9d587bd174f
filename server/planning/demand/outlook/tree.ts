import { cells } from '../engine/demand.ts'
import type { AreaLinks } from '../mapping/model.ts'
import type { NodeDemand } from './exceedance.ts'
import { archetypes } from './profiles.ts'

/** What areas bring to the nodes that they are linked with. */
export interface AreaLoads {
  /** By area: years × archetypes. */
  vehicles: readonly Float64Array[]
  /** By area: W in `cells` half-hours of the fleet whose trips are known; `null` for none. */
  fleetW: readonly (Float64Array | null)[]
  years: number
}

/** A link as a node sees it. */
interface Share {
  area: number
  share: number
}

/** The links of each node. */
export function sharesByNode(links: readonly AreaLinks[], nodes: number): Share[][] {
  const found: Share[][] = Array.from({ length: nodes }, () => [])
  for (const [area, link] of links.entries())
    for (const [n, node] of link.nodes.entries()) found[node]?.push({ area, share: link.shares[n] ?? 0 })
  return found
}

/** What a node's own links bring it. */
export function ownDemand(shares: readonly Share[], loads: AreaLoads): NodeDemand {
  const found = emptyDemand(loads.years)
  for (const { area, share } of shares)
    addTo(found, { vehicles: loads.vehicles[area], fleetW: loads.fleetW[area] ?? null }, share)
  return found
}

export function emptyDemand(years: number): NodeDemand {
  return { vehicles: new Float64Array(years * archetypes.length), fleetW: null }
}

/** Adds a share of a demand to a node's. */
export function addTo(
  into: NodeDemand,
  { vehicles, fleetW }: { vehicles: Float64Array | undefined; fleetW: Float64Array | null },
  share = 1,
): void {
  if (vehicles)
    for (let i = 0; i < vehicles.length; i++)
      into.vehicles[i] = (into.vehicles[i] as number) + share * (vehicles[i] as number)
  if (!fleetW) return
  into.fleetW ??= new Float64Array(cells)
  for (let c = 0; c < cells; c++) into.fleetW[c] = (into.fleetW[c] as number) + share * (fleetW[c] as number)
}

/** A node of the network tree. */
export interface TreeNode {
  nodeId: string
  parentId: string | null
}

/**
 * The demand of every node that has any: what its links bring, and what the nodes below it carry (report section 4.3: the primary may be what
 * limits). Nodes are visited from below, each once; a node's demand is handed over when it is complete and kept no longer than its parent
 * needs it, so that memory follows the upper levels and not the secondaries.
 */
export function* demandUpwards(
  nodes: readonly TreeNode[],
  own: (place: number) => NodeDemand | null,
  years: number,
): Generator<{ place: number; demand: NodeDemand }> {
  const placeOf = new Map(nodes.map(({ nodeId }, place) => [nodeId, place]))
  const parents = nodes.map(({ parentId }) => (parentId === null ? -1 : (placeOf.get(parentId) ?? -1)))
  const below = new Int32Array(nodes.length)
  for (const parent of parents) if (parent >= 0) below[parent] = (below[parent] ?? 0) + 1
  const gathered = new Map<number, NodeDemand>()
  const ready = nodes.flatMap((_, place) => (below[place] === 0 ? [place] : []))
  for (let place = ready.pop(); place !== undefined; place = ready.pop()) {
    const demand = complete(gathered.get(place), own(place))
    gathered.delete(place)
    const parent = parents[place] ?? -1
    if (parent >= 0) {
      if (demand) addTo(gatheredAt(gathered, parent, years), demand)
      below[parent] = (below[parent] ?? 0) - 1
      if (below[parent] === 0) ready.push(parent)
    }
    if (demand) yield { place, demand }
  }
}

function complete(fromBelow: NodeDemand | undefined, own: NodeDemand | null): NodeDemand | null {
  if (fromBelow && own) addTo(fromBelow, own)
  return fromBelow ?? own
}

function gatheredAt(gathered: Map<number, NodeDemand>, place: number, years: number): NodeDemand {
  const known = gathered.get(place) ?? emptyDemand(years)
  gathered.set(place, known)
  return known
}
