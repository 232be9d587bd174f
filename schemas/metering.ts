import { z } from 'zod'
import { energyWh, instant, powerW, uuid } from './units.ts'

/** Whether a series' time stamps name the start or the end of their periods: declared, never guessed (FM03). */
export const stamp = z.enum(['period-start', 'period-end'])

export const meterReading = z
  .object({
    at: instant,
    /** Energy in the period, or the mean power over it: exactly one of the two; `null` says that the meter has no value. */
    energyWh: energyWh.nullable().optional(),
    powerW: powerW.nullable().optional(),
    quality: z.enum(['measured', 'estimated']),
  })
  .refine((r) => (r.energyWh === undefined) !== (r.powerW === undefined), {
    path: ['energyWh'],
    message: 'give either energyWh or powerW, not both and not neither',
  })
  .meta({ id: 'MeterReading' })

export const meterReadings = z
  .object({
    fuId: uuid,
    meterId: z.string().min(1).max(100),
    resolution: z.enum(['PT1M', 'PT2M', 'PT15M', 'PT30M']),
    stamp,
    readings: z.array(meterReading).min(1).max(50_000),
    /** Grows with each correction of the same periods; the highest counts. */
    revision: z.number().int().min(1),
  })
  .meta({ id: 'MeterReadings' })
export type MeterReadings = z.infer<typeof meterReadings>

export const meterReceipt = z
  .object({ fuId: uuid, stored: z.number().int(), unchanged: z.number().int(), superseded: z.number().int() })
  .meta({ id: 'MeterReceipt' })
export type MeterReceipt = z.infer<typeof meterReceipt>

/** A baseline for one FU and trading day: what it would have imported, per quarter-hour. */
export const baseline = z
  .object({
    fuId: uuid,
    tradingDay: z.string(),
    method: z.enum(['recent-history']),
    /** The days that it was averaged over, latest first. */
    days: z.array(z.string()),
    periods: z.array(z.object({ from: instant, to: instant, energyWh: z.number().nullable() })),
  })
  .meta({ id: 'Baseline' })
export type Baseline = z.infer<typeof baseline>
