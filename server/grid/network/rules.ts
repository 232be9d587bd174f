import { type NetworkNode, nodeKind } from '../../../schemas/grid/connections.ts'

/** Levels of the network, top down. A parent always has a higher level, so the tree cannot contain a circle. */
const levels: readonly NetworkNode['kind'][] = nodeKind.options

/** Whether a node of one kind may be fed by a node of another; levels may be skipped (a primary directly below a GSP). */
export function mayFeed(parent: NetworkNode['kind'], child: NetworkNode['kind']): boolean {
  return levels.indexOf(parent) < levels.indexOf(child)
}
