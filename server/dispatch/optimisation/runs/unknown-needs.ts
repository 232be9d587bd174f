import type { Instant } from '@js-joda/core'
import type { UnknownNode } from '../../../../schemas/dispatch/optimisation.ts'

/** A node of the tree, with what makes it have a need. */
interface Node {
  nodeId: string
  name: string
  parentId: string | null
}

/** What is known of the need of a node in a quarter-hour: its expected load and its target level, W. */
interface Known {
  loadW(nodeId: string, from: Instant): number | undefined
  targetW(nodeId: string): number | null
}

/**
 * Nodes at and above some others whose need is not known in a quarter-hour, by identifier: the optimiser cannot keep them, and says so. A
 * node without a target level lacks it all day; otherwise the quarter-hours without a forecast count.
 */
export function unknownNeeds(
  nodes: readonly Node[],
  from: Iterable<string>,
  starts: readonly Instant[],
  known: Known,
): UnknownNode[] {
  return [...atAndAbove(nodes, from)].flatMap(({ nodeId, name }): UnknownNode[] => {
    if (known.targetW(nodeId) === null) return [{ nodeId, name, lacks: 'target', periods: starts.length }]
    const periods = starts.filter((start) => known.loadW(nodeId, start) === undefined).length
    return periods > 0 ? [{ nodeId, name, lacks: 'forecast', periods }] : []
  })
}

function atAndAbove(nodes: readonly Node[], from: Iterable<string>): Node[] {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const found = new Map<string, Node>()
  for (const nodeId of from)
    for (let at = byId.get(nodeId); at && !found.has(at.nodeId); at = byId.get(at.parentId ?? ''))
      found.set(at.nodeId, at)
  return [...found.values()].toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
}
