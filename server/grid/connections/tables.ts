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
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate } from '../../../platform/db/index.ts'
import type { ProfileState } from '../../../schemas/grid/connections.ts'
import type { ProfileLimits, ProfileVersion } from '../../../schemas/grid/profiles.ts'
import { licenceArea } from '../areas/tables.ts'
import { node } from '../network/tables.ts'

/**
 * A customer's supply at a site. The ASC in kVA times the power factor is the import limit when no profile is in force; the export capacity
 * times the power factor is the export limit, and `null` is none that is stated.
 */
export const connection = pgTable(
  'connection',
  {
    connectionId: uuid('connection_id').primaryKey(),
    name: text().notNull(),
    customer: text().notNull(),
    address: text().notNull(),
    licenceArea: text('licence_area')
      .notNull()
      .references(() => licenceArea.code),
    nodeId: text('node_id')
      .notNull()
      .references(() => node.nodeId),
    ascKva: doublePrecision('asc_kva').notNull(),
    exportKva: doublePrecision('export_kva'),
    powerFactor: doublePrecision('power_factor').notNull(),
  },
  (t) => [
    index('connection_node').on(t.nodeId),
    check('connection_asc', sql`asc_kva > 0`),
    check('connection_export', sql`export_kva >= 0`),
    check('connection_power_factor', sql`power_factor > 0 and power_factor <= 1`),
  ],
)

/** The meter points of a connection: an MPAN belongs to one connection. */
export const connectionMpan = pgTable(
  'connection_mpan',
  {
    mpan: text().primaryKey(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.connectionId),
  },
  (t) => [index('connection_mpan_connection').on(t.connectionId)],
)

/** Connections that the DNO treats as one place of the network, all fed through a node: an FU may be spread over them. */
export const connectionGroup = pgTable('connection_group', {
  groupId: uuid('group_id').primaryKey(),
  name: text().notNull().unique(),
  nodeId: text('node_id')
    .notNull()
    .references(() => node.nodeId),
})

/** The connections of each group. */
export const connectionGroupMember = pgTable(
  'connection_group_member',
  {
    groupId: uuid('group_id')
      .notNull()
      .references(() => connectionGroup.groupId),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.connectionId),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.connectionId] })],
)

/**
 * Profiled connections: versions of an agreed import limit. `valid_to` is the last day. Approved versions of one connection cannot
 * overlap: the exclusion constraint `profile_no_overlap` of a hand-written migration ensures that (FM14).
 */
export const profile = pgTable(
  'profile',
  {
    profileId: uuid('profile_id').primaryKey(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.connectionId),
    version: integer().notNull(),
    state: text().$type<ProfileState>().notNull(),
    validFrom: localDate('valid_from').notNull(),
    validTo: localDate('valid_to').notNull(),
    /** Import limit in W after expiry; `null` for the ASC. */
    fallbackLimitW: doublePrecision('fallback_limit_w'),
    limits: jsonb().$type<ProfileLimits>().notNull(),
    /** Grows with every change, so that two simultaneous editors notice each other (FM15). */
    revision: integer().notNull().default(1),
    appliedBy: text('applied_by').notNull().default('system'),
    appliedAt: instant('applied_at'),
    /** Who changed the application last; may not approve it either. */
    editedBy: text('edited_by'),
    source: text().$type<ProfileVersion['source']>().notNull().default('system'),
    note: text().notNull().default(''),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    /** Why it was rejected, or a remark of the approver. */
    reason: text(),
    /** What the approver assumed in place of facts that the assessment lacked. */
    assumption: jsonb().$type<ProfileVersion['assumption']>(),
  },
  (t) => [
    unique('profile_version').on(t.connectionId, t.version),
    index('profile_state').on(t.state),
    check('profile_valid_range', sql`valid_from <= valid_to`),
  ],
)

/**
 * Import limits that accepted dispatches imply for an FU: baseline − turn-down of its own load, W, over the connection's feeders with
 * the role `ev`. The dispatch wing writes them, compliance checks them. Where two cover an instant, the one that begins later is in
 * force.
 */
export const impliedLimit = pgTable(
  'implied_limit',
  {
    fuId: uuid('fu_id').notNull(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.connectionId),
    from: instant('from_at').notNull(),
    to: instant('to_at').notNull(),
    limitW: doublePrecision('limit_w').notNull(),
    /** The instructed turn-down, for charts; `null` when only the limit was stated. */
    turnDownW: doublePrecision('turn_down_w'),
    instructionId: uuid('instruction_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.fuId, t.from] }),
    index('implied_limit_time').on(t.to, t.from),
    index('implied_limit_connection').on(t.connectionId, t.from),
    index('implied_limit_instruction').on(t.instructionId),
    check('implied_limit_span', sql`from_at < to_at`),
  ],
)
