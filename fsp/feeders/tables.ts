import { boolean, doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'

/** The load of each measured channel of a depot, one value per minute: what a clamp or meter on one of its cables said. */
export const feederReading = pgTable(
  'feeder_reading',
  {
    depotId: text('depot_id').notNull(),
    /** The clamp or meter, as its supplier names it. */
    channel: text().notNull(),
    at: instant().notNull(),
    /** The cable of the register of depots. */
    feeder: integer().notNull(),
    /** `null`: it reported power. */
    currentA: doublePrecision('current_a'),
    powerW: doublePrecision('power_w').notNull(),
    /** Computed from a current with a stated voltage and power factor. */
    isDerived: boolean('is_derived').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.depotId, t.channel, t.at] }), index('feeder_reading_minute').on(t.depotId, t.at)],
)
