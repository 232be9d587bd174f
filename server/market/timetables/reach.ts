/** What a timetable is for: a product, the FUs at and below a node, or one contract. */
export type Reach = { kind: 'product' } | { kind: 'zone'; nodeId: string } | { kind: 'contract'; contractId: string }

/** The whole product. */
export const wholeProduct = 'product'

/** A reach as one string, as it is stored. */
export function reachText(reach: Reach): string {
  if (reach.kind === 'product') return wholeProduct
  return reach.kind === 'zone' ? `zone:${reach.nodeId}` : `contract:${reach.contractId}`
}

/** The reach that a string states. */
export function reachFrom(text: string): Reach {
  if (text.startsWith('zone:')) return { kind: 'zone', nodeId: text.slice('zone:'.length) }
  if (text.startsWith('contract:')) return { kind: 'contract', contractId: text.slice('contract:'.length) }
  return { kind: 'product' }
}

/** The nodes from one up to the top. @param parents of every node. */
export function pathUp(parents: ReadonlyMap<string, string | null>, nodeId: string): string[] {
  const path: string[] = []
  for (let id: string | null = nodeId; id !== null; id = parents.get(id) ?? null) path.push(id)
  return path
}

/**
 * Which of the timetables of a product a contract follows: its own, else that of the nearest zone above its FU, else the product’s.
 * @param reaches of the timetables in force.
 * @param contractId `null` for what is not contracted yet.
 * @param path the nodes from the FU’s up to the top.
 */
export function reachFor(reaches: ReadonlySet<string>, contractId: string | null, path: readonly string[]): string {
  const own = contractId === null ? wholeProduct : reachText({ kind: 'contract', contractId })
  if (own !== wholeProduct && reaches.has(own)) return own
  const zone = path.map((nodeId) => reachText({ kind: 'zone', nodeId })).find((text) => reaches.has(text))
  return zone ?? wholeProduct
}
