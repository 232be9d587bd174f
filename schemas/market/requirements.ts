import { z } from 'zod'
import { nodeLoadW } from '../planning/load.ts'
import { people } from '../vocabulary/access.ts'
import { example } from '../vocabulary/examples.ts'
import { operation } from '../vocabulary/operation.ts'
import { direction, directionOrTurnDown, instant, tradingDay, turnDownW } from '../vocabulary/units.ts'
import { tenderWindow } from './windows.ts'

/** Longest span that a requirement is suggested from, days. */
export const longestSpanDays = 186

/** A window that a tender may ask for, and the forecast behind it. */
export const suggestedWindow = z.object({
  window: tenderWindow,
  /**
   * The quarter-hour of the greatest need, with its forecast load and the target level of its day. For turn-up the load is negative, an
   * export, and the level is that of reverse power.
   */
  peakFrom: instant,
  peakLoadW: nodeLoadW,
  peakTargetW: nodeLoadW,
  /** Days with a need in it, of the days on its weekdays that have a forecast. */
  daysWithNeed: z.number().int(),
  daysForecast: z.number().int(),
})

export const suggestedRequirement = z
  .object({
    zoneNodeId: z.string(),
    zoneName: z.string(),
    direction,
    validFrom: tradingDay,
    validTo: tradingDay,
    windows: z.array(suggestedWindow),
    /** The most that the forecast exceeds the target level in the direction, W. */
    greatestNeedW: turnDownW,
    /** Whether a person set the target level; otherwise it is the capacity of the node. */
    isTargetSet: z.boolean(),
    daysForecast: z.number().int(),
    /** Days of the span without any forecast: nothing is known of their need. */
    daysWithoutForecast: z.number().int(),
  })
  .meta({ id: 'SuggestedRequirement' })
export type SuggestedRequirement = z.infer<typeof suggestedRequirement>

/** What a tender could ask for. */
export const requirementOperations = {
  suggestRequirement: operation({
    method: 'get',
    path: '/suggested-requirements/{nodeId}',
    access: people('planner', 'flexibility-engineer'),
    tags: ['Tenders'],
    summary: 'Suggest windows and W of a tender from load forecasts and target levels',
    description:
      'Where the forecast load of the node is above its target level: for each weekday the unbroken times of need, with the greatest need of any such day, rounded up to a whole kW. With `direction=turn-up` likewise where its forecast reverse power is above its reverse target. What is contracted already is not taken off.',
    params: z.object({ nodeId: z.string().max(200).meta({ example: example.nodeId }) }),
    query: z
      .object({
        from: tradingDay.meta({ example: example.day }),
        /** Last day, inclusive. */
        to: tradingDay.meta({ example: example.day }),
        direction: directionOrTurnDown.describe('`turn-up` for what reverse power needs; turn-down unless stated.'),
      })
      .refine((span) => span.from <= span.to, { path: ['to'], message: 'must not be before from' })
      .refine((span) => Date.parse(span.to) - Date.parse(span.from) < longestSpanDays * 86_400_000, {
        path: ['to'],
        message: `must be at most ${longestSpanDays} days in all`,
      }),
    answer: suggestedRequirement,
    problems: ['not-found', 'conflict'],
  }),
}
