import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'

/** A node or connection whose load has been measured or uploaded. */
export interface MeasuredPlace {
  kind: 'node' | 'connection'
  id: string
  licenceArea: string
  /** Whose bank holidays hold there. */
  country: Country
}

/** Places with at least one half-hour since an instant. */
export async function measuredPlaces(db: Queryable, since: Instant): Promise<MeasuredPlace[]> {
  const from = sql`${since.toString()}::timestamptz`
  return db.execute<MeasuredPlace & Record<string, unknown>>(sql`
    with nodes as materialized (select node_id from node_half_hour where at >= ${from} group by 1),
    connections as materialized (select connection_id from connection_half_hour where at >= ${from} group by 1)
    select 'node' as kind, n.node_id as id, n.licence_area as "licenceArea", a.country
    from network_node n join nodes h on h.node_id = n.node_id join licence_area a on a.code = n.licence_area
    union all
    select 'connection', c.connection_id::text, n.licence_area, a.country
    from connection c join connections h on h.connection_id = c.connection_id join network_node n on n.node_id = c.node_id
    join licence_area a on a.code = n.licence_area
    order by 1, 2`)
}

/**
 * Mean load of a place by half-hour, W by epoch ms of its start: those that are known well enough to count. `estimated` ones are left out.
 * @param leastCompleteness share of a half-hour that must have been measured.
 */
export async function measuredMeans(
  db: Queryable,
  { kind, id }: Pick<MeasuredPlace, 'kind' | 'id'>,
  from: Instant,
  to: Instant,
  leastCompleteness: number,
): Promise<Map<number, number>> {
  const within = sql`at >= ${from.toString()}::timestamptz and at < ${to.toString()}::timestamptz
    and quality in ('good', 'derived') and completeness >= ${leastCompleteness}`
  const columns = sql`extract(epoch from at)::float8 * 1000 as ms, mean_w`
  const rows = await db.execute<{ ms: number; mean_w: number }>(
    kind === 'node'
      ? sql`select ${columns} from node_half_hour where node_id = ${id} and ${within}`
      : sql`select ${columns} from connection_half_hour where connection_id = ${id}::uuid and ${within}`,
  )
  return new Map(rows.map(({ ms, mean_w }) => [ms, mean_w]))
}

/** Import of connections by minute as their monitors saw it, W, in order of time: minutes that were not seen are missing. */
export async function minuteImports(
  db: Queryable,
  connectionIds: readonly string[],
  from: Instant,
  to: Instant,
): Promise<Map<string, { atMs: number; powerW: number }[]>> {
  if (connectionIds.length === 0) return new Map()
  const rows = await db.execute<{ connection_id: string; ms: number; import_w: number }>(sql`
    select connection_id, extract(epoch from at)::float8 * 1000 as ms, import_w from connection_import
    where connection_id = any(${sql.param([...connectionIds])}::uuid[]) and at >= ${from.toString()}::timestamptz
      and at < ${to.toString()}::timestamptz and import_w is not null and quality in ('good', 'derived')
    order by at`)
  const byConnection = Map.groupBy(rows, (row) => row.connection_id)
  return new Map(
    [...byConnection].map(([id, own]) => [id, own.map(({ ms, import_w }) => ({ atMs: ms, powerW: import_w }))]),
  )
}

/** Names of nodes or connections by identifier. */
export async function placeNames(
  db: Queryable,
  kind: MeasuredPlace['kind'],
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const given = sql.param([...ids])
  const rows = await db.execute<{ id: string; name: string }>(
    kind === 'node'
      ? sql`select node_id as id, name from network_node where node_id = any(${given}::text[])`
      : sql`select connection_id::text as id, name from connection where connection_id = any(${given}::uuid[])`,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
