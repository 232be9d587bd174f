import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { capacitySettings } from '../../../schemas/settings/network.ts'
import { capacityW, type RatedNode, ratingSeasonOf } from '../../grid/index.ts'
import { figuresAt } from '../../kit/index.ts'
import { reverseTargetsSet, targetsSet } from './store.ts'

/** What a node is kept within: its load, W, and its reverse power; `null` if neither set nor known from its ratings. */
export interface TargetLevel {
  isSet: boolean
  targetW: number | null
  isReverseSet: boolean
  /** The reverse power (net export) at or below which it is kept, W; `null` if neither set nor known. */
  reverseTargetW: number | null
}

/** The target level of each node on a day: set by a person, otherwise its capacity in that direction. @param at of the figures of capacity. */
export async function targetLevelsOn(
  tx: Queryable,
  nodes: readonly (Omit<RatedNode, 'powerFactor'> & { nodeId: string; reverseCapacityKva: number | null })[],
  day: LocalDate,
  at: Instant,
): Promise<Map<string, TargetLevel>> {
  const set = await targetsSet(tx)
  const reverse = await reverseTargetsSet(tx)
  const { powerFactor } = await figuresAt(tx, capacitySettings, at)
  const season = ratingSeasonOf(day.toString().slice(5))
  return new Map(
    nodes.map((node) => {
      const setW = set.get(node.nodeId)
      const targetW = setW ?? capacityW({ ...node, powerFactor }, season)
      const [setReverseW, capacityKva] = [reverse.get(node.nodeId), node.reverseCapacityKva]
      const reverseTargetW = setReverseW ?? (capacityKva === null ? null : capacityKva * 1_000 * powerFactor)
      return [
        node.nodeId,
        { isSet: setW !== undefined, targetW, isReverseSet: setReverseW !== undefined, reverseTargetW },
      ]
    }),
  )
}
