import { headroomW, type LoadConnection, type LoadNode, nodeLoads } from './rules.ts'
import type { DayVector, RatingSeason } from './vectors.ts'

/** The headroom of every node of a tree on days of a season, by the rule that judges applications; `null` where it is unknown. */
export function headroomsOf(
  nodes: readonly LoadNode[],
  connections: readonly LoadConnection[],
  history: ReadonlyMap<string, DayVector>,
  season: RatingSeason,
): Map<string, DayVector | null> {
  const loads = nodeLoads(nodes, connections, history, season)
  return new Map(
    nodes.map((each) => {
      const load = loads.get(each.nodeId)
      return [each.nodeId, load ? headroomW(each, load, season) : null]
    }),
  )
}
