import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import type { nodePage } from '../../../schemas/grid/network.ts'
import { findNode, listNodes, pathOf } from '../network/index.ts'
import { connection } from './tables.ts'

/** At most so many children and connections are listed on the page of a node; searching finds the others. */
const listed = 500

/** A node with its path, what it feeds, and its hubs; `null` when there is no such node. */
export async function nodePageOf(db: Queryable, nodeId: string): Promise<z.infer<typeof nodePage> | null> {
  const node = await findNode(db, nodeId)
  if (!node) return null
  const connections = await db
    .select({ connectionId: connection.connectionId, name: connection.name, ascKva: connection.ascKva })
    .from(connection)
    .where(eq(connection.nodeId, nodeId))
    .orderBy(connection.name)
    .limit(listed)
  // Hubs belong to telemetry, which stands above connections: the loop closes through its table.
  const hubs = await db.execute<{ hub_id: string }>(sql`select hub_id from hub where node_id = ${nodeId} order by name`)
  return {
    node,
    path: await pathOf(db, nodeId),
    connections,
    hubIds: hubs.map((h) => h.hub_id),
    children: (await listNodes(db, { parentId: nodeId, limit: listed })).items,
  }
}
