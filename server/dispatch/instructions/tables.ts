import { sql } from 'drizzle-orm'
import {
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type {
  InstructionInterval,
  InstructionState,
  InstructionStatus,
} from '../../../schemas/dispatch/instructions.ts'
import type { ScheduleKind } from '../../../schemas/market/schedules.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { attemptColumns, sendingColumns } from '../transports/tables.ts'

/** Every instruction from the moment it is planned: the durable intent behind each sending, and its outcome. */
export const instruction = pgTable(
  'instruction',
  {
    instructionId: uuid('instruction_id').primaryKey(),
    fuId: uuid('fu_id').notNull(),
    ...sendingColumns<InstructionState>(),
    product: text().$type<Product>().notNull(),
    /** Span of all intervals. */
    fromAt: instant('from_at').notNull(),
    toAt: instant('to_at').notNull(),
    /** The largest turn-down of the intervals, W, or as a negative one the largest turn-up. */
    turnDownW: doublePrecision('turn_down_w').notNull(),
    intervals: jsonb().$type<InstructionInterval[]>().notNull().default([]),
    /** Counts the instructions for the same FU, product and start: each replaces the one before. */
    revision: integer().notNull().default(1),
    /** The instruction that this one replaces at the FSP. */
    supersedes: uuid(),
    scheduleKind: text('schedule_kind').$type<ScheduleKind>().notNull(),
    scheduleVersion: integer('schedule_version').notNull(),
    plannedAt: instant('planned_at').notNull(),
    /** Why it asks for less than its schedule does; `null` where it asks for the same. */
    cutBecause: text('cut_because'),
    /** When it was first sent; `null` until then. */
    issuedAt: instant('issued_at'),
    answeredAt: instant('answered_at'),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [
    // FM08: one instruction per FU, product, window and revision, and one live instruction, however many workers tick.
    unique('instruction_once').on(t.fuId, t.product, t.fromAt, t.revision),
    uniqueIndex('instruction_live')
      .on(t.fuId, t.product, t.fromAt)
      .where(sql`state in ('planned', 'sent', 'unknown', 'acknowledged')`),
    index('instruction_state').on(t.state, t.fromAt),
    index('instruction_span').on(t.product, t.fromAt),
    check('instruction_span_order', sql`${t.fromAt} < ${t.toAt}`),
  ],
)

/** Every sending and every question, with its outcome: the evidence in a dispute. */
/** Why a sending brought no answer. */
export type NoAnswer = 'fsp-failed' | 'dno-failed' | 'handed-over'

export const instructionAttempt = pgTable(
  'instruction_attempt',
  {
    instructionId: uuid('instruction_id')
      .notNull()
      .references(() => instruction.instructionId),
    ...attemptColumns(),
    action: text({ enum: ['send', 'ask', 'confirm'] }).notNull(),
    /**
     * Why it brought no answer: the end of the FSP failed, or the DNO's own; or it was handed to people, who answer later. `null`: it was
     * answered. Settlement decides by it whose the loss is.
     */
    noAnswer: text('no_answer').$type<NoAnswer>(),
  },
  (t) => [primaryKey({ columns: [t.instructionId, t.attempt] })],
)

/** What FSPs reported about instructions afterwards. The same report again changes nothing. */
export const instructionReport = pgTable(
  'instruction_report',
  {
    instructionId: uuid('instruction_id')
      .notNull()
      .references(() => instruction.instructionId),
    at: instant().notNull(),
    status: text().$type<InstructionStatus['status']>().notNull(),
    detail: text(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.instructionId, t.status, t.at] })],
)
