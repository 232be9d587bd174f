import { z } from 'zod'
import {
  type GatewayAssignment,
  gatewayAssignment,
  hubAssignment,
  type MappedPoint,
  mappedPoint,
} from '../../schemas/grid/gateway.ts'

const pointMap = z.array(mappedPoint)

/**
 * Reads assignments by their contract, each distinct point map once: a fleet has thousands of hubs but only a handful of models, and
 * checking every point of every hub would stop all polls for seconds. Hubs with equal maps share one array, also across calls.
 */
export class AssignmentParser {
  #known = new Map<string, MappedPoint[]>()
  #seen = new Map<string, MappedPoint[]>()
  readonly #schema = gatewayAssignment.extend({
    hubs: z.array(hubAssignment.extend({ pointMap: z.unknown().transform((map) => this.#shared(map)) })),
    pointMaps: z
      .record(
        z.string(),
        z.unknown().transform((map) => this.#shared(map)),
      )
      .optional(),
  })

  /** Throws a `ZodError` that names what breaks the contract. */
  parse(json: unknown): GatewayAssignment {
    this.#seen = new Map()
    const assignment = this.#schema.parse(json)
    this.#known = this.#seen
    return assignment
  }

  #shared(map: unknown): MappedPoint[] {
    const text = JSON.stringify(map)
    const shared = this.#seen.get(text) ?? this.#known.get(text) ?? pointMap.parse(map)
    this.#seen.set(text, shared)
    return shared
  }
}

/** An assignment as stored: maps by name, each once. */
export function compactAssignment(assignment: GatewayAssignment): GatewayAssignment {
  const names = new Map<MappedPoint[], string>()
  const hubs = assignment.hubs.map((hub) => {
    const map = mapOf(hub, assignment)
    const name = names.get(map) ?? `map-${names.size + 1}`
    names.set(map, name)
    return { ...hub, pointMap: [], pointMapName: name }
  })
  return { ...assignment, hubs, pointMaps: Object.fromEntries([...names].map(([map, name]) => [name, map])) }
}

const noPoints: MappedPoint[] = []

/** A hub's point map. If the assignment does not define the named map, the hub has no points: each is reported as unmapped. */
export function mapOf(
  hub: GatewayAssignment['hubs'][number],
  { pointMaps }: Pick<GatewayAssignment, 'pointMaps'>,
): MappedPoint[] {
  return hub.pointMapName === undefined ? hub.pointMap : (pointMaps?.[hub.pointMapName] ?? noPoints)
}
