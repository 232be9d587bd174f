import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import type { RegisterName } from '../../schemas/fsp/registers/index.ts'
import type { UnknownKind, WarningKind } from '../../schemas/fsp/registers/unknown.ts'

/**
 * Every version of every entry of the registers: what held from when to when, and who made it so. A version is never changed but for its
 * end. `data` keeps to the register's contract (schemas/fsp/registers).
 */
export const registerVersion = pgTable(
  'register_version',
  {
    register: text().$type<RegisterName>().notNull(),
    key: text().notNull(),
    version: integer().notNull(),
    validFrom: instant('valid_from').notNull(),
    /** `null`: until it is changed. Equal to `validFrom`: replaced before it began. */
    validTo: instant('valid_to'),
    isRetired: boolean('is_retired').notNull(),
    data: jsonb().$type<object>().notNull(),
    changedBy: text('changed_by').notNull(),
    changedById: text('changed_by_id').notNull(),
    changedAt: instant('changed_at').notNull(),
    reason: text(),
  },
  (t) => [primaryKey({ columns: [t.register, t.key, t.version] })],
)

/** That the registers have taken over what the FSP was started with: once. */
export const registerTakeOver = pgTable('register_take_over', {
  id: integer().primaryKey(),
  at: instant().notNull(),
  entries: integer().notNull(),
})

/** What has appeared at our charge points or at their port, by kind and key, whether or not it has been registered since. */
export const seenThing = pgTable(
  'seen_thing',
  {
    kind: text().$type<UnknownKind>().notNull(),
    key: text().notNull(),
    /** Where it was last seen; `null`: at no depot of ours. */
    depotId: text('depot_id'),
    /** The charge point, or for a charge point the address that it came from. */
    place: text().notNull(),
    firstSeenAt: instant('first_seen_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    times: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.key] }), index('seen_thing_last').on(t.lastSeenAt)],
)

/** Something that does not fit the registers, until somebody has resolved it. */
export const registerWarning = pgTable(
  'register_warning',
  {
    warningId: uuid('warning_id').primaryKey(),
    kind: text().$type<WarningKind>().notNull(),
    depotId: text('depot_id').notNull(),
    /** The token, vehicle or charge point that it is about. */
    subject: text().notNull(),
    place: text().notNull(),
    sentence: text().notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
    times: integer().notNull(),
    resolvedAt: instant('resolved_at'),
    resolvedBy: text('resolved_by'),
    resolution: text(),
  },
  (t) => [index('register_warning_open').on(t.depotId, t.resolvedAt)],
)
