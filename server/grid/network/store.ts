import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { NetworkNode } from '../../../schemas/grid.ts'
import { mayFeed } from './rules.ts'
import { node } from './tables.ts'

/** A node on the way from the GSP to a connection. */
export type PathNode = Pick<NetworkNode, 'nodeId' | 'name' | 'kind'>

export interface NewNode extends NetworkNode {
  reserved?: boolean
}

/** Makes a node, or brings it up to date; its parent has to be there already, at a higher level. */
export async function saveNode(tx: Queryable, given: NewNode): Promise<void> {
  if (given.parentId !== null) await requireParent(tx, given, given.parentId)
  const { nodeId, ...rest } = given
  await tx
    .insert(node)
    .values({ nodeId, ...rest })
    .onConflictDoUpdate({ target: node.nodeId, set: rest })
}

async function requireParent(tx: Queryable, child: NewNode, parentId: string): Promise<void> {
  const [parent] = await tx.select({ kind: node.kind }).from(node).where(eq(node.nodeId, parentId))
  const of = `${child.kind} ${child.nodeId}`
  if (!parent) throw refusal(`The parent ${parentId} of ${of} does not exist.`)
  if (!mayFeed(parent.kind, child.kind)) throw refusal(`The ${parent.kind} ${parentId} cannot feed the ${of}.`)
}

function refusal(message: string): ProblemError {
  return new ProblemError('contract-broken', message, { errors: [{ field: 'parentId', message }] })
}

/** The nodes from the GSP down to a node, itself included; empty when there is no such node. */
export async function pathOf(db: Queryable, nodeId: string): Promise<PathNode[]> {
  const rows = await db.execute(sql`
    with recursive path as (
      select node_id, name, kind, parent_id, 0 as height from network_node where node_id = ${nodeId}
      union all
      select n.node_id, n.name, n.kind, n.parent_id, path.height + 1
      from network_node n join path on n.node_id = path.parent_id
    )
    select node_id as "nodeId", name, kind from path order by height desc`)
  return rows as unknown as PathNode[]
}

/** Whether a node is fed through a zone's node, or is it: an FU there can relieve the zone. */
export async function isBehind(db: Queryable, nodeId: string, zoneNodeId: string): Promise<boolean> {
  return (await pathOf(db, nodeId)).some((passed) => passed.nodeId === zoneNodeId)
}

/** Nodes by identifier, a page at a time. */
export async function listNodes(
  db: Queryable,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: NetworkNode[]; nextCursor: string | null }> {
  const rows = await db
    .select()
    .from(node)
    .where(page.cursor === undefined ? undefined : sql`${node.nodeId} > ${page.cursor}`)
    .orderBy(node.nodeId)
    .limit(page.limit + 1)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return {
    items: items.map(({ reserved: _, ...wire }) => wire),
    nextCursor: rows.length > items.length && last ? last.nodeId : null,
  }
}
