import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, optionsOf } from '../../../platform/db/index.ts'
import type { GateSettings } from '../../../schemas/market/gates.ts'
import { submissionKind } from '../../../schemas/market/submissions.ts'
import { direction, type Product, resolution } from '../../../schemas/vocabulary/units.ts'
import { product } from '../products/tables.ts'

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

/** Every version of the gate of each kind of schedule for each product. */
export const submissionGate = pgTable(
  'submission_gate',
  {
    product: text()
      .$type<Product>()
      .notNull()
      .references(() => product.product),
    kind: text({ enum: optionsOf(submissionKind) }).notNull(),
    version: integer().notNull(),
    settings: jsonb().$type<GateSettings>().notNull(),
    changedAt: instant('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.product, t.kind, t.version] })],
)
