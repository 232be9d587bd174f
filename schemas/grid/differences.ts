import { z } from 'zod'
import { instant, uuid } from '../vocabulary/units.ts'

/** Why a half-hour is not compared. */
export const notCompared = z.enum([
  'neither-measured',
  'hub-not-measured',
  'monitor-not-measured',
  'hub-incomplete',
  'monitor-incomplete',
  'direction-unknown',
  'poor-quality',
])
export type NotCompared = z.infer<typeof notCompared>

/** A half-hour of a hub beside that of the customer's monitor. */
export const loadDifference = z
  .object({
    at: instant,
    /** Mean imports by the hub and by the monitor, W; `null` where nothing was measured. */
    hubW: z.number().nullable(),
    monitorW: z.number().nullable(),
    hubCompleteness: z.number(),
    monitorCompleteness: z.number(),
    /** Monitor less hub, W; `null` where the two are not compared. */
    differenceW: z.number().nullable(),
    /** The most by which they may differ, by the setting in force at that time, W; `null` where the two are not compared. */
    toleranceW: z.number().nullable(),
    verdict: z.enum(['agrees', 'differs', 'not-compared']),
    reason: notCompared.nullable(),
  })
  .meta({ id: 'LoadDifference' })
export type LoadDifference = z.infer<typeof loadDifference>

/** How a connection's hub and monitor compare; `monitorId` is `null` for a connection that has not got both. */
export const loadComparison = z
  .object({ monitorId: uuid.nullable(), monitorName: z.string().nullable(), halfHours: z.array(loadDifference) })
  .meta({ id: 'LoadComparison' })
export type LoadComparison = z.infer<typeof loadComparison>
