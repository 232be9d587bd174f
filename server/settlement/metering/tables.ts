import { sql } from 'drizzle-orm'
import { check, doublePrecision, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** Meter readings as uploaded, every revision kept; for a period the highest revision counts. `energyWh` null: the meter had no value. */
export const meterReading = pgTable(
  'meter_reading',
  {
    fuId: uuid('fu_id').notNull(),
    periodStart: instant('period_start').notNull(),
    minutes: integer().notNull(),
    revision: integer().notNull(),
    energyWh: doublePrecision('energy_wh'),
    quality: text({ enum: ['measured', 'estimated'] }).notNull(),
    meterId: text('meter_id').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.fuId, t.periodStart, t.minutes, t.revision] }),
    index('meter_reading_received').on(t.receivedAt),
    check('meter_reading_minutes', sql`${t.minutes} in (1, 2, 15, 30)`),
  ],
)
