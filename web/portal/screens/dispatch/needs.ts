import type { NodeResult } from '../../../../schemas/dispatch/optimisation.ts'

/** A node's day in an optimisation, in figures. */
export interface NodeNeed {
  nodeId: string
  name: string
  mostNeedW: number
  needWh: number
  mostShortW: number
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
        shortAt: worst.from,
        highestPrice: highestOf(periods.map((p) => p.marginalPriceGbpPerMwh)),
      }
    })
    .toSorted((a, b) => b.mostShortW - a.mostShortW || b.mostNeedW - a.mostNeedW)
}

function highestOf(prices: readonly (number | null)[]): number | null {
  const known = prices.filter((price) => price !== null)
  return known.length === 0 ? null : Math.max(...known)
}
