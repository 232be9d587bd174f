import type { loadOperations } from '../../../schemas/planning/load.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { allNodes } from '../../grid/index.ts'
import { keyIn, pageFrom, type Verb } from '../../kit/index.ts'
import { targetLevelsOn } from './levels.ts'

/** The load at or below which each node is kept, by node: set by a person, otherwise its capacity today. */
export const listTargetLevels: Verb<typeof loadOperations.listTargetLevels> = async ({ db, at, query }) => {
  const nodes = await allNodes(db)
  const levels = await targetLevelsOn(db, nodes, tradingDayOf(at), at)
  const [last] = query.cursor === undefined ? [] : keyIn(query.cursor)
  const first = nodes.findIndex((node) => node.nodeId === last) + 1
  const shown = nodes.slice(first, first + query.limit + 1)
  return pageFrom(
    shown,
    query,
    (node) => [node.nodeId],
    (node) => ({
      nodeId: node.nodeId,
      name: node.name,
      isSet: levels.get(node.nodeId)?.isSet ?? false,
      targetW: levels.get(node.nodeId)?.targetW ?? null,
      isReverseSet: levels.get(node.nodeId)?.isReverseSet ?? false,
      reverseTargetW: levels.get(node.nodeId)?.reverseTargetW ?? null,
    }),
  )
}
