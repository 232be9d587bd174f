/** A node's findings by one method. */
export interface NodeFinding {
  nodeId: string
  firstYear: number | null
  /** In the last year. */
  peakW: number
}

/** A node by two methods. */
export interface Disagreement<F extends NodeFinding> {
  nodeId: string
  one: F | null
  other: F | null
  /** |difference of peaks|, W. */
  differenceW: number
}

/** Two methods side by side, where they disagree most first; what one of them gives nothing to counts as 0 there. */
export function sideBySide<F extends NodeFinding>(one: readonly F[], other: readonly F[]): Disagreement<F>[] {
  const others = new Map(other.map((each) => [each.nodeId, each]))
  const both = one.map((each) => [each, others.get(each.nodeId) ?? null] as const)
  const known = new Set(one.map(({ nodeId }) => nodeId))
  const only = other.filter(({ nodeId }) => !known.has(nodeId)).map((each) => [null, each] as const)
  return [...both, ...only]
    .map(([a, b]) => ({
      nodeId: a?.nodeId ?? b?.nodeId ?? '',
      one: a,
      other: b,
      differenceW: Math.abs((a?.peakW ?? 0) - (b?.peakW ?? 0)),
    }))
    .sort((a, b) => b.differenceW - a.differenceW || (a.nodeId < b.nodeId ? -1 : 1))
}
