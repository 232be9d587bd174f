import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { DemandEdition } from '../../../schemas/planning/demand-editions.ts'
import type { DemandRun, RunNode } from '../../../schemas/planning/demand-runs.ts'

/** Files that EV demand is worked out from, as they were imported. They never change. */
export const demandEdition = pgTable(
  'demand_edition',
  {
    editionId: uuid('edition_id').primaryKey(),
    kind: text().$type<DemandEdition['kind']>().notNull(),
    name: text().notNull(),
    isSynthetic: boolean('is_synthetic').notNull(),
    importedAt: instant('imported_at').notNull(),
    importedBy: text('imported_by').notNull(),
    /** When its rows had been kept long enough; `null` while they are there. */
    rowsRemovedAt: instant('rows_removed_at'),
    rows: integer().notNull(),
    digest: text().notNull(),
    columns: jsonb().$type<DemandEdition['columns']>().notNull(),
    summary: jsonb().$type<DemandEdition['summary']>().notNull(),
    anomalies: jsonb().$type<DemandEdition['anomalies']>().notNull(),
    anomalyCount: integer('anomaly_count').notNull(),
    newVehicles: jsonb('new_vehicles').$type<string[]>().notNull(),
    newVehicleCount: integer('new_vehicle_count').notNull(),
  },
  (t) => [index('demand_edition_imported').on(t.importedAt, t.editionId)],
)

/** The rows of an edition, some thousand to a part: they are read whole or not at all. */
export const demandEditionPart = pgTable(
  'demand_edition_part',
  {
    editionId: uuid('edition_id')
      .notNull()
      .references(() => demandEdition.editionId, { onDelete: 'cascade' }),
    part: integer().notNull(),
    rows: jsonb().$type<readonly unknown[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.part] })],
)

/** Vehicles of trips that any edition had, by the first. */
export const demandVehicle = pgTable('demand_vehicle', {
  vehicle: text().primaryKey(),
  model: text().notNull(),
  editionId: uuid('edition_id')
    .notNull()
    .references(() => demandEdition.editionId),
})

/** Runs of EV demand. The record has every parameter and edition. */
export const demandRun = pgTable(
  'demand_run',
  {
    runId: uuid('run_id').primaryKey(),
    kind: text().$type<DemandRun['kind']>().notNull(),
    title: text().notNull(),
    state: text().$type<DemandRun['state']>().notNull(),
    requestedAt: instant('requested_at').notNull(),
    requestedBy: text('requested_by').notNull(),
    startedAt: instant('started_at'),
    /** When its server last said that it works on it, and how far it was then, 0 to 1. */
    aliveAt: instant('alive_at'),
    progress: doublePrecision(),
    /** How often it was begun: a server that lost it to another cannot finish it. */
    attempts: integer().notNull().default(0),
    finishedAt: instant('finished_at'),
    failure: text(),
    record: jsonb().$type<Record<string, unknown>>().notNull(),
    isSynthetic: boolean('is_synthetic').notNull(),
    summary: jsonb().$type<Record<string, unknown>>(),
    digest: text(),
  },
  (t) => [index('demand_run_requested').on(t.requestedAt, t.runId)],
)

const ofRun = () =>
  uuid('run_id')
    .notNull()
    .references(() => demandRun.runId, { onDelete: 'cascade' })

/** Areas of a run: their mean demand, W by half-hour of four kinds of day; or the nodes that carry it. */
export const demandRunArea = pgTable(
  'demand_run_area',
  {
    runId: ofRun(),
    area: text().notNull(),
    meanW: doublePrecision('mean_w').array(),
    basis: text(),
    confidence: text(),
    nodeIds: text('node_ids').array().notNull(),
    shares: doublePrecision().array().notNull(),
    /** Of trips: drivers who live there, and trips that begin there; `null` in runs over the network and in those from before they were counted. */
    homes: integer(),
    trips: integer(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.area] })],
)

/** Nodes of a run by rank, with their years. */
export const demandRunNode = pgTable(
  'demand_run_node',
  {
    runId: ofRun(),
    rank: integer().notNull(),
    nodeId: text('node_id').notNull(),
    name: text().notNull(),
    kind: text().notNull(),
    eastingM: doublePrecision('easting_m'),
    northingM: doublePrecision('northing_m'),
    firstYear: integer('first_year'),
    confidence: text().$type<RunNode['confidence']>(),
    /** By year. The last two are `null` where the headroom is unknown. */
    peakW: doublePrecision('peak_w').array().notNull(),
    leastHeadroomW: doublePrecision('least_headroom_w').array(),
    hoursOver: doublePrecision('hours_over').array(),
    /** Years × archetypes. */
    vehicles: doublePrecision().array().notNull(),
    /** W by half-hour of four kinds of day: of private hire in the year of its trips, and the headroom. */
    fleetW: real('fleet_w').array(),
    headroomW: real('headroom_w').array(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.rank] }), index('demand_run_node_id').on(t.runId, t.nodeId)],
)
