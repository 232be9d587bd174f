import { doublePrecision, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
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
