import type { NetworkNode } from '../../schemas/grid/connections.ts'
import type { NodeLoadSeed } from '../../schemas/planning/load-seeds.ts'
import { seedFor } from '../../server/planning/index.ts'
import { curvesOf, curvesOfSteps, type LoadPlace, type LoadShapeName } from './load-shapes.ts'

/** What the shares are spread by. */
const seed = 20

/** Power factor of loads whose own is not known. */
const powerFactor = 0.95

/** Share of its winter rating that a node of each kind carries at most, at least and at most of its kind. */
const utilisation: Record<NetworkNode['kind'], readonly [number, number]> = {
  gsp: [0.5, 0.62],
  bsp: [0.52, 0.66],
  primary: [0.55, 0.72],
  secondary: [0.5, 0.68],
  feeder: [0.4, 0.6],
}

/** Nodes that have hardly any room left, with the share of the rating that they carry: what an application there comes up against. */
const fullNodes: ReadonlyMap<string, number> = new Map([['spn-orpington-pri', 0.86]])

/** The load of a node: as the seeds state it for the present, or by its rating. `null` where nothing says how large it is. */
export function placeOfNode(
  node: Pick<NetworkNode, 'nodeId' | 'kind' | 'ratingWinterKva'>,
  stated: Pick<NodeLoadSeed, 'load'> | undefined,
): LoadPlace | null {
  const { nodeId: id, kind, ratingWinterKva } = node
  if (stated) {
    const { highestW, ...curves } = curvesOfSteps(stated.load)
    return { id, seed, curves, peakW: highestW }
  }
  if (ratingWinterKva === null) return null
  const [least, most] = utilisation[kind]
  const share = fullNodes.get(id) ?? least + (most - least) * shareOf(id)
  const shape: LoadShapeName = kind === 'secondary' || kind === 'feeder' ? 'homes' : 'mixed'
  return { id, seed, curves: curvesOf(shape), peakW: ratingWinterKva * 1_000 * powerFactor * share }
}

/** Share of its authorised capacity that a connection of each kind draws at most. */
const drawn: Record<LoadShapeName, readonly [number, number]> = {
  homes: [0.5, 0.7],
  nightCharging: [0.25, 0.45],
  premises: [0.5, 0.75],
  depot: [0.6, 0.8],
  mixed: [0.5, 0.7],
}

/** The load of a connection by its authorised capacity. */
export function placeOfConnection(
  { connectionId: id, ascKva }: { connectionId: string; ascKva: number },
  shape: LoadShapeName,
): LoadPlace {
  const [least, most] = drawn[shape]
  const share = least + (most - least) * shareOf(id)
  return { id, seed, curves: curvesOf(shape), peakW: ascKva * 1_000 * powerFactor * share }
}

/** A share of its own for each place, 0 to 1. */
function shareOf(id: string): number {
  return (seedFor(seed, id) >>> 0) / 2 ** 32
}
