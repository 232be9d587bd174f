import { z } from 'zod'
import { proposal } from '../access/proposals.ts'
import { fsps, people, readers } from '../vocabulary/access.ts'
import { zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { energyWh, instant, instantOrNull, powerW, tradingDay, uuid } from '../vocabulary/units.ts'

/** Whether a series' time stamps mark the start or the end of their periods: declared, never guessed (FM03). */
export const stamp = z.enum(['period-start', 'period-end'])

/** How a value was obtained, as stated by its uploader. */
export const readingQuality = z.enum(['measured', 'estimated'])

export const meterReading = z
  .object({
    at: instant,
    /** Energy in the period, or the mean power over it: exactly one of the two; `null` means that the meter has no value. */
    energyWh: energyWh.nullable().optional(),
    powerW: powerW.nullable().optional(),
    quality: readingQuality,
  })
  .refine((r) => (r.energyWh === undefined) !== (r.powerW === undefined), {
    path: ['energyWh'],
    message: 'give exactly one of energyWh and powerW',
  })
  .meta({ id: 'MeterReading' })

export const meterReadings = z
  .object({
    fuId: uuid,
    meterId: z.string().min(1).max(100),
    resolution: z.enum(['PT1M', 'PT2M', 'PT15M', 'PT30M']),
    stamp,
    readings: z.array(meterReading).min(1).max(100_000),
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
    /** How many of those stored replace a lower revision. */
    superseded: z.number().int(),
    /** Periods in which a register fell and returned: they have no value, and are marked. */
    dropouts: z.number().int().default(0),
    /** Set if the upload looks like a mistake of unit or sign: it is kept, and counts once a person releases it (FM13). */
    holdId: uuid.nullable().default(null),
  })
  .meta({ id: 'MeterReceipt' })
export type MeterReceipt = z.infer<typeof meterReceipt>

/** How meter data are assessed (FM13); set by each DNO, with defaults that fit depots. */
export const meteringSettings = z.object({
  /**
   * Factor from the usual power at which readings look like kW for W, or W for kW. The units differ by a thousand, so the default is far
   * from both.
   */
  unitErrorFactor: z.number().min(2).max(1_000).default(50),
  /** An import above this many times the FU's registered turn-down is held. */
  implausibleFactor: z.number().min(1).max(10_000).default(50),
  /** Share of a half-hour that a hub must have measured for its mean to count as metered; otherwise the half-hour is a gap. */
  minHubCompleteness: z.number().min(0).max(1).default(0.9),
})
export type MeteringSettings = z.infer<typeof meteringSettings>

/** The source of a metered quarter-hour: the FSP, a hub at the connection, or a hub that derives its power from current. */
export const meterSource = z.enum(['upload', 'hub', 'hub-derived'])
export type MeterSource = z.infer<typeof meterSource>

/**
 * What is to be said of a metered quarter-hour. `apportioned`: half of a half-hour; `estimated`: estimated by its sender; `incomplete`: a
 * meter of the FU has no value, so there is no sum; `dropout`: a register fell and returned, so there is no value.
 */
export const meterMark = z.enum(['apportioned', 'dropout', 'estimated', 'incomplete'])
export type MeterMark = z.infer<typeof meterMark>

export const holdState = z.enum(['held', 'released', 'rejected'])

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
    state: holdState,
    decidedBy: z.string().nullable(),
    decidedAt: instantOrNull,
    decisionReason: z.string().nullable(),
  })
  .meta({ id: 'HeldUpload' })
export type HeldUpload = z.infer<typeof heldUpload>

/** A released upload counts as if it arrived now; a rejected one stays on file only. */
export const holdDecision = z
  .object({
    decision: z.enum(['release', 'reject']),
    /** The reason, for the FSP to read. */
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
    /** How many of those a hub measured. */
    fromHub: z.number().int(),
  })
  .meta({ id: 'MeterCompleteness' })

/** How much of each day in a span is metered, by FU. */
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
        marks: z.array(meterMark).default([]),
      }),
    ),
  })
  .meta({ id: 'MeteredDay' })

/** A meter that an FU's energy is the sum of. `until`: the first day without it; `null` for no end yet. */
export const unitMeter = z
  .object({
    fuId: uuid,
    meterId: z.string(),
    /** The DER that it meters, if it meters one. */
    derId: uuid.nullable(),
    from: tradingDay,
    until: tradingDay.nullable(),
  })
  .meta({ id: 'UnitMeter' })
export type UnitMeter = z.infer<typeof unitMeter>

export const unitMeterForm = unitMeter
  .pick({ derId: true, from: true, until: true })
  .meta({ id: 'UnitMeterForm', example: { derId: null, from: '2026-01-01', until: null } })

const params = z.object({ id: uuid })
const span = z.object({ from: tradingDay, to: tradingDay })
const tags = ['Metering']

/** Meter data: uploads, what is stored of them, and uploads awaiting a decision. */
export const meteringOperations = {
  uploadReadings: operation({
    method: 'post',
    path: '/meter-readings',
    access: fsps('meter'),
    tags,
    summary: 'Upload meter readings of an FU',
    body: meterReadings,
    maxBytes: 32 * 1024 * 1024,
    answer: meterReceipt,
    problems: ['not-found', 'conflict'],
  }),
  uploadReadingFile: operation({
    method: 'post',
    path: '/flexible-units/{id}/meter-readings',
    access: fsps('meter'),
    tags,
    summary: 'Upload meter readings of an FU as CSV: columns at, energy_wh or power_w, and quality if not measured',
    params,
    query: meterReadings
      .pick({ resolution: true, meterId: true })
      .extend({ stamp, revision: z.coerce.number().int().min(1).default(1), zone: zoneOfFile }),
    body: csvFile('at,energy_wh,quality', '2026-01-14T17:00:00Z,5000,measured'),
    answer: meterReceipt,
    problems: ['not-found', 'conflict'],
  }),
  readMeteredDay: operation({
    method: 'get',
    path: '/flexible-units/{id}/metered-days/{day}',
    access: readers,
    tags,
    summary: 'A metered day, as known now or at an earlier instant',
    params: params.extend({ day: tradingDay }),
    query: z.object({ asOf: instant.optional() }),
    answer: meteredDay,
    problems: ['not-found'],
  }),
  listUnitCompleteness: operation({
    method: 'get',
    path: '/flexible-units/{id}/meter-completeness',
    access: readers,
    tags,
    summary: 'How many quarter-hours of each day are metered',
    params,
    query: pageQuery().extend(span.shape),
    answer: pageOf(meterCompleteness),
    problems: ['not-found'],
  }),
  listCompleteness: operation({
    method: 'get',
    mayLag: true,
    path: '/meter-completeness',
    access: readers,
    tags,
    summary: 'How many quarter-hours of each day are metered, by FU',
    query: pageQuery().extend(span.shape),
    answer: pageOf(unitCompleteness),
  }),
  listUnitMeters: operation({
    method: 'get',
    path: '/flexible-units/{id}/meters',
    access: readers,
    tags,
    summary: 'The meters that the energy of an FU is the sum of',
    params,
    answer: z.object({ items: z.array(unitMeter) }),
    problems: ['not-found'],
  }),
  stateUnitMeter: operation({
    method: 'put',
    path: '/flexible-units/{id}/meters/{meterId}',
    access: { ...people('settlement'), fsp: 'meter' },
    tags,
    summary: 'State on which days a meter belongs to an FU, and which DER it meters',
    description:
      'A meter belongs to the FU from its first reading on. A quarter-hour in which one of its meters has no value has no sum, so a meter that is taken away has to be ended. An FSP states what begins or ends from today on; the DNO also what is past, with a second person.',
    params: params.extend({ meterId: z.string().min(1).max(100) }),
    body: unitMeterForm,
    answer: z.union([proposal, unitMeter]),
    problems: ['not-found', 'conflict'],
  }),
  readMeterEvidence: operation({
    method: 'get',
    mayLag: true,
    path: '/flexible-units/{id}/meter-readings',
    access: readers,
    tags,
    summary: 'Every reading of an FU, meter by meter with all revisions, as CSV',
    params,
    query: span,
    answer: csvFile(),
    problems: ['not-found'],
  }),
  listHeldUploads: operation({
    method: 'get',
    path: '/held-uploads',
    access: readers,
    tags,
    summary: 'Meter uploads awaiting a decision, and those already decided',
    query: pageQuery(),
    answer: pageOf(heldUpload),
  }),
  decideOnHeldUpload: operation({
    method: 'post',
    path: '/held-uploads/{id}/decision',
    access: people('settlement'),
    tags,
    summary: 'Reject a held upload, or propose its release, which a second person approves',
    params,
    body: holdDecision,
    answer: z.union([proposal, z.object({ receipt: meterReceipt.nullable() })]),
    problems: ['not-found', 'conflict'],
  }),
}
