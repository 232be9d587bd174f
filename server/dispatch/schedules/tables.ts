import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate } from '../../../platform/db/index.ts'
import type { ScheduleKind } from '../../../schemas/market/schedules.ts'
import type { Resolution } from '../../../schemas/vocabulary/units.ts'

/** Dispatch schedules: every version is kept, the highest of a kind counts. */
export const dispatchSchedule = pgTable(
  'dispatch_schedule',
  {
    fuId: uuid('fu_id').notNull(),
    tradingDay: localDate('trading_day').notNull(),
    kind: text().$type<ScheduleKind>().notNull(),
    version: integer().notNull(),
    resolution: text().$type<Resolution>().notNull(),
    /** Turn-down per period from local midnight, W, negative for a turn-up; `null` asks for nothing, 0 ends a turn-down. */
    values: jsonb().$type<(number | null)[]>().notNull(),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.fuId, t.tradingDay, t.kind, t.version] })],
)

/** In place of a product: all those that have no selection of their own. */
export const anyProduct = '*'

/** Which kind of schedule is live for an FU on a day, for one product or for all. */
export const scheduleSelection = pgTable(
  'schedule_selection',
  {
    fuId: uuid('fu_id').notNull(),
    tradingDay: localDate('trading_day').notNull(),
    product: text().notNull().default(anyProduct),
    kind: text().$type<ScheduleKind>().notNull(),
    selectedAt: instant('selected_at').notNull(),
    selectedBy: text('selected_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.fuId, t.tradingDay, t.product] })],
)
