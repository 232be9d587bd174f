import type { LocalDate } from '@js-joda/core'
import { writeCsv } from '../../platform/csv/index.ts'
import { operations } from '../../schemas/operations.ts'
import type { NodeLoadSeed } from '../../schemas/planning/load-seeds.ts'
import { clockTimeOf, periodStarts } from '../../schemas/vocabulary/time.ts'
import type { PortalClient } from '../system/portal-client.ts'

/** The quarter-hours of a day with the load that is forecast for a node, W. */
export function forecastOf({ load }: NodeLoadSeed, day: LocalDate) {
  return periodStarts(day, 'PT15M').map((start) => {
    const time = clockTimeOf(start)
    const step = load.findLast(({ from }) => from <= time)
    if (!step) throw new Error('a seeded load does not start at 00:00')
    return { start, loadW: step.loadW }
  })
}

/** Sets the target levels of nodes that have none of their own yet. */
export async function setTargets(planner: PortalClient, loads: readonly NodeLoadSeed[]): Promise<void> {
  const levels = await planner.api.all(operations.listTargetLevels, {})
  const set = new Set(levels.filter(({ isSet }) => isSet).map(({ nodeId }) => nodeId))
  for (const { nodeId, load: _, ...body } of loads)
    if (!set.has(nodeId)) await planner.api.call(operations.setTargetLevel, { params: { nodeId }, body })
}

/** Uploads the forecasts of a day as a planner does, in one CSV file, for the nodes that have none; returns how many there were. */
export async function uploadForecasts(
  planner: PortalClient,
  loads: readonly NodeLoadSeed[],
  day: LocalDate,
): Promise<number> {
  const missing = []
  for (const each of loads) {
    const params = { nodeId: each.nodeId, day: day.toString() }
    const { values } = await planner.api.call(operations.readLoadForecast, { params })
    if (values.every((value) => value === null)) missing.push(each)
  }
  if (missing.length === 0) return 0
  const rows = missing.flatMap((each) =>
    forecastOf(each, day).map(({ start, loadW }) => [each.nodeId, start.toString(), String(loadW)]),
  )
  await planner.api.call(operations.uploadLoads, { body: writeCsv(['node_id', 'period_start', 'load_w'], rows) })
  return missing.length
}
