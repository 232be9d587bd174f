import { type NetworkNode, nodeKind } from '../../../schemas/grid/connections.ts'

/** Levels of the network from the top down. A node stands under one of a higher level, so the tree can have no circle. */
const levels: readonly NetworkNode['kind'][] = nodeKind.options

/** Whether a node of one kind may be fed by a node of another; a level may be left out (a primary straight under a GSP). */
export function mayFeed(parent: NetworkNode['kind'], child: NetworkNode['kind']): boolean {
  return levels.indexOf(parent) < levels.indexOf(child)
}
