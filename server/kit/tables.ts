import { bigint, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
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

/** Requests with an Idempotency-Key, with what they created and how they were answered. */
export const idempotencyKey = pgTable(
  'idempotency_key',
  {
    /** Who sent it: each caller has its own keys. */
    caller: text().notNull(),
    /** Method and path. */
    request: text().notNull(),
    key: text().notNull(),
    /** The identifier of what the request creates. */
    id: uuid().notNull(),
    /** Digest of parameters and body; `null` until the body has been read completely. */
    digest: text(),
    /** JSON; secrets that are shown once are `null` in it. */
    answer: text(),
    at: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.caller, t.request, t.key] }), index('idempotency_key_at').on(t.at)],
)
