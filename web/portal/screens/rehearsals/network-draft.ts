import type { z } from 'zod'
import type { newPseudoNetwork } from '../../../../schemas/dispatch/rehearsals.ts'

/** A node as the form holds it; its name may change after FUs were put under it. */
export interface DraftNode {
  key: number
  name: string
  /** `null`: it is topmost. */
  parentKey: number | null
}

/** A pseudo-network as its form holds it. */
export interface NetworkDraft {
  name: string
  nodes: readonly DraftNode[]
  /** The key of the node of each FU that is in the network. */
  placed: ReadonlyMap<string, number>
}

/** What the first node is called until somebody calls it otherwise. */
const firstNodeWords = 'All FUs'

/** A pseudo-network to begin with: one node, no FU. */
export function newNetwork(): NetworkDraft {
  return { name: '', nodes: [{ key: 0, name: firstNodeWords, parentKey: null }], placed: new Map() }
}

/** The draft with one more node below its first. */
export function withNode(draft: NetworkDraft): NetworkDraft {
  const key = Math.max(...draft.nodes.map((node) => node.key)) + 1
  return { ...draft, nodes: [...draft.nodes, { key, name: '', parentKey: draft.nodes[0]?.key ?? null }] }
}

/** The draft without a node: what stood below it, nodes and FUs, moves to the node above; FUs of a topmost node leave the network. */
export function withoutNode(draft: NetworkDraft, key: number): NetworkDraft {
  const above = draft.nodes.find((node) => node.key === key)?.parentKey ?? null
  const nodes = draft.nodes
    .filter((node) => node.key !== key)
    .map((node) => (node.parentKey === key ? { ...node, parentKey: above } : node))
  const placed = [...draft.placed].flatMap(([fuId, at]) => {
    const moved = at === key ? above : at
    return moved === null ? [] : [[fuId, moved] as const]
  })
  return { ...draft, nodes, placed: new Map(placed) }
}

/** The draft with FUs at a node, or out of the network. */
export function withPlaced(draft: NetworkDraft, fuIds: readonly string[], key: number | null): NetworkDraft {
  const placed = new Map(draft.placed)
  for (const fuId of fuIds) {
    if (key === null) placed.delete(fuId)
    else placed.set(fuId, key)
  }
  return { ...draft, placed }
}

/** The draft as the API takes it, or what is wrong, by field: `name`, `members`, and `node.` with the key of a node. */
export function readNetwork({ name, nodes, placed }: NetworkDraft): {
  given: z.input<typeof newPseudoNetwork> | null
  faults: ReadonlyMap<string, string>
} {
  const faults = new Map<string, string>()
  const called = new Map(nodes.map((node) => [node.key, node.name.trim()]))
  if (name.trim() === '') faults.set('name', 'Give the network a name.')
  if (name.trim().length > 100) faults.set('name', 'Use 100 characters at most.')
  if (placed.size === 0) faults.set('members', 'Put at least one FU at a node.')
  for (const node of nodes) {
    const fault = nodeFault(node, nodes)
    if (fault) faults.set(`node.${node.key}`, fault)
  }
  if (faults.size > 0) return { given: null, faults }
  const idOf = (key: number | null) => (key === null ? null : (called.get(key) ?? null))
  const given = {
    name: name.trim(),
    nodes: nodes.map(({ key, parentKey }) => ({
      nodeId: idOf(key) ?? '',
      name: idOf(key) ?? '',
      parentId: idOf(parentKey),
    })),
    members: [...placed].map(([fuId, key]) => ({ fuId, nodeId: idOf(key) ?? '' })),
  }
  return { given, faults }
}

function nodeFault(node: DraftNode, nodes: readonly DraftNode[]): string | null {
  const name = node.name.trim()
  if (name === '') return 'Give the node a name.'
  if (name.length > 100) return 'Use 100 characters at most.'
  if (nodes.some((other) => other.key !== node.key && other.name.trim() === name))
    return `Another node is called ${name} too.`
  if (isOwnAncestor(node, nodes)) return `${name} stands below itself: choose another node above it.`
  return null
}

function isOwnAncestor(node: DraftNode, nodes: readonly DraftNode[]): boolean {
  const parents = new Map(nodes.map(({ key, parentKey }) => [key, parentKey]))
  let at = node.parentKey
  for (let steps = 0; at !== null && steps <= nodes.length; steps++) {
    if (at === node.key) return true
    at = parents.get(at) ?? null
  }
  return false
}
