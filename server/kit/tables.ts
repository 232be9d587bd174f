import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../platform/db/index.ts'
import { actorKind } from '../../schemas/access/audit.ts'
import { proposalState } from '../../schemas/access/proposals.ts'
import type { SettingValue } from '../../schemas/vocabulary/setting.ts'

/**
 * Who did what to which thing, when; written in the transaction that did it. Triggers keep it append-only, and link each entry to
 * the one committed before it (`audit_link`).
 */
export const auditEntry = pgTable(
  'audit_entry',
  {
    entryId: bigint('entry_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant().notNull(),
    actorKind: text('actor_kind', { enum: optionsOf(actorKind) }).notNull(),
    /** A person's account, a program's client, or the name of the system's work: what stays when a name changes. */
    actorId: text('actor_id').notNull(),
    /** The name at the time. */
    actor: text().notNull(),
    /** The FSP that the actor acted for. */
    fspId: uuid('fsp_id'),
    action: text().notNull(),
    subjectType: text('subject_type').notNull(),
    subjectId: text('subject_id').notNull(),
    detail: jsonb().notNull(),
  },
  (t) => [
    index('audit_entry_subject').on(t.subjectType, t.subjectId),
    index('audit_entry_actor').on(t.actorId),
    index('audit_entry_at').on(t.at),
  ],
)

/**
 * The place of each audit entry in the chain, in the order of commits. `hash` is SHA-256 over the hash before it and the entry, so
 * that an entry that is altered, removed or slipped in breaks the chain from its place on. Written by a trigger at commit.
 */
export const auditLink = pgTable('audit_link', {
  position: bigint({ mode: 'number' }).primaryKey(),
  entryId: bigint('entry_id', { mode: 'number' }).notNull().unique(),
  /** In hexadecimal. */
  hash: text().notNull(),
})

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

/**
 * Who had a hand in a thing that a second person has to approve. Rows are added in the transaction of the act, with the thing locked,
 * and never changed: everybody keeps their hand in a version for good.
 */
export const hand = pgTable(
  'hand',
  {
    handId: bigint('hand_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    subjectType: text('subject_type').notNull(),
    subjectId: text('subject_id').notNull(),
    /** An account for a person; rules compare this and nothing else. */
    actorId: text('actor_id').notNull(),
    actorKind: text('actor_kind', { enum: optionsOf(actorKind) }).notNull(),
    did: text().notNull(),
    at: instant().notNull(),
  },
  (t) => [index('hand_subject').on(t.subjectType, t.subjectId)],
)

/** Changes that wait for a second person, or did. One at a time waits for each subject and operation. */
export const proposal = pgTable(
  'proposal',
  {
    proposalId: uuid('proposal_id').primaryKey(),
    operation: text().notNull(),
    title: text().notNull(),
    subjectType: text('subject_type').notNull(),
    subjectId: text('subject_id').notNull(),
    state: text({ enum: optionsOf(proposalState) }).notNull(),
    version: integer().notNull().default(1),
    /** What was sent: it is carried out as it is when it is approved. */
    given: jsonb().$type<{ params: unknown; query: unknown; body: unknown; version: string | null }>().notNull(),
    /** What is in force where the change starts, and what would be. */
    before: jsonb(),
    after: jsonb(),
    proposedAt: instant('proposed_at').notNull(),
    proposedBy: text('proposed_by').notNull(),
    decidedAt: instant('decided_at'),
    decidedBy: text('decided_by'),
    reason: text(),
  },
  (t) => [
    uniqueIndex('proposal_waiting').on(t.operation, t.subjectType, t.subjectId).where(sql`state = 'waiting'`),
    index('proposal_state').on(t.state, t.proposedAt),
  ],
)

/** Every version of the figures that people changed. A setting without a row has its defaults. */
export const settingVersion = pgTable(
  'setting_version',
  {
    settingId: text('setting_id').notNull(),
    version: integer().notNull(),
    values: jsonb().$type<Record<string, SettingValue>>().notNull(),
    changedAt: instant('changed_at').notNull(),
    proposedBy: text('proposed_by').notNull(),
    /** Who approved it. */
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.settingId, t.version] })],
)
