import type { HubAssignment } from '../../schemas/grid/gateway.ts'
import { type Quantity, unitOf } from '../../schemas/grid/measurements.ts'
import { GROUPS, type PointType } from '../dnp3/index.ts'

/** What one DNP3 point means, ready for use on the hot path. */
export interface CompiledPoint {
  /** The constant part of its reading, as JSON without braces: `"feeder":1,"phase":"L1","quantity":"voltage","unit":"V"`. */
  readonly json: string
  readonly scale: number
  /** In the unit of the quantity; `null` sends every value. */
  readonly deadBand: number | null
}

/** A hub's points by `pointKey`. */
export type PointMap = ReadonlyMap<number, CompiledPoint>

/** Group and index as one number. */
export function pointKey(group: number, index: number): number {
  return group * 2 ** 32 + index
}

/** The static groups of a map's points, in order. */
export function groupsOf(map: PointMap): number[] {
  return [...new Set([...map.keys()].map((key) => Math.floor(key / 2 ** 32)))].sort((a, b) => a - b)
}

/** The static group whose points an event group reports, and their type; other groups map to themselves. */
const points: readonly ({ staticGroup: number; type: PointType } | undefined)[] = pointGroups()

function pointGroups(): ({ staticGroup: number; type: PointType } | undefined)[] {
  const statics = new Map(GROUPS.filter((g) => g.role === 'static').map((g) => [g.type, g.group]))
  const table: ({ staticGroup: number; type: PointType } | undefined)[] = []
  for (const { group, role, type } of GROUPS) {
    if (type !== null && (role === 'static' || role === 'event'))
      table[group] = { staticGroup: statics.get(type) ?? group, type }
  }
  return table
}

/** An event has a different group number from its point: a point map names points by their static group. */
export function staticGroupOf(group: number): number {
  return points[group]?.staticGroup ?? group
}

export function pointTypeOf(group: number): PointType | undefined {
  return points[group]?.type
}

/** Compiles a hub's map. If a point appears twice, the last entry counts. */
export function compilePointMap(map: HubAssignment['pointMap']): PointMap {
  return new Map(
    map.map(({ group, index, feeder, phase, quantity, scale, deadBand = null }) => [
      pointKey(staticGroupOf(group), index),
      { json: constantJson(feeder, phase, quantity), scale, deadBand },
    ]),
  )
}

function constantJson(feeder: number, phase: string, quantity: Quantity): string {
  return JSON.stringify({ feeder, phase, quantity, unit: unitOf[quantity] }).slice(1, -1)
}

/** Compiles each map once, however many hubs share it. Equal maps are the same array (`AssignmentParser`). */
export class PointMapCache {
  readonly #maps = new WeakMap<HubAssignment['pointMap'], PointMap>()

  get(map: HubAssignment['pointMap']): PointMap {
    const known = this.#maps.get(map)
    if (known) return known
    const compiled = compilePointMap(map)
    this.#maps.set(map, compiled)
    return compiled
  }
}
