import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { capacitySettings } from '../../../schemas/settings/network.ts'
import { capacityW, type RatedNode, ratingSeasonOf } from '../../grid/index.ts'
import { figuresAt } from '../../kit/index.ts'
import { targetsSet } from './store.ts'

/** The load at or below which a node is kept, W; `null` if it is neither set nor known from its ratings. */
export interface TargetLevel {
  isSet: boolean
  targetW: number | null
}

/** The target level of each node on a day: set by a person, otherwise its capacity. @param at of the figures of capacity. */
export async function targetLevelsOn(
  tx: Queryable,
  nodes: readonly (Omit<RatedNode, 'powerFactor'> & { nodeId: string })[],
  day: LocalDate,
  at: Instant,
): Promise<Map<string, TargetLevel>> {
  const set = await targetsSet(tx)
  const { powerFactor } = await figuresAt(tx, capacitySettings, at)
  const season = ratingSeasonOf(day.toString().slice(5))
  return new Map(
    nodes.map((node) => {
      const setW = set.get(node.nodeId)
      const targetW = setW ?? capacityW({ ...node, powerFactor }, season)
      return [node.nodeId, { isSet: setW !== undefined, targetW }]
    }),
  )
}
