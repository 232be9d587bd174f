import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../../platform/db/index.ts'
import { disputeState } from '../../../../schemas/settlement/statements.ts'
import { statement } from '../lines/tables.ts'

/** A dispute by an FSP or a person about an issued statement, and its outcome. */
export const dispute = pgTable(
  'dispute',
  {
    disputeId: uuid('dispute_id').primaryKey(),
    statementId: uuid('statement_id')
      .notNull()
      .references(() => statement.statementId),
    lineNumber: integer('line_number'),
    reason: text().notNull(),
    state: text({ enum: optionsOf(disputeState) }).notNull(),
    raisedAt: instant('raised_at').notNull(),
    raisedBy: text('raised_by').notNull(),
    outcome: text(),
    decidedAt: instant('decided_at'),
    decidedBy: text('decided_by'),
  },
  (t) => [index('dispute_statement').on(t.statementId)],
)
