import { sql } from 'drizzle-orm'
import { check, doublePrecision, index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** Every instruction from the moment it is planned: the durable intent that a sending follows from, and what became of it. */
export const instruction = pgTable(
  'instruction',
  {
    instructionId: uuid('instruction_id').primaryKey(),
    fuId: uuid('fu_id').notNull(),
    fspId: uuid('fsp_id').notNull(),
    product: text({ enum: ['A', 'B', 'C'] }).notNull(),
    fromAt: instant('from_at').notNull(),
    toAt: instant('to_at').notNull(),
    turnDownW: doublePrecision('turn_down_w').notNull(),
    state: text({
      enum: ['planned', 'sent', 'acknowledged', 'refused', 'unknown', 'superseded', 'expired', 'ended'],
    }).notNull(),
    scheduleKind: text('schedule_kind', { enum: ['manual', 'optimised'] }).notNull(),
    scheduleVersion: integer('schedule_version').notNull(),
    plannedAt: instant('planned_at').notNull(),
    /** When it was first sent; `null` until then. */
    issuedAt: instant('issued_at'),
    answeredAt: instant('answered_at'),
    acknowledgedAt: instant('acknowledged_at'),
    expiresAt: instant('expires_at').notNull(),
    reason: text(),
  },
  (t) => [
    // FM08: one instruction per FU, product and window, whoever ticks and however often.
    unique('instruction_once').on(t.fuId, t.product, t.fromAt),
    index('instruction_state').on(t.state, t.fromAt),
    index('instruction_span').on(t.product, t.fromAt),
    check('instruction_span_order', sql`${t.fromAt} < ${t.toAt}`),
  ],
)

/** Every sending and every question, with its outcome: the evidence when a party disputes. */
export const instructionAttempt = pgTable(
  'instruction_attempt',
  {
    instructionId: uuid('instruction_id')
      .notNull()
      .references(() => instruction.instructionId),
    attempt: integer().notNull(),
    at: instant().notNull(),
    action: text({ enum: ['send', 'ask'] }).notNull(),
    outcome: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.instructionId, t.attempt] })],
)
