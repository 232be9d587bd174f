import type { NodeOutlook } from './exceedance.ts'

/**
 * The order of a ranked list: the first to be exceeded first, then by the greatest excess in the last year, then by hours over, then by name. Nodes
 * whose headroom is unknown come last: nothing can be said of them.
 */
export function byUrgency(
  a: { nodeId: string; outlook: NodeOutlook },
  b: { nodeId: string; outlook: NodeOutlook },
): number {
  const [first, second] = [a.outlook, b.outlook]
  return (
    Number(first.leastHeadroomW === null) - Number(second.leastHeadroomW === null) ||
    (first.firstYear ?? 9_999) - (second.firstYear ?? 9_999) ||
    second.greatestExcessW - first.greatestExcessW ||
    (second.hoursOver?.at(-1) ?? 0) - (first.hoursOver?.at(-1) ?? 0) ||
    (a.nodeId < b.nodeId ? -1 : 1)
  )
}
