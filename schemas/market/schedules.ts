import { z } from 'zod'
import { instant, product, resolution, signedTurnDownW, tradingDay, uuid } from '../vocabulary/units.ts'

/**
 * An FU's dispatch schedule for one trading day: the turn-down requested in each period; a negative one is a turn-up. `null` requests
 * nothing; 0 requests the end of either.
 */
export const dispatchScheduleValues = z
  .object({
    resolution,
    /** Exactly the day's number of periods: 46, 48 or 50 half-hours; 92, 96 or 100 quarter-hours. */
    values: z.array(signedTurnDownW.nullable()).min(46).max(100),
  })
  .meta({ id: 'DispatchScheduleValues' })

export const scheduleKind = z.enum(['manual', 'optimised'])
export type ScheduleKind = z.infer<typeof scheduleKind>

export const dispatchSchedule = z
  .object({
    fuId: uuid,
    tradingDay,
    kind: scheduleKind,
    version: z.number().int().min(1),
    createdAt: instant,
    createdBy: z.string(),
  })
  .extend(dispatchScheduleValues.shape)
  .meta({ id: 'DispatchSchedule' })
export type DispatchSchedule = z.infer<typeof dispatchSchedule>

/** The schedule of an FU that is live on a day (FA09). */
export const scheduleSelection = z
  .object({
    kind: scheduleKind,
    /** For which product; for all of them, whatever was selected before, if not given. */
    product: product.optional(),
  })
  .meta({ id: 'ScheduleSelection' })
