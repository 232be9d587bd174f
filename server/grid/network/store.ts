import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { type NetworkNode, nodeKind } from '../../../schemas/grid/connections.ts'
import type { NodeQuery } from '../../../schemas/grid/network.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, pageFrom } from '../../kit/index.ts'
import { requireArea } from '../areas/index.ts'
import { mayFeed } from './rules.ts'
import { node } from './tables.ts'

/** A node on the path from the GSP to a connection. */
export type PathNode = Pick<NetworkNode, 'nodeId' | 'name' | 'kind'>

export interface NewNode extends NetworkNode {
  reserved?: boolean
}

/** Creates or updates a node; its parent must already exist, at a higher level. */
export async function saveNode(tx: Queryable, given: NewNode): Promise<void> {
  await requireArea(tx, given.licenceArea)
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

/** The nodes from the GSP down to a node, itself included; empty if the node is unknown. */
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

/** Whether a node is a zone's node or is fed through it: an FU there can relieve the zone. */
export async function isBehind(db: Queryable, nodeId: string, zoneNodeId: string): Promise<boolean> {
  return (await pathOf(db, nodeId)).some((passed) => passed.nodeId === zoneNodeId)
}

/**
 * What nodes are sorted by, all in one direction, and how a row says where it stands. What is unknown comes last in either direction, so
 * that whether it is known is the first column; the identifier tells equals apart.
 */
function orderOf({ sort, direction }: Pick<NodeQuery, 'sort' | 'direction'>) {
  const way = direction === 'ascending' ? ('asc' as const) : ('desc' as const)
  if (sort === 'nodeId')
    return { way, columns: [sql`${node.nodeId}`], keyOf: (row: NodeRecord): (string | number)[] => [row.nodeId] }
  const last = way === 'asc' ? 1 : 0
  const stands = (row: NodeRecord) => (sort === 'kind' ? nodeKind.options.indexOf(row.kind) : row[sort])
  const isNumber = sort.endsWith('Kva') || sort === 'kind'
  const column =
    sort === 'kind' ? sql`array_position(array[${kindTexts}]::text[], ${node.kind}::text) - 1` : sql`${node[sort]}`
  return {
    way,
    columns: [
      sql`case when ${node[sort]} is null then ${last}::int else ${1 - last}::int end`,
      isNumber ? sql`coalesce(${column}, 0)::float8` : sql`coalesce(${column}, '') collate "C"`,
      sql`${node.nodeId}`,
    ],
    keyOf: (row: NodeRecord): (string | number)[] => {
      const value = stands(row)
      return [value === null ? last : 1 - last, value ?? (isNumber ? 0 : ''), row.nodeId]
    },
  }
}

const kindTexts = sql.join(
  nodeKind.options.map((kind) => sql`${kind}`),
  sql`, `,
)

type NodeRecord = typeof node.$inferSelect

/**
 * A page of nodes filtered by a text in identifier or name, by kind and by parent, in the order that is asked for.
 * @param below limits it to these nodes and those above them.
 */
export async function listNodes(
  db: Queryable,
  query: NodeQuery,
  below?: readonly string[],
): Promise<Page<NetworkNode>> {
  const order = orderOf(query)
  const part = query.search && `%${query.search.replace(/[\\%_]/g, '\\$&')}%`
  const rows = await db
    .select()
    .from(node)
    .where(
      and(
        afterCursor(query, order.columns, order.way),
        part ? sql`(${node.nodeId} || ' ' || ${node.name}) ilike ${part}` : undefined,
        query.kind ? eq(node.kind, query.kind) : undefined,
        query.parentId === undefined ? undefined : eq(node.parentId, query.parentId),
        below && isAbove(below),
      ),
    )
    .orderBy(...order.columns.map((column) => (order.way === 'asc' ? asc(column) : desc(column))))
    .limit(query.limit + 1)
  return pageFrom(rows, query, order.keyOf, (row) => row)
}

/** The condition that a node is one of some, or feeds one of them at any depth. */
function isAbove(nodeIds: readonly string[]): SQL {
  return sql`${node.nodeId} in (
    with recursive above as (
      select node_id, parent_id from network_node
      where node_id in (select value from json_array_elements_text(${JSON.stringify(nodeIds)}::text::json))
      union select n.node_id, n.parent_id from network_node n join above on n.node_id = above.parent_id
    ) select node_id from above)`
}

/** A node; `null` if unknown. */
export async function findNode(db: Queryable, nodeId: string): Promise<NodeRecord | null> {
  const [row] = await db.select().from(node).where(eq(node.nodeId, nodeId))
  return row ?? null
}

/** A node and everything that it feeds, at any depth. */
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
