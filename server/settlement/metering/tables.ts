import { sql } from 'drizzle-orm'
import {
  check,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate, optionsOf } from '../../../platform/db/index.ts'
import {
  holdState,
  type MeterReadings,
  type MeterSource,
  readingQuality,
} from '../../../schemas/settlement/metering.ts'

/**
 * Meter readings as uploaded or as a hub measured them, every revision of either source kept; for a period the highest revision counts,
 * and an upload before a hub. `energyWh` null: the meter had no value.
 */
export const meterReading = pgTable(
  'meter_reading',
  {
    fuId: uuid('fu_id').notNull(),
    periodStart: instant('period_start').notNull(),
    minutes: integer().notNull(),
    source: text({ enum: ['upload', 'hub'] })
      .notNull()
      .default('upload'),
    /** Counts for each source by itself. */
    revision: integer().notNull(),
    energyWh: doublePrecision('energy_wh'),
    /** `derived`: a hub that measures current only derives its power from it. */
    quality: text({ enum: [...optionsOf(readingQuality), 'derived'] }).notNull(),
    meterId: text('meter_id').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    primaryKey({ name: 'meter_reading_pk', columns: [t.fuId, t.periodStart, t.minutes, t.source, t.revision] }),
    index('meter_reading_received').on(t.receivedAt),
    index('meter_reading_hub').on(t.fuId, t.receivedAt).where(sql`source = 'hub'`),
    check('meter_reading_minutes', sql`${t.minutes} in (1, 2, 15, 30)`),
  ],
)

/**
 * The metered days of each FU, made anew from `meter_reading` in the transaction of each upload, so that what needs weeks of history reads
 * one row a day. Values per quarter-hour from local midnight; `null` where one is not covered to the full.
 */
export const meterDay = pgTable(
  'meter_day',
  {
    fuId: uuid('fu_id').notNull(),
    tradingDay: localDate('trading_day').notNull(),
    energyWh: json('energy_wh').$type<(number | null)[]>().notNull(),
    /** The highest revision that each value is made of; 0 where there is none. */
    revisions: json().$type<number[]>().notNull(),
    /** Where each value is from; `null` when all are uploaded, as of most days. */
    sources: json().$type<(MeterSource | null)[]>(),
  },
  (t) => [primaryKey({ columns: [t.fuId, t.tradingDay] })],
)

/** FUs whose metered days are to be made anew from all of their readings. */
export const meterDayDue = pgTable('meter_day_due', { fuId: uuid('fu_id').primaryKey() })

/** Uploads that look like a mistake of unit or sign, kept whole until a person decides (FM13). */
export const heldUpload = pgTable(
  'held_upload',
  {
    holdId: uuid('hold_id').primaryKey(),
    fspId: uuid('fsp_id').notNull(),
    fuId: uuid('fu_id').notNull(),
    upload: jsonb().$type<MeterReadings>().notNull(),
    reasons: jsonb().$type<string[]>().notNull(),
    receivedAt: instant('received_at').notNull(),
    receivedFrom: text('received_from').notNull(),
    state: text({ enum: optionsOf(holdState) }).notNull(),
    decidedAt: instant('decided_at'),
    decidedBy: text('decided_by'),
    /** Why it was decided so, in words that the FSP reads. */
    decisionReason: text('decision_reason'),
  },
  (t) => [index('held_upload_state').on(t.state, t.receivedAt)],
)
