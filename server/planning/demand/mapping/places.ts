import Flatbush from 'flatbush'
import type { MapArea, MapNode } from './model.ts'
import { contains, type Shape } from './shape.ts'

/** Nodes that may take demand: not reserved for one user (domain section 9). */
export function usableNodes(nodes: readonly MapNode[]): number[] {
  return nodes.flatMap((node, i) => (node.reserved ? [] : [i]))
}

/** Finds the node nearest to a place; -1 if none has a place. */
export function nearestOf(nodes: readonly MapNode[], usable: readonly number[]): (x: number, y: number) => number {
  const placed = usable.filter((i) => nodes[i]?.eastingM != null && nodes[i]?.northingM != null)
  if (placed.length === 0) return () => -1
  const index = new Flatbush(placed.length)
  for (const i of placed) index.add(nodes[i]?.eastingM ?? 0, nodes[i]?.northingM ?? 0)
  index.finish()
  return (x, y) => placed[index.neighbors(x, y, 1)[0] ?? 0] ?? -1
}

/** The usable nodes that lie in each area, by the area's place in the list. */
export function nodesInAreas(
  areas: readonly MapArea[],
  nodes: readonly MapNode[],
  usable: readonly number[],
): Map<number, number[]> {
  const find = shapeFinder(areas.map(({ shape }) => shape))
  const found = new Map<number, number[]>()
  for (const i of usable) {
    const { eastingM = null, northingM = null } = nodes[i] ?? {}
    if (eastingM === null || northingM === null) continue
    // A point on a border belongs to one area only.
    const [own] = find(eastingM, northingM)
    if (own === undefined) continue
    const within = found.get(own)
    if (within) within.push(i)
    else found.set(own, [i])
  }
  return found
}

/** Finds the shapes around a point, by their places in a list, in order. */
export function shapeFinder(shapes: readonly (Shape | null)[]): (x: number, y: number) => number[] {
  const known = shapes.flatMap((shape, i) => (shape ? [{ shape, i }] : []))
  if (known.length === 0) return () => []
  const index = new Flatbush(known.length)
  for (const { shape } of known) index.add(...shape.box)
  index.finish()
  return (x, y) =>
    index
      .search(x, y, x, y)
      .flatMap((n) => {
        const one = known[n]
        return one && contains(one.shape, x, y) ? [one.i] : []
      })
      .sort((a, b) => a - b)
}
