import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { degreesOf } from '../../../platform/geography/index.ts'
import type { AlarmPriority } from '../../../schemas/grid/alarms.ts'
import type { MapNode } from '../../../schemas/grid/network-map.ts'
import { headroomsToday } from '../headroom/index.ts'
import { headroomStateOf } from './rules.ts'

/** What a layer has: its nodes, and how much of it belongs to no node. */
export interface LayerNodes {
  nodes: MapNode[]
  withoutNode: number
}

/** A tender that is not over, where it asks for flexibility. */
export interface TenderAt {
  nodeId: string
  tenderId: string
  title: string
  state: Extract<MapNode, { layer: 'tenders' }>['state']
}

/** The tenders that are not over, those that need something first. */
export type TendersAt = (db: Queryable, at: Instant) => Promise<TenderAt[]>

interface NodeColumns extends Record<string, unknown> {
  nodeId: string
  name: string
  kind: MapNode['kind']
  licenceArea: string
  easting: number | null
  northing: number | null
}

const columns = sql.raw(`n.node_id as "nodeId", n.name, n.kind, n.licence_area as "licenceArea", n.easting, n.northing`)

function placed({ nodeId, name, kind, licenceArea, easting, northing }: NodeColumns) {
  return { nodeId, name, kind, licenceArea, place: degreesOf(easting, northing) }
}

/** Every node with its headroom of today. */
export async function headroomNodes(db: Queryable, at: Instant): Promise<MapNode[]> {
  const found: MapNode[] = []
  for await (const each of headroomsToday(db, at)) {
    const { nodeId, name, kind, licenceArea, leastHeadroomW, capacityW } = each
    found.push({
      layer: 'headroom',
      nodeId,
      name,
      kind,
      licenceArea,
      place: degreesOf(each.eastingM, each.northingM),
      state: headroomStateOf(leastHeadroomW, capacityW),
      leastHeadroomW,
      capacityW,
    })
  }
  return found
}

/** Nodes with the hubs that monitor them or a connection there. */
export async function hubNodes(db: Queryable): Promise<LayerNodes> {
  const rows = await db.execute<NodeColumns & { hubs: number; silent: number; neverSeen: number }>(sql`
    select ${columns}, count(*)::int as hubs, count(h.failed_since)::int as silent,
      (count(*) filter (where h.failed_since is null and h.link = 'never-seen'))::int as "neverSeen"
    from hub h left join connection c on c.connection_id = h.connection_id
      join network_node n on n.node_id = coalesce(h.node_id, c.node_id)
    group by n.node_id`)
  const nodes = rows.map(({ hubs, silent, neverSeen, ...node }) => ({
    layer: 'hubs' as const,
    ...placed(node),
    state: silent > 0 ? ('silent' as const) : neverSeen > 0 ? ('never-seen' as const) : ('answering' as const),
    hubs,
    silent,
    neverSeen,
  }))
  const [all] = await db.execute<{ hubs: number }>(sql`select count(*)::int as hubs from hub`)
  return { nodes, withoutNode: (all?.hubs ?? 0) - nodes.reduce((sum, { hubs }) => sum + hubs, 0) }
}

/** Nodes with the open alarms of what is at them: connections, hubs and FUs. Those of FSPs, gateways and feeds are at no node. */
export async function alarmNodes(db: Queryable): Promise<LayerNodes> {
  // FUs are the market's: which node one is at stands in its table.
  const rows = await db.execute<Partial<NodeColumns> & { priorities: AlarmPriority[] }>(sql`
    with shown as materialized (
      select priority, source_type, source_id from alarm
      where state <> 'closed' and shelved_until is null and cause_id is null and out_since is null
    ), at_node as (
      select s.priority, coalesce(c.node_id, h.node_id, hc.node_id, u.node_id) as node_id from shown s
        left join connection c on s.source_type = 'connection' and c.connection_id::text = s.source_id
        left join hub h on s.source_type = 'hub' and h.hub_id::text = s.source_id
        left join connection hc on hc.connection_id = h.connection_id
        left join flexible_unit u on s.source_type = 'fu' and u.fu_id::text = s.source_id
    )
    select ${columns}, array_agg(a.priority) as priorities
    from at_node a left join network_node n on n.node_id = a.node_id group by n.node_id`)
  const order: readonly AlarmPriority[] = ['critical', 'high', 'medium', 'low']
  const isAtNode = (row: (typeof rows)[number]): row is NodeColumns & { priorities: AlarmPriority[] } =>
    typeof row.nodeId === 'string'
  const nodes = rows.filter(isAtNode).map(({ priorities, ...node }) => ({
    layer: 'alarms' as const,
    ...placed(node),
    state: order.find((each) => priorities.includes(each)) ?? 'low',
    alarms: priorities.length,
  }))
  const elsewhere = rows.filter((row) => !isAtNode(row)).reduce((sum, { priorities }) => sum + priorities.length, 0)
  return { nodes, withoutNode: elsewhere }
}

/** Nodes that are the zone of a tender which is not over. */
export async function tenderNodes(db: Queryable, tenders: readonly TenderAt[]): Promise<LayerNodes> {
  const byNode = Map.groupBy(tenders, ({ nodeId }) => nodeId)
  const ids = JSON.stringify([...byNode.keys()])
  const rows = await db.execute<NodeColumns>(sql`
    select ${columns} from network_node n
    where n.node_id in (select value from json_array_elements_text(${ids}::text::json))`)
  const nodes = rows.flatMap((row) => {
    const own = byNode.get(row.nodeId) ?? []
    const [first] = own
    if (!first) return []
    const { tenderId, title, state } = first
    return [{ layer: 'tenders' as const, ...placed(row), state, tenders: own.length, first: { tenderId, title } }]
  })
  return { nodes, withoutNode: tenders.length - nodes.reduce((sum, each) => sum + each.tenders, 0) }
}
