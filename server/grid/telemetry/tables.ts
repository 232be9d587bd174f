import {
  bigint,
  doublePrecision,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import { type Phase, quality, quantity, timeFlag } from '../../../schemas/grid/measurements.ts'
import type { HubConditionKind } from '../../../schemas/grid/telemetry.ts'

/** Four bytes per value instead of a text: every measurement has these two and a phase. */
export const quantityType = pgEnum('quantity', quantity.enum)
export const qualityType = pgEnum('quality', quality.enum)
/** What is wrong with a device's time; the partitioned table of measurements has a column of it. */
export const timeFlagType = pgEnum('time_flag', timeFlag.enum)

/** The ledger that ensures that a batch is stored exactly once, however often and in whatever order it is sent (FM21). */
export const measurementBatch = pgTable(
  'measurement_batch',
  {
    hubId: uuid('hub_id').notNull(),
    sequence: bigint({ mode: 'number' }).notNull(),
    storedAt: instant('stored_at').notNull(),
    readings: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.hubId, t.sequence] }), index('measurement_batch_age').on(t.storedAt)],
)

/**
 * The newest value of each point of a hub, all in one row: every poll updates every point, and a row per point would cost as much as
 * storing the measurements. Text in the format of `encodePoints` (rules.ts), which only telemetry reads.
 */
export const hubPoints = pgTable('hub_points', {
  hubId: uuid('hub_id').primaryKey(),
  points: text().notNull(),
  /** What is wrong with it, in the format of `encodeConditions`. */
  conditions: text().notNull().default(''),
})

/** The newest active power of a feeder: the sum of the usable values, their number, and the number of points. */
export const feederPower = pgTable(
  'feeder_power',
  {
    hubId: uuid('hub_id').notNull(),
    feeder: smallint().notNull(),
    points: smallint().notNull(),
    usable: smallint().notNull(),
    valueW: doublePrecision('value_w').notNull(),
    /** The worst quality among them. */
    quality: qualityType().notNull(),
    /** The oldest time among them. */
    measuredAt: instant('measured_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.hubId, t.feeder] })],
)

/** What began and ended to be wrong with hubs: faults, temperature, voltages; entries never change. */
export const hubEvent = pgTable(
  'hub_event',
  {
    eventId: bigint('event_id', { mode: 'number' }).generatedAlwaysAsIdentity(),
    hubId: uuid('hub_id').notNull(),
    at: instant().notNull(),
    kind: text().$type<HubConditionKind>().notNull(),
    event: text({ enum: ['began', 'ended'] }).notNull(),
    feeder: smallint().notNull(),
    phase: text().$type<Phase>().notNull(),
    /** The value that showed it when it began, in the unit of its quantity. */
    value: doublePrecision().notNull(),
  },
  (t) => [primaryKey({ columns: [t.hubId, t.eventId] })],
)

/** Half-hours of a hub that need a roll-up: inserted with measurements, also late ones, and deleted by the roll-up. */
export const rollupDue = pgTable(
  'rollup_due',
  { hubId: uuid('hub_id').notNull(), periodStart: instant('period_start').notNull() },
  (t) => [primaryKey({ columns: [t.hubId, t.periodStart] }), index('rollup_due_period').on(t.periodStart)],
)
