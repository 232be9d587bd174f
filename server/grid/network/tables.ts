import { type AnyPgColumn, boolean, doublePrecision, index, pgTable, text } from 'drizzle-orm/pg-core'
import type { NetworkNode } from '../../../schemas/grid.ts'

/** The network as a tree: GSP → BSP → primary → secondary → LV feeder (domain section 1). Ratings in kVA, place on the British grid in m. */
export const node = pgTable(
  'network_node',
  {
    nodeId: text('node_id').primaryKey(),
    name: text().notNull(),
    kind: text().$type<NetworkNode['kind']>().notNull(),
    parentId: text('parent_id').references((): AnyPgColumn => node.nodeId),
    licenceArea: text('licence_area').$type<NetworkNode['licenceArea']>().notNull(),
    ratingWinterKva: doublePrecision('rating_winter_kva'),
    ratingSummerKva: doublePrecision('rating_summer_kva'),
    easting: doublePrecision(),
    northing: doublePrecision(),
    /** Kept for one user: demand is not shared out to it. */
    reserved: boolean().notNull().default(false),
  },
  (t) => [index('network_node_parent').on(t.parentId)],
)
