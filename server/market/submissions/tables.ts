import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, optionsOf } from '../../../platform/db/index.ts'
import { submissionKind } from '../../../schemas/market/submissions.ts'
import { direction, resolution } from '../../../schemas/vocabulary/units.ts'

/** Schedules that FSPs submitted. Every accepted revision is kept; the highest one applies. */
export const submittedSchedule = pgTable(
  'submitted_schedule',
  {
    fuId: uuid('fu_id').notNull(),
    tradingDay: localDate('trading_day').notNull(),
    kind: text({ enum: optionsOf(submissionKind) }).notNull(),
    /** A baseline has none and is kept as turn-down. */
    direction: text({ enum: optionsOf(direction) })
      .notNull()
      .default('turn-down'),
    revision: integer().notNull(),
    resolution: text({ enum: optionsOf(resolution) }).notNull(),
    /** W per period from local midnight; for a cost £/MWh as decimal strings. */
    values: jsonb().$type<(number | string)[]>().notNull(),
    submittedAt: instant('submitted_at').notNull(),
    submittedBy: text('submitted_by').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.fuId, t.tradingDay, t.kind, t.direction, t.revision] }),
    index('submitted_schedule_day').on(t.tradingDay, t.kind),
  ],
)

export type SubmittedRow = typeof submittedSchedule.$inferSelect
