import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { NetworkLayout } from '../../../schemas/grid/layouts.ts'
import type { ImportChange } from '../../../schemas/vocabulary/file-import.ts'
import { type Comparison, mostNamed } from '../../kit/index.ts'
import type { LinedNode } from './import-rules.ts'
import { type NodeField, nodeFields } from './known-layouts.ts'
import { node } from './tables.ts'

const columns = nodeFields.map((field) => node[field].name)

/** The maximum that a field describes. */
const demandOf: Partial<Record<NodeField, NodeField>> = {
  maxDemandWinterOn: 'maxDemandWinterKva',
  maxDemandWinterMethod: 'maxDemandWinterKva',
  maxDemandWinterConfidence: 'maxDemandWinterKva',
  maxDemandSummerOn: 'maxDemandSummerKva',
  maxDemandSummerMethod: 'maxDemandSummerKva',
  maxDemandSummerConfidence: 'maxDemandSummerKva',
}

/** What a column that is never null holds where nobody states it. */
const defaults: Partial<Record<NodeField, string>> = {
  reserved: 'false',
  maxDemandWinterMethod: `'unknown'`,
  maxDemandWinterConfidence: `'unknown'`,
  maxDemandSummerMethod: `'unknown'`,
  maxDemandSummerConfidence: `'unknown'`,
}

/**
 * Makes `merged_node` of the staged rows of a file: each node as it will be. What the file has no column for stays as it is; an empty cell
 * clears a value or keeps it, as the layout has it.
 */
export async function createMergedNodes(
  tx: Queryable,
  stated: readonly NodeField[],
  emptyCells: NetworkLayout['emptyCells'],
): Promise<void> {
  const valueFor = (field: NodeField): SQL => {
    const [given, now] = [sql.raw(`g.${node[field].name}`), sql.raw(`n.${node[field].name}`)]
    const demand = demandOf[field]
    if (demand) return qualityFor(field, valueFor(demand), sql.raw(`n.${node[demand].name}`))
    if (!stated.includes(field)) return now
    return emptyCells === 'keep' ? sql`coalesce(${given}, ${now})` : given
  }
  /** What the file states; otherwise what is stored, as long as the maximum is the same: another one is undated and of unknown kind. */
  const qualityFor = (field: NodeField, demand: SQL, demandNow: SQL): SQL => {
    const [given, now] = [sql.raw(`g.${node[field].name}`), sql.raw(`n.${node[field].name}`)]
    const clears = stated.includes(field) && emptyCells === 'clear'
    return clears
      ? sql`${given}`
      : sql`coalesce(${given}, case when (${demand}) is not distinct from ${demandNow} then ${now} end)`
  }
  const values = nodeFields.map((field) => {
    const otherwise = defaults[field]
    const value = otherwise ? sql`coalesce(${valueFor(field)}, ${sql.raw(otherwise)})` : valueFor(field)
    return sql`${value} as ${sql.raw(node[field].name)}`
  })
  await tx.execute(sql`
    create temp table merged_node on commit drop as
    select g.line, g.node_id, n.node_id is null as is_new, ${sql.join(values, sql`, `)}
    from given_node g left join network_node n on n.node_id = g.node_id`)
}

/** The tree of the nodes as they will be. */
export async function mergedTree(tx: Queryable): Promise<LinedNode[]> {
  const rows = await tx.execute<{ line: number; node_id: string; kind: string; parent_id: string | null }>(
    sql`select line, node_id, kind, parent_id from merged_node order by line`,
  )
  return rows.map(({ line, node_id: nodeId, kind, parent_id: parentId }) => ({
    line,
    node: { nodeId, kind: kind as LinedNode['node']['kind'], parentId },
  }))
}

/** What would change: how many nodes, and the fields of those that are there, the first of them by name. */
export async function compareNodes(tx: Queryable, stated: readonly NodeField[]): Promise<Comparison> {
  // With a maximum its date and kind may go, though the file has no column for them.
  const compared = nodeFields.filter((field) => stated.includes(field) || stated.includes(demandOf[field] ?? field))
  const values = compared.map((field) => {
    const column = node[field].name
    return sql`(${field}::text, ${sql.raw(`n.${column}`)}::text, ${sql.raw(`m.${column}`)}::text)`
  })
  const [found] = await tx.execute<{
    created: number
    changed: number
    count: number
    named: ImportChange[] | null
  }>(sql`
    with differing as (
      select m.line, m.node_id as subject, v.field, v.now, coalesce(v.given, '') as given
      from merged_node m join network_node n on n.node_id = m.node_id
      cross join lateral (values ${sql.join(values, sql`, `)}) v(field, now, given)
      where v.now is distinct from v.given
    )
    select (select count(*)::int from merged_node where is_new) as created,
      (select count(distinct subject)::int from differing) as changed,
      (select count(*)::int from differing) as count,
      (select json_agg(first) from (select * from differing order by line, field limit ${mostNamed}) first) as named`)
  return {
    created: found?.created ?? 0,
    changed: found?.changed ?? 0,
    changes: found?.named ?? [],
    changeCount: found?.count ?? 0,
  }
}

/** Stores the nodes as they will be. */
export async function storeNodes(tx: Queryable): Promise<void> {
  const list = sql.raw(columns.join(', '))
  const set = sql.raw(columns.map((column) => `${column} = excluded.${column}`).join(', '))
  await tx.execute(sql`
    insert into network_node (node_id, ${list}) select node_id, ${list} from merged_node
    on conflict (node_id) do update set ${set}`)
}
