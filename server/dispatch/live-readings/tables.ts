import { bigint, doublePrecision, index, pgTable, primaryKey, unique, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/**
 * What FSPs say that their FUs draw at an instant, W, import positive: for watching delivery while it runs. It is kept for some days only,
 * and no settlement reads it. The first value of an instant stands.
 */
export const liveReading = pgTable(
  'live_reading',
  {
    readingId: bigint('reading_id', { mode: 'number' }).generatedAlwaysAsIdentity(),
    fuId: uuid('fu_id').notNull(),
    /** The DER that it is of; `null` for the whole FU. */
    derId: uuid('der_id'),
    at: instant().notNull(),
    powerW: doublePrecision('power_w').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.fuId, t.readingId] }),
    unique('live_reading_once').on(t.fuId, t.at, t.derId).nullsNotDistinct(),
    index('live_reading_at').on(t.at),
  ],
)
