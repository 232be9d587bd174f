import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import type { requirementOperations } from '../../../schemas/market/requirements.ts'
import { findNode, ratingSeasonOf } from '../../grid/index.ts'
import type { Verb } from '../../kit/index.ts'
import { expectedLoadsOn, type TargetLevel, targetLevelsOn } from '../../planning/index.ts'
import { type ForecastDay, needOf, suggestedWindows } from './rules.ts'

/** Suggests what a tender of a zone could ask for, from what its node is forecast to carry above its target level. */
export const suggestRequirement: Verb<typeof requirementOperations.suggestRequirement> = async (call) => {
  const { db, at, query, params } = call
  const node = await findNode(db, params.nodeId)
  if (!node) throw new ProblemError('not-found', `There is no node ${params.nodeId}: search the network for it.`)
  const isUp = query.direction === 'turn-up'
  const [days, last]: [ForecastDay[], LocalDate] = [[], LocalDate.parse(query.to)]
  const levels = new Map<string, TargetLevel>()
  let [isTargetSet, daysWithoutForecast] = [false, 0]
  for (let day = LocalDate.parse(query.from); !day.isAfter(last); day = day.plusDays(1)) {
    const loads = (await expectedLoadsOn(db, day, at, node.nodeId)).get(node.nodeId)
    // A level without a person's setting differs by season only.
    const season = ratingSeasonOf(day.toString().slice(5))
    const level = levels.get(season) ?? (await targetLevelsOn(db, [node], day, at)).get(node.nodeId)
    const targetW = isUp ? level?.reverseTargetW : level?.targetW
    if (!level || targetW === null || targetW === undefined) throw noLevel(node.name, isUp)
    levels.set(season, level)
    isTargetSet = isUp ? level.isReverseSet : level.isSet
    if (loads) days.push({ day, loads, targetW })
    else daysWithoutForecast++
  }
  const windows = suggestedWindows(days, query.direction)
  const needs = windows.map(({ peakLoadW, peakTargetW }) => needOf(query.direction, peakLoadW, peakTargetW))
  return {
    zoneNodeId: node.nodeId,
    zoneName: node.name,
    direction: query.direction,
    validFrom: query.from,
    validTo: query.to,
    windows,
    greatestNeedW: Math.max(0, ...needs),
    isTargetSet,
    daysForecast: days.length,
    daysWithoutForecast,
  }
}

function noLevel(name: string, isUp: boolean): ProblemError {
  if (isUp)
    return new ProblemError(
      'conflict',
      `${name} has no reverse target and no known reverse capacity, so its need for turn-up is unknown: set a reverse target first.`,
    )
  return new ProblemError(
    'conflict',
    `${name} has no target level and no known capacity, so its need is unknown: set a target level first.`,
  )
}
