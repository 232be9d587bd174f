import type { loadOperations } from '../../../schemas/planning/load.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { allNodes } from '../../grid/index.ts'
import { keyIn, pageFrom, type Verb } from '../../kit/index.ts'
import { firmRatingW } from './rules.ts'
import { targetsSet } from './store.ts'

/** The load at or below which each node is kept, by node: set by a person, otherwise its firm rating today. */
export const listTargetLevels: Verb<typeof loadOperations.listTargetLevels> = async ({ db, at, query }) => {
  const [nodes, set, today] = [await allNodes(db), await targetsSet(db), tradingDayOf(at)]
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
      isSet: set.has(node.nodeId),
      targetW: set.get(node.nodeId) ?? firmRatingW(node, today),
    }),
  )
}
