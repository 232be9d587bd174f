import { cells, dayKinds, slots } from '../engine/demand.ts'
import { type ArchetypeProfile, archetypes } from './profiles.ts'

/** What a node carries: vehicles by archetype, and a demand that is known by half-hour. */
export interface NodeDemand {
  /** Years × archetypes. */
  vehicles: Float64Array
  /** W in `cells` half-hours, times the factor of the year; `null` where there is none. */
  fleetW: Float64Array | null
}

/** Everything of the years and profiles that nodes have in common. */
export interface OutlookTerms {
  years: readonly number[]
  profiles: readonly ArchetypeProfile[]
  fleetFactors: Float64Array
  /** Days of each kind of day in each year. */
  daysOfKinds: readonly (readonly number[])[]
}

/** A node's years, each from the half-hours of four kinds of day. */
export interface NodeOutlook {
  /** The most that vehicles draw, W, by year, and in which of the `cells` in the last year. */
  peakW: Float64Array
  peakCell: number
  /** The least headroom that is left, W; negative where it is exceeded. `null` where the headroom of the node is unknown. */
  leastHeadroomW: Float64Array | null
  /** Hours of the year in which demand exceeds headroom. */
  hoursOver: Float64Array | null
  /** The first year with any such hour; `null` for none, or if headroom is unknown. */
  firstYear: number | null
  /** The most W over the headroom in the last year. */
  greatestExcessW: number
}

/** W of a node in a year by half-hour. */
export function demandIn(
  node: NodeDemand,
  year: number,
  { profiles, fleetFactors }: OutlookTerms,
  into: Float64Array,
): void {
  const factor = fleetFactors[year] ?? 1
  const { fleetW, vehicles } = node
  if (fleetW) for (let c = 0; c < cells; c++) into[c] = (fleetW[c] as number) * factor
  else into.fill(0)
  for (let a = 0; a < archetypes.length; a++) {
    const count = vehicles[year * archetypes.length + a] as number
    const mean = profiles[a]?.meanW
    if (!mean || count === 0) continue
    for (let c = 0; c < cells; c++) into[c] = (into[c] as number) + count * (mean[c] as number)
  }
}

const scratch = new Float64Array(cells)

/**
 * A node's outlook: demand of each year against the headroom of its half-hours (domain section 9).
 * @param headroomW `cells` values by the grid's own rule, without this demand; `null` if unknown, which is not 0.
 */
export function outlookOf(node: NodeDemand, headroomW: ArrayLike<number> | null, terms: OutlookTerms): NodeOutlook {
  const { years, daysOfKinds } = terms
  const found: NodeOutlook = {
    peakW: new Float64Array(years.length),
    peakCell: 0,
    leastHeadroomW: headroomW && new Float64Array(years.length),
    hoursOver: headroomW && new Float64Array(years.length),
    firstYear: null,
    greatestExcessW: 0,
  }
  for (let y = 0; y < years.length; y++) {
    demandIn(node, y, terms, scratch)
    notePeak(found, y)
    if (headroomW) noteHeadroom(found, y, headroomW, daysOfKinds[y] ?? [])
    const isOver = (found.hoursOver?.[y] ?? 0) > 0
    if (isOver && found.firstYear === null) found.firstYear = years[y] ?? null
  }
  found.greatestExcessW = Math.max(0, -(found.leastHeadroomW?.at(-1) ?? 0))
  return found
}

function notePeak(found: NodeOutlook, y: number): void {
  let best = 0
  for (let c = 1; c < cells; c++) if ((scratch[c] as number) > (scratch[best] as number)) best = c
  found.peakW[y] = scratch[best] as number
  found.peakCell = best
}

function noteHeadroom(
  { leastHeadroomW, hoursOver }: NodeOutlook,
  y: number,
  roomW: ArrayLike<number>,
  days: readonly number[],
): void {
  let least = Number.POSITIVE_INFINITY
  let hours = 0
  for (let k = 0; k < dayKinds.length; k++) {
    let over = 0
    for (let c = k * slots; c < (k + 1) * slots; c++) {
      const left = (roomW[c] as number) - (scratch[c] as number)
      if (left < least) least = left
      if (left < 0) over++
    }
    hours += over * 0.5 * (days[k] ?? 0)
  }
  if (leastHeadroomW) leastHeadroomW[y] = least
  if (hoursOver) hoursOver[y] = hours
}
