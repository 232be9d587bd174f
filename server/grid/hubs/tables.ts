import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgEnum,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { MappedPoint } from '../../../schemas/grid/gateway.ts'
import { phase } from '../../../schemas/grid/measurements.ts'
import { connection } from '../connections/tables.ts'
import { node } from '../network/tables.ts'

/** Four bytes per value instead of a text. */
export const phaseType = pgEnum('phase', phase.enum)

/** Increases with every change to an assignment, so that an unchanged assignment gets a 304. */
export const assignmentRevision = pgSequence('assignment_revision')
const nextRevision = sql`nextval('assignment_revision')`

/** The meaning of the points of a hub model; hubs refer to it by name. */
export const pointMap = pgTable('point_map', {
  name: text().primaryKey(),
  points: jsonb().$type<MappedPoint[]>().notNull(),
  revision: bigint({ mode: 'number' }).notNull().default(nextRevision),
})

/** Gateways that share their hubs: when one stops, the others take over its hubs after its lease expires. */
export const gatewayPool = pgTable('gateway_pool', {
  name: text().primaryKey(),
  leaseS: integer('lease_s').notNull(),
  gateways: jsonb().$type<string[]>().notNull(),
  revision: bigint({ mode: 'number' }).notNull().default(nextRevision),
})

/** The gateways that polled a hub in its earlier epochs: they may still deliver what is in their spools, however late. */
export const formerHolder = pgTable(
  'hub_former_holder',
  {
    hubId: uuid('hub_id').notNull(),
    epoch: integer().notNull(),
    gatewayId: text('gateway_id').notNull(),
    endedAt: instant('ended_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.hubId, t.epoch] }), index('hub_former_holder_age').on(t.endedAt)],
)

/** An LV monitor: its address, the gateway that polls it, and the state of its link. */
export const hub = pgTable(
  'hub',
  {
    hubId: uuid('hub_id').primaryKey(),
    name: text().notNull(),
    /** What it monitors: a customer's connection, or a node of the network. */
    connectionId: uuid('connection_id').references(() => connection.connectionId),
    nodeId: text('node_id').references(() => node.nodeId),
    host: text().notNull(),
    port: integer().notNull(),
    localAddress: integer('local_address').notNull(),
    remoteAddress: integer('remote_address').notNull(),
    /** Its certificate must bear this name; `null` for plain TCP. */
    tlsName: text('tls_name'),
    /** It calls its gateway because it is behind a mobile network: `host` and `port` are unused. */
    dialsIn: boolean('dials_in').notNull().default(false),
    integrityPollS: integer('integrity_poll_s').notNull(),
    /** Silence that counts as a communication failure, s. */
    timeoutS: integer('timeout_s').notNull(),
    /** The map of its model; `null` for the default map of its feeders. */
    pointMapName: text('point_map_name').references(() => pointMap.name),
    /** Its own map, instead of any other. */
    pointMap: jsonb('point_map').$type<MappedPoint[]>(),
    /** Points whose meaning differs from its map, or that only this hub has. */
    pointOverrides: jsonb('point_overrides').$type<MappedPoint[]>(),
    /** Grows with every change to its part of an assignment. */
    revision: bigint({ mode: 'number' }).notNull().default(nextRevision),
    /** The gateway that polls it. For a pool's hub: the gateway that claimed its shard last, or `pool NAME` before the first claim. */
    gatewayId: text('gateway_id').notNull(),
    /** The pool whose gateways share it, and its shard there; `null` for a hub of one fixed gateway. */
    pool: text().references(() => gatewayPool.name),
    shard: smallint(),
    /** Grows when it moves to another gateway; its batch sequences then restart within the new epoch (`epochOf`). */
    epoch: integer().notNull().default(0),
    /** A customer may own the monitor: then it sends by itself, and nobody polls it (NM07). */
    ownership: text({ enum: ['dno', 'customer'] })
      .notNull()
      .default('dno'),
    /** It measures current only: power is derived with an assumed power factor and nominal voltage. */
    currentOnly: boolean('current_only').notNull().default(false),
    /** Somebody stated that power can only flow in: otherwise a monitor of current only leaves the direction unknown. */
    importOnly: boolean('import_only').notNull().default(false),
    /** Since when its present gateway should poll it: the silence of a hub that was never seen counts from here. */
    assignedAt: instant('assigned_at').notNull(),
    storedSequence: bigint('stored_sequence', { mode: 'number' }).notNull().default(0),
    lastMeasurementAt: instant('last_measurement_at'),
    failedSince: instant('failed_since'),
    link: text({ enum: ['online', 'offline', 'never-seen'] })
      .notNull()
      .default('never-seen'),
    lastAnswerAt: instant('last_answer_at'),
    polls: bigint({ mode: 'number' }).notNull().default(0),
    failedPolls: bigint('failed_polls', { mode: 'number' }).notNull().default(0),
    malformedFrames: bigint('malformed_frames', { mode: 'number' }).notNull().default(0),
    unmappedPoints: bigint('unmapped_points', { mode: 'number' }).notNull().default(0),
    /** The first points that are not in its map; `null` when all are. */
    unmapped: jsonb().$type<string[]>(),
    /** What its last answer complained of; `null` when nothing. */
    complaints: jsonb().$type<string[]>(),
    clockDriftMs: doublePrecision('clock_drift_ms'),
    refusedReadings: bigint('refused_readings', { mode: 'number' }).notNull().default(0),
    eventGaps: bigint('event_gaps', { mode: 'number' }).notNull().default(0),
    restarts: bigint({ mode: 'number' }).notNull().default(0),
    quarantinedUntil: instant('quarantined_until'),
  },
  (t) => [
    index('hub_gateway').on(t.gatewayId),
    index('hub_connection').on(t.connectionId),
    index('hub_shard').on(t.pool, t.shard),
    check('hub_pool', sql`(pool is null) = (shard is null)`),
    check('hub_timeout', sql`timeout_s > 0 and integrity_poll_s > 0`),
  ],
)

/** A feeder that a hub monitors, and the connection whose import it is part of. */
export const hubFeeder = pgTable(
  'hub_feeder',
  {
    hubId: uuid('hub_id')
      .notNull()
      .references(() => hub.hubId),
    feeder: smallint().notNull(),
    role: text({ enum: ['building', 'ev'] }).notNull(),
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.connectionId),
    /** The number of active powers in the point map for it: all of them must be present before their sum counts as an import. */
    powers: smallint().notNull(),
    /** Whether each of them has a dead band, so that a heartbeat of the hub proves that an unsent value still holds. */
    held: boolean().notNull().default(false),
    /** Whether it is part of the import that the connection is judged by; otherwise it is only compared with it (decision 65). */
    counts: boolean().notNull().default(true),
  },
  (t) => [primaryKey({ columns: [t.hubId, t.feeder] }), index('hub_feeder_connection').on(t.connectionId)],
)

/** The active powers that the point map of a hub promises: one that was never heard is missing, not absent (domain section 12). */
export const hubPower = pgTable(
  'hub_power',
  {
    hubId: uuid('hub_id')
      .notNull()
      .references(() => hub.hubId),
    feeder: smallint().notNull(),
    phase: phaseType().notNull(),
    /** Whether the gateway leaves out values within a dead band. */
    held: boolean().notNull(),
  },
  (t) => [primaryKey({ columns: [t.hubId, t.feeder, t.phase] })],
)

/**
 * Spans in which a hub with dead bands answered its gateway without a pause longer than its timeout: the proof that values which were
 * not sent still hold. Gateways report it, also when there is nothing to send.
 */
export const hubContact = pgTable(
  'hub_contact',
  {
    hubId: uuid('hub_id').notNull(),
    from: instant('from_at').notNull(),
    to: instant('to_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.hubId, t.from] }), index('hub_contact_age').on(t.to)],
)
