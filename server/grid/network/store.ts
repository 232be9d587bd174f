import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { NetworkNode } from '../../../schemas/grid/connections.ts'
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

type NodeRecord = typeof node.$inferSelect

/** Nodes whose identifier or name contains a text, of a kind, below a parent: by identifier, a page at a time. */
export async function listNodes(
  db: Queryable,
  page: {
    search?: string | undefined
    kind?: NetworkNode['kind'] | undefined
    parentId?: string | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<{ items: NetworkNode[]; nextCursor: string | null }> {
  const part = page.search && `%${page.search.replace(/[\\%_]/g, '\\$&')}%`
  const rows = await db
    .select()
    .from(node)
    .where(
      and(
        page.cursor === undefined ? undefined : sql`${node.nodeId} > ${page.cursor}`,
        part ? sql`(${node.nodeId} || ' ' || ${node.name}) ilike ${part}` : undefined,
        page.kind ? eq(node.kind, page.kind) : undefined,
        page.parentId === undefined ? undefined : eq(node.parentId, page.parentId),
      ),
    )
    .orderBy(node.nodeId)
    .limit(page.limit + 1)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > items.length && last ? last.nodeId : null }
}

/** A node; `null` when there is none. */
export async function findNode(db: Queryable, nodeId: string): Promise<NodeRecord | null> {
  const [row] = await db.select().from(node).where(eq(node.nodeId, nodeId))
  return row ?? null
}

/** A node and all that it feeds, however far below. */
export async function subtreeOf(db: Queryable, nodeId: string): Promise<NodeRecord[]> {
  return db
    .select()
    .from(node)
    .where(
      sql`${node.nodeId} in (
        with recursive below as (
          select node_id from network_node where node_id = ${nodeId}
          union all select n.node_id from network_node n join below on n.parent_id = below.node_id
        ) select node_id from below)`,
    )
    .orderBy(node.nodeId)
}

/** Every node, for the export. */
export async function allNodes(db: Queryable): Promise<NodeRecord[]> {
  return db.select().from(node).orderBy(node.nodeId)
}
