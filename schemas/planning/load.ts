import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { example } from '../vocabulary/examples.ts'
import { dryRunQuery, implausibleValues, zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { resolution, tradingDay } from '../vocabulary/units.ts'

/** Load of a network node in W, limited to 10 GW: a grid supply point carries several hundred MW. */
export const nodeLoadW = z.number().min(-1e10).max(1e10)

/** A network node's expected load on a day, mean W in each period from local midnight. */
export const loadForecastValues = z.object({ resolution, values: z.array(nodeLoadW).min(46).max(100) }).meta({
  id: 'LoadForecastValues',
  example: {
    resolution: 'PT30M',
    values: Array.from({ length: 48 }, (_, n) => (n >= 32 && n < 42 ? 410_000 : 280_000)),
  },
})
export type LoadForecastValues = z.infer<typeof loadForecastValues>

export const loadForecast = z
  .object({ nodeId: z.string(), tradingDay, resolution, values: z.array(nodeLoadW.nullable()) })
  .meta({ id: 'LoadForecast' })
export type LoadForecast = z.infer<typeof loadForecast>

/** How many rows of a file were stored; of a file that was only checked, how many rows it has. */
export const loadReceipt = z
  .object({ stored: z.number().int(), rows: z.number().int().optional().describe('With `dryRun` only.') })
  .meta({ id: 'LoadReceipt' })

/** The load at or below which a node is kept, W, and the reverse power likewise. */
export const targetLevel = z
  .object({
    nodeId: z.string(),
    name: z.string(),
    /** `null` if no level was set and no rating is known. */
    targetW: nodeLoadW.nullable(),
    /** Whether a person set it; otherwise it is the firm rating. */
    isSet: z.boolean(),
    /** The reverse power (export of everything behind it) at or below which it is kept, W; `null` if none is set or known. */
    reverseTargetW: nodeLoadW.nullable(),
    isReverseSet: z.boolean(),
  })
  .meta({ id: 'TargetLevel' })

export const targetLevelChange = z
  .object({
    targetW: nodeLoadW.nullable(),
    reverseTargetW: nodeLoadW
      .min(0)
      .nullable()
      .optional()
      .describe(
        'The reverse power at or below which it is kept: above it, turn-up is needed. null for the reverse capacity of the node; left out, it stays.',
      ),
  })
  .meta({ id: 'TargetLevelChange', example: { targetW: 650_000 } })

const nodeParams = z.object({ nodeId: z.string().max(200).meta({ example: example.nodeId }) })
const dayParams = nodeParams.extend({ day: tradingDay.meta({ example: example.day }) })
const planners = people('planner', 'flexibility-engineer')
const tags = ['Load']

/** Load forecasts and target levels of network nodes. */
export const loadOperations = {
  uploadLoads: operation({
    method: 'post',
    path: '/load-forecasts/csv',
    access: planners,
    tags,
    summary: 'Upload load forecasts by quarter-hour: the whole file is accepted, or none of it',
    query: dryRunQuery.extend({ zone: zoneOfFile, implausible: implausibleValues }),
    body: csvFile('node_id,period_start,load_w', `${example.nodeId},2026-01-16T17:00:00Z,410000`),
    answer: loadReceipt,
  }),
  saveLoadForecast: operation({
    method: 'put',
    path: '/load-forecasts/{nodeId}/{day}',
    access: planners,
    tags,
    summary: 'Store the expected load of a node on a day',
    params: dayParams,
    body: loadForecastValues,
    answer: loadForecast,
    problems: ['not-found'],
  }),
  readLoadForecast: operation({
    method: 'get',
    path: '/load-forecasts/{nodeId}/{day}',
    access: people(),
    tags,
    summary: 'The expected load of a node on a day; null for unknown periods',
    params: dayParams,
    answer: loadForecast,
  }),
  listTargetLevels: operation({
    method: 'get',
    path: '/target-levels',
    access: people(),
    tags,
    summary: 'The load at or below which each node is kept',
    query: pageQuery(1_000),
    answer: pageOf(targetLevel),
  }),
  setTargetLevel: operation({
    method: 'put',
    path: '/target-levels/{nodeId}',
    access: planners,
    tags,
    summary: 'Set a target level, or null for the firm rating',
    params: nodeParams,
    body: targetLevelChange,
    answer: targetLevelChange,
    problems: ['not-found'],
  }),
}
