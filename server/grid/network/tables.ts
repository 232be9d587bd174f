import {
  type AnyPgColumn,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../platform/db/index.ts'
import { demandConfidence, demandMethod, type NetworkNode } from '../../../schemas/grid/connections.ts'
import type { NetworkLayout } from '../../../schemas/grid/layouts.ts'
import type { NetworkImport } from '../../../schemas/grid/network.ts'
import type { ImportChange, ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'
import { licenceArea } from '../areas/tables.ts'

const methodColumn = (name: string) =>
  text(name, { enum: optionsOf(demandMethod) })
    .notNull()
    .default('unknown')
const confidenceColumn = (name: string) =>
  text(name, { enum: optionsOf(demandConfidence) })
    .notNull()
    .default('unknown')

/**
 * The network as a tree: GSP → BSP → primary → secondary → LV feeder (domain section 1). Ratings in kVA, location on the British grid in
 * m.
 */
export const node = pgTable(
  'network_node',
  {
    nodeId: text('node_id').primaryKey(),
    name: text().notNull(),
    kind: text().$type<NetworkNode['kind']>().notNull(),
    parentId: text('parent_id').references((): AnyPgColumn => node.nodeId),
    licenceArea: text('licence_area')
      .notNull()
      .references(() => licenceArea.code),
    ratingWinterKva: doublePrecision('rating_winter_kva'),
    ratingSummerKva: doublePrecision('rating_summer_kva'),
    /** The capacity left when the largest transformer is out; `null` if unknown: then the rating counts. */
    firmCapacityKva: doublePrecision('firm_capacity_kva'),
    /** Known highest demand of a season, for nodes without half-hourly history. */
    maxDemandWinterKva: doublePrecision('max_demand_winter_kva'),
    maxDemandSummerKva: doublePrecision('max_demand_summer_kva'),
    /** When it was measured; `null` for an undated maximum. */
    maxDemandWinterOn: date('max_demand_winter_on'),
    maxDemandSummerOn: date('max_demand_summer_on'),
    maxDemandWinterMethod: methodColumn('max_demand_winter_method'),
    maxDemandSummerMethod: methodColumn('max_demand_summer_method'),
    maxDemandWinterConfidence: confidenceColumn('max_demand_winter_confidence'),
    maxDemandSummerConfidence: confidenceColumn('max_demand_summer_confidence'),
    /** The most reverse power (export towards the grid) that it may carry; `null` if unknown: then no need for turn-up is seen. */
    reverseCapacityKva: doublePrecision('reverse_capacity_kva'),
    easting: doublePrecision(),
    northing: doublePrecision(),
    /** Reserved for one user: nothing is agreed at or below it with anybody else. */
    reserved: boolean().notNull().default(false),
    /** That user, as the customer of its connections is called. */
    reservedFor: text('reserved_for'),
    /** Part of the capacity that is held back for that user, kVA. */
    reservedKva: doublePrecision('reserved_kva'),
  },
  (t) => [index('network_node_parent').on(t.parentId)],
)

/** Uploads of network files, with their progress and outcome. */
export const networkImport = pgTable(
  'network_import',
  {
    importId: uuid('import_id').primaryKey(),
    startedAt: instant('started_at').notNull(),
    startedBy: text('started_by').notNull(),
    dryRun: boolean('dry_run').notNull(),
    state: text().$type<NetworkImport['state']>().notNull(),
    layout: text(),
    rows: integer().notNull(),
    created: integer().notNull().default(0),
    changed: integer().notNull().default(0),
    changes: jsonb().$type<ImportChange[]>().notNull().default([]),
    changeCount: integer('change_count').notNull().default(0),
    flaws: jsonb().$type<ImportFlaw[]>().notNull(),
    flawCount: integer('flaw_count').notNull().default(0),
  },
  (t) => [index('network_import_started').on(t.startedAt)],
)

/** Layouts of network files that planners have added to those that come with the program. */
export const networkLayout = pgTable('network_layout', {
  name: text().primaryKey(),
  layout: jsonb().$type<NetworkLayout>().notNull(),
  savedAt: instant('saved_at').notNull(),
  savedBy: text('saved_by').notNull(),
})
