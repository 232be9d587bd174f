import { z } from 'zod'
import { instant, month, tradingDay, uuid } from './units.ts'

/**
 * What the examples in the OpenAPI document refer to: the demo's Islington depot and the substation that feeds it. A test sends
 * every example as it is written.
 */
export const example = {
  connectionId: 'e3de30c1-59ef-58df-8931-8c0bf100c6eb',
  hubId: '155f0802-e8da-5f28-912d-118eef77a13e',
  nodeId: 'lpn-islington-lv',
  day: '2026-01-15',
  month: '2026-01',
} as const

export const connectionParams = z.object({ id: uuid.meta({ example: example.connectionId }) })
export const hubParams = z.object({ id: uuid.meta({ example: example.hubId }) })
export const nodeParams = z.object({ id: z.string().max(100).meta({ example: example.nodeId }) })
export const monthParams = z.object({ month: month.meta({ example: example.month }) })
export const dayQuery = z.object({ day: tradingDay.optional().meta({ example: example.day }) })
export const daySpanQuery = z.object({
  from: tradingDay.meta({ example: '2026-01-01' }),
  to: tradingDay.meta({ example: '2026-01-15' }),
})
export const spanQuery = z.object({
  from: instant.meta({ example: '2026-01-14T00:00:00Z' }),
  to: instant.meta({ example: '2026-01-15T00:00:00Z' }),
})
