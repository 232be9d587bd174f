import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate } from '../../../platform/db/index.ts'

/** What an FU was asked for as reserve in a quarter-hour, W of magnitude, in addition to what it was to give anyway. */
export interface ReservePeriodRow {
  from: string
  turnDownW: number
  plannedW: number
}

/** Reserve issued for FUs that fall short: what was seen of them, and who was asked for what. */
export const deliveryReserve = pgTable(
  'delivery_reserve',
  {
    reserveId: uuid('reserve_id').primaryKey(),
    /** The FU that falls short. */
    fuId: uuid('fu_id').notNull(),
    nodeId: text('node_id').notNull(),
    tradingDay: localDate('trading_day').notNull(),
    issuedAt: instant('issued_at').notNull(),
    issuedBy: text('issued_by').notNull(),
    units: jsonb().$type<{ fuId: string; fuName: string; periods: ReservePeriodRow[] }[]>().notNull(),
    instructions: integer().notNull(),
  },
  (t) => [index('delivery_reserve_unit').on(t.fuId, t.tradingDay)],
)
