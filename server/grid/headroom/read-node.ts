import type { Instant } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { LoadDifference } from '../../../schemas/grid/differences.ts'
import type { headroomOperations, nodePage } from '../../../schemas/grid/network.ts'
import type { Verb } from '../../kit/index.ts'
import { connection } from '../connections/tables.ts'
import { findNode, listNodes, pathOf } from '../network/index.ts'

/** The most children and connections on the page of a node; a search finds the others. */
const listed = 500

type NodePage = z.infer<typeof nodePage>

/** What the page of a node shows of telemetry, which depends on connections and nodes: the wing passes it in. */
export interface NodeTelemetry {
  /** The active powers that the maps of the hubs at a node promise, by hub. */
  promisedPowers(db: Queryable, nodeId: string): Promise<ReadonlyMap<string, NodePage['hubs'][number]['phases']>>
  /** The last half-hour of some connections in which hub and monitor could be compared. */
  latestDifferences(
    db: Queryable,
    connectionIds: readonly string[],
    at: Instant,
  ): Promise<ReadonlyMap<string, LoadDifference>>
}

/** A node with its path, its children, its connections and its hubs. */
export const readNode =
  (telemetry: NodeTelemetry): Verb<typeof headroomOperations.readNode> =>
  async (call) => {
    const { db, at, params } = call
    const nodeId = params.id
    const node = await findNode(db, nodeId)
    if (!node) throw new ProblemError('not-found', `There is no node ${nodeId}.`)
    const connections = await db
      .select({ connectionId: connection.connectionId, name: connection.name, ascKva: connection.ascKva })
      .from(connection)
      .where(eq(connection.nodeId, nodeId))
      .orderBy(connection.name)
      .limit(listed)
    // Hubs belong to telemetry, which depends on connections: read them from their table to avoid an import circle.
    const hubs = await db.execute<{ hub_id: string; name: string; is_silent: boolean }>(
      sql`select hub_id, name, failed_since is not null as is_silent from hub where node_id = ${nodeId} order by name`,
    )
    const promised = await telemetry.promisedPowers(db, nodeId)
    const compared = await telemetry.latestDifferences(
      db,
      connections.map(({ connectionId }) => connectionId),
      at,
    )
    return {
      node,
      path: await pathOf(db, nodeId),
      connections: connections.map((each) => ({ ...each, comparison: compared.get(each.connectionId) ?? null })),
      hubIds: hubs.map((h) => h.hub_id),
      hubs: hubs.map((h) => ({
        hubId: h.hub_id,
        name: h.name,
        communicationFailure: h.is_silent,
        phases: promised.get(h.hub_id) ?? [],
      })),
      children: (await listNodes(db, { parentId: nodeId, sort: 'nodeId', direction: 'ascending', limit: listed }))
        .items,
    }
  }
