import { eq, sql } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { headroomOperations } from '../../../schemas/grid/network.ts'
import type { Verb } from '../../kit/index.ts'
import { connection } from '../connections/tables.ts'
import { findNode, listNodes, pathOf } from '../network/index.ts'

/** The most children and connections on the page of a node; a search finds the others. */
const listed = 500

/** A node with its path, its children, its connections and its hubs. */
export const readNode: Verb<typeof headroomOperations.readNode> = async ({ db, params: { id: nodeId } }) => {
  const node = await findNode(db, nodeId)
  if (!node) throw new ProblemError('not-found', `There is no node ${nodeId}.`)
  const connections = await db
    .select({ connectionId: connection.connectionId, name: connection.name, ascKva: connection.ascKva })
    .from(connection)
    .where(eq(connection.nodeId, nodeId))
    .orderBy(connection.name)
    .limit(listed)
  // Hubs belong to telemetry, which depends on connections: read them from their table to avoid an import circle.
  const hubs = await db.execute<{ hub_id: string }>(sql`select hub_id from hub where node_id = ${nodeId} order by name`)
  return {
    node,
    path: await pathOf(db, nodeId),
    connections,
    hubIds: hubs.map((h) => h.hub_id),
    children: (await listNodes(db, { parentId: nodeId, sort: 'nodeId', direction: 'ascending', limit: listed })).items,
  }
}
