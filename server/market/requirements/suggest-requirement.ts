import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import type { requirementOperations } from '../../../schemas/market/requirements.ts'
import { findNode, ratingSeasonOf } from '../../grid/index.ts'
import type { Verb } from '../../kit/index.ts'
import { expectedLoadsOn, type TargetLevel, targetLevelsOn } from '../../planning/index.ts'
import { type ForecastDay, suggestedWindows } from './rules.ts'

/** Suggests what a tender of a zone could ask for, from what its node is forecast to carry above its target level. */
export const suggestRequirement: Verb<typeof requirementOperations.suggestRequirement> = async (call) => {
  const { db, at, query, params } = call
  const node = await findNode(db, params.nodeId)
  if (!node) throw new ProblemError('not-found', `There is no node ${params.nodeId}: search the network for it.`)
  const [days, last]: [ForecastDay[], LocalDate] = [[], LocalDate.parse(query.to)]
  const levels = new Map<string, TargetLevel>()
  let [isTargetSet, daysWithoutForecast] = [false, 0]
  for (let day = LocalDate.parse(query.from); !day.isAfter(last); day = day.plusDays(1)) {
    const loads = (await expectedLoadsOn(db, day, at, node.nodeId)).get(node.nodeId)
    // A level without a person's setting differs by season only.
    const season = ratingSeasonOf(day.toString().slice(5))
    const level = levels.get(season) ?? (await targetLevelsOn(db, [node], day, at)).get(node.nodeId)
    if (!level || level.targetW === null) throw noLevel(node.name)
    levels.set(season, level)
    isTargetSet = level.isSet
    if (loads) days.push({ day, loads, targetW: level.targetW })
    else daysWithoutForecast++
  }
  const windows = suggestedWindows(days)
  return {
    zoneNodeId: node.nodeId,
    zoneName: node.name,
    validFrom: query.from,
    validTo: query.to,
    windows,
    greatestNeedW: Math.max(0, ...windows.map(({ peakLoadW, peakTargetW }) => peakLoadW - peakTargetW)),
    isTargetSet,
    daysForecast: days.length,
    daysWithoutForecast,
  }
}

function noLevel(name: string): ProblemError {
  return new ProblemError(
    'conflict',
    `${name} has no target level and no known capacity, so its need is unknown: set a target level first.`,
  )
}
