import type { Shape } from './shape.ts'

/** How the demand of areas is given to substations (report section 4.3). */
export const mappingMethods = [
  'connectivity',
  'feeding-area',
  'customer-share',
  'largest-in-area',
  'smallest-in-area',
  'all-in-area',
  'nearest',
] as const
export type MappingMethod = (typeof mappingMethods)[number]

/** An area whose demand is to be mapped. */
export interface MapArea {
  code: string
  /** `null` where only its place is known: then no node can be said to lie in it. */
  shape: Shape | null
  eastingM: number
  northingM: number
}

/** A substation of the level to which demand is mapped. */
export interface MapNode {
  nodeId: string
  eastingM: number | null
  northingM: number | null
  /** By the grid's own rule; `null` if unknown. */
  capacityW: number | null
  customers: number | null
  /** For one user: it takes nobody else's demand. */
  reserved: boolean
  feedingArea: Shape | null
}

/** Customers of an area that a substation is known to feed. */
export interface Feeding {
  area: string
  nodeId: string
  customers: number
}

export type Confidence = 'high' | 'medium' | 'low'

/** What an area's demand is shared by. */
export interface AreaLinks {
  code: string
  /** Places in the list of nodes, and their shares; they add up to 1, or are empty if no node can take the demand. */
  nodes: readonly number[]
  shares: readonly number[]
  /** The method that was used for this area: `nearest` where the chosen one had nothing to go by. */
  basis: MappingMethod | null
  confidence: Confidence | null
}
