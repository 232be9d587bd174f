import type { Instant } from '@js-joda/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { idList, toInstant } from '../../../platform/db/index.ts'
import type { ComplianceState, ConnectionSummary } from '../../../schemas/grid/connections.ts'
import type { Quality } from '../../../schemas/grid/measurements.ts'
import {
  agreementsOf,
  exportLimitInForce,
  imposedAt,
  type LimitInForce,
  limitInForce,
  localMoment,
  mpansOf,
} from '../connections/index.ts'
import { wholeState } from './history.ts'

/** States, the most urgent first. */
const urgency: readonly ComplianceState[] = ['breach', 'at-risk', 'unknown', 'compliant']

/** A standing that is older than this says nothing about the present. */
const standingHoldsMs = 3 * 60_000

interface Row extends Record<string, unknown> {
  connection_id: string
  name: string
  licence_area: ConnectionSummary['licenceArea']
  node_id: string
  node_name: string
  asc_kva: number
  export_kva: number | null
  power_factor: number
  state: ComplianceState | null
  export_state: ComplianceState | null
  state_since: string | null
  evaluated_at: string | null
  import_w: number | null
  ev_w: number | null
  direction_known: boolean | null
  last_import_w: number | null
  last_import_at: string | null
  last_quality: Quality | null
  turn_down_w: number | null
  hub_id: string | null
  link: ConnectionSummary['hubLink']
  open_alarms: number
}

/** Every connection as the overview lists it, the most urgent first. */
export async function overviewSites(db: Queryable, at: Instant): Promise<ConnectionSummary[]> {
  const sites = await summaries(db, at, sql`true`)
  const rank = (site: ConnectionSummary) => urgency.indexOf(site.state) * 2 + (site.openAlarms > 0 ? 0 : 1)
  return sites.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'))
}

/** Some connections, by name. */
export function summariesOf(
  db: Queryable,
  at: Instant,
  connectionIds: readonly string[],
): Promise<ConnectionSummary[]> {
  return summaries(db, at, sql`c.connection_id in ${idList(connectionIds)}`)
}

/** Connections that match a condition on `c` (the connection), as lists show them, by name. */
export async function summaries(
  db: Queryable,
  at: Instant,
  condition: SQL,
  limit?: number,
): Promise<ConnectionSummary[]> {
  const rows = await readRows(db, at, condition, limit)
  const ids = rows.map((row) => row.connection_id)
  if (ids.length === 0) return []
  const [mpans, agreements] = [await mpansOf(db, ids), await agreementsOf(db, ids)]
  const imposed = await imposedAt(db, at, ids)
  const moment = localMoment(at)
  return rows.map((row) => {
    const terms = { ascKva: row.asc_kva, powerFactor: row.power_factor }
    const restW = row.import_w === null || row.ev_w === null ? null : row.import_w - row.ev_w
    const own = { ...terms, agreements: agreements.get(row.connection_id) ?? [] }
    const inForce = limitInForce(own, moment, imposed.get(row.connection_id), restW)
    return summaryOf(row, at, mpans.get(row.connection_id) ?? [], inForce)
  })
}

function readRows(db: Queryable, at: Instant, condition: SQL, limit: number | undefined) {
  return db.execute<Row>(sql`
    select c.*, n.name as node_name, ${wholeState} as state, e.state as export_state,
      least(case when s.state = ${wholeState} then s.state_since end, case when e.state = ${wholeState} then e.state_since end) as state_since, s.evaluated_at, s.import_w, s.ev_w, s.direction_known, s.last_import_w, s.last_import_at,
      s.last_quality, d.turn_down_w, h.hub_id, h.link,
      (select count(*)::int from alarm a where a.state <> 'closed' and a.shelved_until is null and a.cause_id is null and (
        (a.source_type = 'connection' and a.source_id = c.connection_id::text)
        or (a.source_type = 'hub' and a.source_id = h.hub_id::text))) as open_alarms
    from connection c
    join network_node n on n.node_id = c.node_id
    left join compliance_status s on s.connection_id = c.connection_id
    left join export_status e on e.connection_id = c.connection_id and c.export_kva is not null
    left join lateral (
      select h.hub_id, h.link from (
        select f.hub_id, not f.counts as is_beside from hub_feeder f where f.connection_id = c.connection_id
        union all select b.hub_id, true from hub b where b.connection_id = c.connection_id) m
      join hub h on h.hub_id = m.hub_id order by m.is_beside, h.hub_id limit 1) h on true
    left join lateral (
      select sum(turn_down_w) as turn_down_w from (
        select distinct on (fu_id) turn_down_w from implied_limit
        where connection_id = c.connection_id and from_at <= ${at.toString()}::timestamptz and to_at > ${at.toString()}::timestamptz
        order by fu_id, from_at desc) fu) d on true
    where ${condition}
    order by c.name, c.connection_id ${limit === undefined ? sql`` : sql`limit ${limit}`}`)
}

function summaryOf(row: Row, at: Instant, mpans: string[], limit: LimitInForce): ConnectionSummary {
  const evaluated = row.evaluated_at === null ? null : toInstant(row.evaluated_at)
  const exportLimit = exportLimitInForce({ exportKva: row.export_kva, powerFactor: row.power_factor })
  const holds = evaluated !== null && at.toEpochMilli() - evaluated.toEpochMilli() <= standingHoldsMs
  return {
    connectionId: row.connection_id,
    name: row.name,
    mpans,
    licenceArea: row.licence_area,
    nodeId: row.node_id,
    nodeName: row.node_name,
    ascKva: row.asc_kva,
    exportKva: row.export_kva,
    import: importOf(row, holds),
    limitW: limit.limitW,
    limitSource: limit.source,
    limitsApplying: [...limit.applying],
    exportLimitW: exportLimit?.limitW ?? null,
    exportState: exportLimit && ((holds && row.export_state) || 'unknown'),
    state: holds ? (row.state ?? 'unknown') : 'unknown',
    stateSince: row.state_since && holds ? toInstant(row.state_since).toString() : (evaluated?.toString() ?? null),
    turnDownW: row.turn_down_w,
    hubId: row.hub_id,
    hubLink: row.link,
    openAlarms: row.open_alarms,
  }
}

/** FM28: a value that no longer holds is shown as stale, with its time. */
function importOf(row: Row, holds: boolean): ConnectionSummary['import'] {
  if (row.last_import_w === null || row.last_import_at === null || row.last_quality === null) return null
  return {
    importW: row.last_import_w,
    at: toInstant(row.last_import_at).toString(),
    quality: row.last_quality,
    stale: row.import_w === null || !holds,
    direction: row.direction_known === false ? 'unknown' : 'known',
  }
}
