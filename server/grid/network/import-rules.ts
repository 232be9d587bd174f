import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import type { ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'
import { mayFeed } from './rules.ts'

/** The part of a node that forms the tree. */
export type TreeNode = Pick<NetworkNode, 'kind' | 'parentId'>

/** A node of a file with its line. */
export interface LinedNode {
  line: number
  node: TreeNode & Pick<NetworkNode, 'nodeId'>
}

/**
 * The flaws of a file's nodes as a tree together with the existing nodes: identifiers given twice, parents
 * that do not exist, inverted levels, circles, and nodes whose new level does not fit the nodes below them.
 */
export function treeFlaws(given: readonly LinedNode[], present: ReadonlyMap<string, TreeNode>): ImportFlaw[] {
  const lines = new Map<string, LinedNode>()
  const flaws: ImportFlaw[] = []
  for (const lined of given) {
    const first = lines.get(lined.node.nodeId)
    if (first) flaws.push(flaw(lined, 'nodeId', `${lined.node.nodeId} is already on line ${first.line}`))
    else lines.set(lined.node.nodeId, lined)
  }
  const find = (id: string): TreeNode | undefined => lines.get(id)?.node ?? present.get(id)
  for (const lined of lines.values()) {
    const found = parentFlaw(lined, find)
    if (found) flaws.push(found)
  }
  for (const [id, node] of present) {
    const parent = node.parentId === null || lines.has(id) ? undefined : lines.get(node.parentId)
    if (parent && !mayFeed(parent.node.kind, node.kind))
      flaws.push(flaw(parent, 'kind', `a ${parent.node.kind} cannot feed the ${node.kind} ${id} below it`))
  }
  return flaws.sort((a, b) => a.line - b.line)
}

function parentFlaw(lined: LinedNode, find: (id: string) => TreeNode | undefined): ImportFlaw | null {
  const { nodeId, kind, parentId } = lined.node
  if (parentId === null) return null
  const parent = find(parentId)
  if (!parent) return flaw(lined, 'parentId', `there is no node ${parentId}, neither in this file nor in the network`)
  const circle = circleFrom(nodeId, parentId, find)
  if (circle) return flaw(lined, 'parentId', `forms a circle: ${circle.join(' → ')}`)
  if (mayFeed(parent.kind, kind)) return null
  return flaw(lined, 'parentId', `the ${parent.kind} ${parentId} cannot feed a ${kind}`)
}

/** Levels rise with every parent, so a path without a circle is short. */
const longestWay = 10

function circleFrom(nodeId: string, parentId: string, find: (id: string) => TreeNode | undefined): string[] | null {
  const way = [nodeId]
  for (let id: string | null = parentId; id !== null && way.length < longestWay; id = find(id)?.parentId ?? null) {
    way.push(id)
    if (id === nodeId) return way
  }
  return null
}

function flaw({ line }: LinedNode, field: string, message: string): ImportFlaw {
  return { line, field, message }
}
