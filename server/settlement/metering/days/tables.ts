import { sql } from 'drizzle-orm'
import { check, doublePrecision, index, integer, json, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, optionsOf } from '../../../../platform/db/index.ts'
import { type MeterMark, type MeterSource, readingQuality } from '../../../../schemas/settlement/metering.ts'

/**
 * Meter readings as uploaded or as measured by a hub, with every revision of each meter. The highest revision of a meter's period counts;
 * the meters of an FU add up, and go before a hub. `energyWh` null: the meter had no value.
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
    /** Counts separately for each meter. */
    revision: integer().notNull(),
    energyWh: doublePrecision('energy_wh'),
    /**
     * `derived`: from a hub that measures current only and derives its power; `dropout`: a register fell and returned, so there is no
     * value.
     */
    quality: text({ enum: [...optionsOf(readingQuality), 'derived', 'dropout'] }).notNull(),
    meterId: text('meter_id').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'meter_reading_pk',
      columns: [t.fuId, t.periodStart, t.minutes, t.source, t.meterId, t.revision],
    }),
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
    /** The marks of each value; `null` if none has any, as on most days. */
    marks: json().$type<(readonly MeterMark[] | null)[]>(),
  },
  (t) => [primaryKey({ columns: [t.fuId, t.tradingDay] })],
)

/** Which meters an FU is metered by, and on which days: the FU's energy is their sum. */
export const fuMeter = pgTable(
  'fu_meter',
  {
    fuId: uuid('fu_id').notNull(),
    meterId: text('meter_id').notNull(),
    /** The DER that it meters, if it meters one. */
    derId: uuid('der_id'),
    fromDay: localDate('from_day').notNull(),
    /** The first day without it; `null` for no end yet. */
    untilDay: localDate('until_day'),
    statedAt: instant('stated_at').notNull(),
    statedBy: text('stated_by').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.fuId, t.meterId] }),
    check('fu_meter_span', sql`until_day is null or from_day <= until_day`),
  ],
)

/** FUs whose metered days must be rebuilt from all of their readings. */
export const meterDayDue = pgTable('meter_day_due', { fuId: uuid('fu_id').primaryKey() })
