import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'

/** Who did what to which thing, when; written in the transaction that did it. */
export const auditEntry = pgTable(
  'audit_entry',
  {
    entryId: bigint('entry_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant().notNull(),
    actor: text().notNull(),
    action: text().notNull(),
    subjectType: text('subject_type').notNull(),
    subjectId: text('subject_id').notNull(),
    detail: jsonb().notNull(),
  },
  (t) => [index('audit_entry_subject').on(t.subjectType, t.subjectId)],
)
