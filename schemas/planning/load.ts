import { z } from 'zod'
import { resolution, tradingDay } from '../vocabulary/units.ts'

/** Load of a network node in W, bounded at 10 GW: a grid supply point carries several hundred MW. */
export const nodeLoadW = z.number().min(-1e10).max(1e10)

/** The expected load of a network node on a day, mean W in each period from local midnight. */
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

export const loadReceipt = z.object({ stored: z.number().int() }).meta({ id: 'LoadReceipt' })

/** The load that a node is to be kept at or under, W. */
export const targetLevel = z
  .object({
    nodeId: z.string(),
    name: z.string(),
    /** `null` where neither a level was set nor a rating is known. */
    targetW: nodeLoadW.nullable(),
    /** Whether a person set it; else it is the firm rating. */
    isSet: z.boolean(),
  })
  .meta({ id: 'TargetLevel' })

export const targetLevelChange = z
  .object({ targetW: nodeLoadW.nullable() })
  .meta({ id: 'TargetLevelChange', example: { targetW: 650_000 } })
