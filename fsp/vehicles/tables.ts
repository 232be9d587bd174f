import { boolean, doublePrecision, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'

/** What vehicles reported of themselves, each reading once. */
export const vehicleReading = pgTable(
  'vehicle_reading',
  {
    /** The registration. */
    vehicleId: text('vehicle_id').notNull(),
    /** When the vehicle measured it. */
    at: instant().notNull(),
    receivedAt: instant('received_at').notNull(),
    socPercent: doublePrecision('soc_percent').notNull(),
    odometerKm: doublePrecision('odometer_km'),
    /** The feed, or how else it came. */
    source: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.vehicleId, t.at] }), index('vehicle_reading_received').on(t.receivedAt)],
)

/**
 * What a vehicle last said beside its state of charge. Its position is personal data of its driver: only whether it stood at a depot is
 * kept, and only the last of these.
 */
export const vehicleTelematics = pgTable('vehicle_telematics', {
  vehicleId: text('vehicle_id').primaryKey(),
  at: instant().notNull(),
  /** `null`: it did not say where it was, or no depot has a stated place. */
  isAtDepot: boolean('is_at_depot'),
  isIgnitionOn: boolean('is_ignition_on'),
  isPluggedIn: boolean('is_plugged_in'),
  source: text().notNull(),
})
