import { z } from 'zod'
import { energyWh, instant, instantOrNull, powerW, uuid } from '../vocabulary/units.ts'

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
    readings: z.array(meterReading).min(1),
    /** Grows with each correction of the same periods; the highest counts. */
    revision: z.number().int().min(1),
  })
  .meta({
    id: 'MeterReadings',
    example: {
      fuId: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
      meterId: 'incomer',
      resolution: 'PT15M',
      stamp: 'period-start',
      revision: 1,
      readings: [{ at: '2026-01-14T17:00:00Z', energyWh: 5_000, quality: 'measured' }],
    },
  })
export type MeterReadings = z.infer<typeof meterReadings>

export const meterReceipt = z
  .object({
    fuId: uuid,
    stored: z.number().int(),
    unchanged: z.number().int(),
    /** Of those stored, how many take the place of a lower revision. */
    superseded: z.number().int(),
    /** Set when the upload looks like a mistake of unit or sign: it is kept, and counts once a person releases it (FM13). */
    holdId: uuid.nullable().default(null),
  })
  .meta({ id: 'MeterReceipt' })
export type MeterReceipt = z.infer<typeof meterReceipt>

/** How meter data are judged (FM13); each DNO's own, with defaults that fit depots. */
export const meteringSettings = z.object({
  /** Factor from the usual power at which readings look like kW for W, or W for kW; a thousand apart, so far from either. */
  oddFactor: z.number().min(2).max(1_000).default(50),
  /** An import this many times the turn-down that the FU is registered for is not believed on sight. */
  mostTimes: z.number().min(1).max(10_000).default(50),
  /** Part of a half-hour that a hub must have measured for its mean to count as the meter of it; the rest is a gap. */
  leastHubCompleteness: z.number().min(0).max(1).default(0.9),
})
export type MeteringSettings = z.infer<typeof meteringSettings>

/** Where a metered quarter-hour is from: the FSP, a hub of the connection, or a hub that reckons its power from current. */
export const meterSource = z.enum(['upload', 'hub', 'hub-derived'])
export type MeterSource = z.infer<typeof meterSource>

/** How an FU's expected import is reckoned (domain section 5). */
export const baselineMethod = z.enum(['nominated', 'recent-history', 'mid-8-in-10', 'bl01', 'fixed-reference', 'zero'])
export type BaselineMethod = z.infer<typeof baselineMethod>

/** A baseline for one FU and trading day: what it would have imported, per quarter-hour. */
export const baseline = z
  .object({
    fuId: uuid,
    tradingDay: z.string(),
    method: baselineMethod,
    /** The days that it was averaged over, latest first. */
    days: z.array(z.string()),
    periods: z.array(z.object({ from: instant, to: instant, energyWh: z.number().nullable() })),
  })
  .meta({ id: 'Baseline' })
export type Baseline = z.infer<typeof baseline>

export const heldUpload = z
  .object({
    holdId: uuid,
    fspId: uuid,
    fuId: uuid,
    meterId: z.string(),
    readings: z.number().int(),
    from: instant,
    to: instant,
    reasons: z.array(z.string()),
    receivedAt: instant,
    receivedFrom: z.string(),
    state: z.enum(['held', 'released', 'rejected']),
    decidedBy: z.string().nullable(),
    decidedAt: instantOrNull,
    decisionReason: z.string().nullable(),
  })
  .meta({ id: 'HeldUpload' })
export type HeldUpload = z.infer<typeof heldUpload>

/** Released, a held upload counts as if it came now; rejected, it stays on file only. */
export const holdDecision = z
  .object({
    decision: z.enum(['release', 'reject']),
    /** Why, in words that the FSP reads. */
    reason: z.string().trim().min(3).max(2_000).optional(),
  })
  .meta({ id: 'HoldDecision' })

/** How much of a day is metered. */
export const meterCompleteness = z
  .object({
    fuId: uuid,
    day: z.string(),
    periods: z.number().int(),
    metered: z.number().int(),
    /** Of those metered, how many a hub measured. */
    fromHub: z.number().int(),
  })
  .meta({ id: 'MeterCompleteness' })

/** How much of each day of a span is metered, FU by FU. */
export const unitCompleteness = z
  .object({
    fuId: uuid,
    fuName: z.string(),
    days: z.array(z.object({ day: z.string(), periods: z.number().int(), metered: z.number().int() })),
  })
  .meta({ id: 'UnitCompleteness' })
export type UnitCompleteness = z.infer<typeof unitCompleteness>

/** A metered day, quarter-hour by quarter-hour, as known at an instant. */
export const meteredDay = z
  .object({
    fuId: uuid,
    day: z.string(),
    asOf: instant.nullable(),
    periods: z.array(
      z.object({
        from: instant,
        energyWh: z.number().nullable(),
        revision: z.number().int().nullable(),
        source: meterSource.nullable(),
      }),
    ),
  })
  .meta({ id: 'MeteredDay' })

/** How well each method foretold non-event days: bias as a part of the metered energy, and mean absolute percentage error as a part of 1. */
export const baselineAccuracy = z
  .object({
    fuId: uuid,
    methods: z.array(
      z.object({
        method: baselineMethod,
        days: z.number().int(),
        bias: z.number().nullable(),
        mape: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'BaselineAccuracy' })
