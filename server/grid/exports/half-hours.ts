import { ZonedDateTime } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { ParquetColumn } from '../../../platform/parquet/index.ts'
import { settlementZone } from '../../../schemas/vocabulary/time.ts'
import { placeNames } from '../telemetry/index.ts'
import type { Chosen } from './chosen.ts'

export const halfHourColumns: readonly ParquetColumn[] = [
  { name: 'kind', kind: 'text' },
  { name: 'id', kind: 'text' },
  { name: 'name', kind: 'text' },
  { name: 'at', kind: 'instant' },
  { name: 'localTime', kind: 'text' },
  { name: 'meanW', kind: 'number' },
  { name: 'maxW', kind: 'number' },
  { name: 'energyWh', kind: 'number' },
  { name: 'completeness', kind: 'number' },
  { name: 'quality', kind: 'text' },
  { name: 'source', kind: 'text' },
  { name: 'direction', kind: 'text' },
]

interface Row extends Record<string, unknown> {
  id: string
  at: string
  mean_w: number
  max_w: number
  energy_wh: number
  completeness: number
  quality: string
  source: string
  direction_known: boolean
}

type Kind = 'node' | 'connection'
type Cells = readonly (string | number | null)[]

/**
 * Half-hours in batches of at most `size` rows, nodes before connections. Each batch is a statement of its own that begins after the last
 * row: no connection to the database is held while the caller is slow.
 */
export async function* halfHourBatches(db: Queryable, chosen: Chosen, size: number): AsyncGenerator<Cells[]> {
  yield* batchesOf(db, 'node', chosen.nodeIds, chosen, size)
  yield* batchesOf(db, 'connection', chosen.connectionIds, chosen, size)
}

async function* batchesOf(
  db: Queryable,
  kind: Kind,
  ids: readonly string[] | null,
  { from, to }: Chosen,
  size: number,
): AsyncGenerator<Cells[]> {
  if (ids?.length === 0) return
  const { table, key, type } = tables[kind]
  const among = ids === null ? sql`` : sql`and ${key} = any(${sql.param([...ids])}::${type}[])`
  let last: Row | undefined
  do {
    const after = last ? sql`and (${key}, at) > (${last.id}::${type}, ${last.at}::timestamptz)` : sql``
    const rows: Row[] = await db.execute<Row>(sql`
      select ${key}::text as id, at::text as at, mean_w, max_w, energy_wh, completeness, quality, source, direction_known
      from ${table} h
      where at >= ${from.toString()}::timestamptz and at < ${to.toString()}::timestamptz ${among} ${after}
      order by h.${key}, h.at limit ${size}`)
    const names = await placeNames(db, kind, [...new Set(rows.map((row) => row.id))])
    yield rows.map((row) => cellsOf(kind, names.get(row.id) ?? null, row))
    last = rows.length < size ? undefined : rows.at(-1)
  } while (last)
}

const tables = {
  node: { table: sql`node_half_hour`, key: sql`node_id`, type: sql`text` },
  connection: { table: sql`connection_half_hour`, key: sql`connection_id`, type: sql`uuid` },
}

function cellsOf(kind: Kind, name: string | null, row: Row): Cells {
  const at = toInstant(row.at)
  return [
    kind,
    row.id,
    name,
    at.toString(),
    ZonedDateTime.ofInstant(at, settlementZone).toOffsetDateTime().toString(),
    row.mean_w,
    row.max_w,
    row.energy_wh,
    row.completeness,
    row.quality,
    row.source,
    row.direction_known ? 'known' : 'unknown',
  ]
}
