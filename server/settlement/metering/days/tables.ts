import { sql } from 'drizzle-orm'
import { check, doublePrecision, index, integer, json, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, optionsOf } from '../../../../platform/db/index.ts'
import { type MeterSource, readingQuality } from '../../../../schemas/settlement/metering.ts'

/**
 * Meter readings as uploaded or as measured by a hub, with every revision of either source. The highest revision of a period counts, and an
 * upload before a hub. `energyWh` null: the meter had no value.
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
    /** Counts separately for each source. */
    revision: integer().notNull(),
    energyWh: doublePrecision('energy_wh'),
    /** `derived`: from a hub that measures current only and derives its power. */
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
 * The metered days of each FU, rebuilt from `meter_reading` in the transaction of each upload, so that weeks of history read as one row a
 * day. Values per quarter-hour from local midnight; `null` if not fully covered.
 */
export const meterDay = pgTable(
  'meter_day',
  {
    fuId: uuid('fu_id').notNull(),
    tradingDay: localDate('trading_day').notNull(),
    energyWh: json('energy_wh').$type<(number | null)[]>().notNull(),
    /** The highest revision behind each value; 0 without a value. */
    revisions: json().$type<number[]>().notNull(),
    /** The source of each value; `null` if all are uploaded, as on most days. */
    sources: json().$type<(MeterSource | null)[]>(),
  },
  (t) => [primaryKey({ columns: [t.fuId, t.tradingDay] })],
)

/** FUs whose metered days must be rebuilt from all of their readings. */
export const meterDayDue = pgTable('meter_day_due', { fuId: uuid('fu_id').primaryKey() })
