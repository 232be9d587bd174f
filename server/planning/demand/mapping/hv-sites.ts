import type { AreaLinks, MapNode } from './model.ts'
import { nearestOf, usableNodes } from './places.ts'

/** Load that connects at high voltage: a hub of rapid charge points, or a depot. It never reaches a secondary. */
export interface HvSite {
  id: string
  /** The area whose vehicles charge there. */
  area: string
  /** The node above the secondaries that feeds it; `null` if unknown: then the nearest primary. */
  nodeId: string | null
  eastingM: number | null
  northingM: number | null
}

/** The code under which a run lists what charges at a site: no area has such a one. */
export function hvCode(id: string): string {
  return `hv:${id}`
}

/** A node above the secondaries. `isPrimary` ones take the sites whose node is unknown. */
export type HvNode = MapNode & { isPrimary: boolean }

/**
 * Which node carries each site: the one that is stated, with high confidence, reserved or not, because the site may be what it is reserved for;
 * otherwise the nearest primary that is not reserved, with low confidence. A site without a place lies in the middle of its area.
 */
export function hvLinks(
  sites: readonly HvSite[],
  nodes: readonly HvNode[],
  middleOf: (area: string) => { eastingM: number; northingM: number } | undefined,
): AreaLinks[] {
  const placeOf = new Map(nodes.map(({ nodeId }, i) => [nodeId, i]))
  const primaries = usableNodes(nodes).filter((i) => nodes[i]?.isPrimary)
  const nearest = nearestOf(nodes, primaries)
  return sites.map((site) => {
    const code = hvCode(site.id)
    const stated = placeOf.get(site.nodeId ?? '')
    if (stated !== undefined)
      return { code, nodes: [stated], shares: [1], basis: 'connectivity', confidence: 'high' } as const
    const { eastingM, northingM } = { ...middleOf(site.area), ...placeOfSite(site) }
    const near = eastingM === undefined || northingM === undefined ? -1 : nearest(eastingM, northingM)
    if (near < 0) return { code, nodes: [], shares: [], basis: null, confidence: null }
    return { code, nodes: [near], shares: [1], basis: 'nearest', confidence: 'low' } as const
  })
}

function placeOfSite({ eastingM, northingM }: HvSite): { eastingM?: number; northingM?: number } {
  return eastingM === null || northingM === null ? {} : { eastingM, northingM }
}
