import type { NodeResult, UnknownNode } from '../../../../schemas/dispatch/optimisation.ts'
import { count, fixed, kw } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'

/** A node's day in an optimisation, in figures. */
export interface NodeNeed {
  nodeId: string
  name: string
  mostNeedW: number
  needWh: number
  mostShortW: number
  /** Where the price paid at most at the node is why: that price, £/MWh. */
  shortAbove: string | null
  /** When it is most short, ISO. */
  shortAt: string
  /** £/MWh; `null` if one more kW could be had in no quarter-hour. */
  highestPrice: number | null
}

/** Needs by node, the worst shortfall first, then the highest need. */
export function nodeNeeds(nodes: readonly NodeResult[]): NodeNeed[] {
  return nodes
    .map(({ nodeId, name, periods }) => {
      const worst = periods.reduce((a, b) => (b.shortfallW > a.shortfallW ? b : a))
      return {
        nodeId,
        name,
        mostNeedW: Math.max(...periods.map((p) => p.needW)),
        needWh: periods.reduce((sum, p) => sum + p.needW / 4, 0),
        mostShortW: worst.shortfallW,
        shortAbove: worst.stoppedByPrice?.ceilingGbpPerMwh ?? null,
        shortAt: worst.from,
        highestPrice: highestOf(periods.map((p) => p.marginalPriceGbpPerMwh)),
      }
    })
    .toSorted((a, b) => b.mostShortW - a.mostShortW || b.mostNeedW - a.mostNeedW)
}

/** A node's worst shortfall: `12.0 kW short at 17:45, available only above £600.00 per MWh`. */
export function shortInWords({ mostShortW, shortAt, shortAbove }: NodeNeed): string {
  const price = shortAbove === null ? '' : `, available only above £${shortAbove} per MWh`
  return `${kw(mostShortW)} short at ${timeOfDay(shortAt)}${price}`
}

/** What one more kW costs at most over the day, £/MWh; where it not available there is no price. */
export function priceInWords({ highestPrice, mostShortW }: NodeNeed): string {
  if (highestPrice !== null) return fixed(highestPrice, 2)
  return mostShortW > 0 ? 'no price: shortfall' : '–'
}

function highestOf(prices: readonly (number | null)[]): number | null {
  const known = prices.filter((price) => price !== null)
  return known.length === 0 ? null : Math.max(...known)
}

/** Why the need of a node is not known: `Islington BSP: no forecast in 96 quarter-hours`. */
export function unknownInWords({ name, lacks, periods }: UnknownNode): string {
  if (lacks === 'target') return `${name}: neither a target level nor a capacity`
  return `${name}: no forecast in ${count(periods, 'quarter-hour')}`
}
