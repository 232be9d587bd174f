import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { MappedPoint } from '../../../schemas/grid/gateway.ts'
import { connection } from '../connections/tables.ts'
import { node } from '../network/tables.ts'

/** Counts up with every change of what gateways are told: by it an assignment that says nothing new is answered with 304. */
export const assignmentRevision = pgSequence('assignment_revision')
const nextRevision = sql`nextval('assignment_revision')`

/** What the points of a model of hub mean; hubs name it. */
export const pointMap = pgTable('point_map', {
  name: text().primaryKey(),
  points: jsonb().$type<MappedPoint[]>().notNull(),
  revision: bigint({ mode: 'number' }).notNull().default(nextRevision),
})

/** Gateways that share their hubs: what one of them leaves, the others take over when its lease ends. */
export const gatewayPool = pgTable('gateway_pool', {
  name: text().primaryKey(),
  leaseS: integer('lease_s').notNull(),
  gateways: jsonb().$type<string[]>().notNull(),
  revision: bigint({ mode: 'number' }).notNull().default(nextRevision),
})

/** Who polled a hub in its earlier epochs: what is still in their spools is theirs to deliver, however late. */
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

/** An LV monitor: where it answers, which gateway polls it, and how its link does. */
export const hub = pgTable(
  'hub',
  {
    hubId: uuid('hub_id').primaryKey(),
    name: text().notNull(),
    /** What it watches: a customer's connection, or a node of the network. */
    connectionId: uuid('connection_id').references(() => connection.connectionId),
    nodeId: text('node_id').references(() => node.nodeId),
    host: text().notNull(),
    port: integer().notNull(),
    localAddress: integer('local_address').notNull(),
    remoteAddress: integer('remote_address').notNull(),
    /** Its certificate must bear this name; `null` for plain TCP. */
    tlsName: text('tls_name'),
    /** It calls its gateway, being behind a mobile network: `host` and `port` say nothing. */
    dialsIn: boolean('dials_in').notNull().default(false),
    integrityPollS: integer('integrity_poll_s').notNull(),
    /** Silence that counts as a communication failure, s. */
    timeoutS: integer('timeout_s').notNull(),
    /** The map of its model; `null` for the default map of its feeders. */
    pointMapName: text('point_map_name').references(() => pointMap.name),
    /** A map of its own, instead of any other. */
    pointMap: jsonb('point_map').$type<MappedPoint[]>(),
    /** Points that mean something else here than its map says, or that only this hub has. */
    pointOverrides: jsonb('point_overrides').$type<MappedPoint[]>(),
    /** Grows with every change of what its gateway is told of it. */
    revision: bigint({ mode: 'number' }).notNull().default(nextRevision),
    /** Who polls it. Of a pool's hub: the gateway that claimed its shard last, or `pool NAME` before the first claim. */
    gatewayId: text('gateway_id').notNull(),
    /** The pool whose gateways share it, and its shard there; `null` for a hub that is one gateway's for good. */
    pool: text().references(() => gatewayPool.name),
    shard: smallint(),
    /** Grows when it moves to another gateway; sequences of its batches begin anew behind it (`epochOf`). */
    epoch: integer().notNull().default(0),
    /** A customer may own the monitor: then it sends by itself, and nobody polls it (NM07). */
    ownership: text({ enum: ['dno', 'customer'] })
      .notNull()
      .default('dno'),
    /** It measures current only: power is derived with an assumed power factor and nominal voltage. */
    currentOnly: boolean('current_only').notNull().default(false),
    /** Since when its present gateway is to poll it: silence of a hub never seen counts from here. */
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
    /** The first points that its map does not know; `null` when it knows them all. */
    unmapped: jsonb().$type<string[]>(),
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

/** A feeder that a hub watches, and the connection whose import it is part of. */
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
    /** How many active powers the point map has for it: as many must be there before their sum is an import. */
    powers: smallint().notNull(),
  },
  (t) => [primaryKey({ columns: [t.hubId, t.feeder] }), index('hub_feeder_connection').on(t.connectionId)],
)
