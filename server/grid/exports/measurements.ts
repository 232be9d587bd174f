import { sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { ParquetColumn } from '../../../platform/parquet/index.ts'
import { type Quantity, unitOf } from '../../../schemas/grid/measurements.ts'
import type { Chosen } from './chosen.ts'

export const measurementColumns: readonly ParquetColumn[] = [
  { name: 'hubId', kind: 'text' },
  { name: 'hubName', kind: 'text' },
  { name: 'feeder', kind: 'integer' },
  { name: 'phase', kind: 'text' },
  { name: 'quantity', kind: 'text' },
  { name: 'value', kind: 'number' },
  { name: 'unit', kind: 'text' },
  { name: 'quality', kind: 'text' },
  { name: 'deviceTime', kind: 'instant' },
  { name: 'receivedTime', kind: 'instant' },
  { name: 'sequence', kind: 'integer' },
]

interface Row extends Record<string, unknown> {
  feeder: number
  phase: string
  quantity: Quantity
  value: number | null
  quality: string
  device_time: string | null
  received_time: string
  sequence: string
  place: string
}

interface Hub extends Record<string, unknown> {
  hub_id: string
  name: string
}

type Cells = readonly (string | number | null)[]

/** Measurements received within a span in batches of at most `size` rows, hub by hub, as `halfHourBatches` reads half-hours. */
export async function* measurementBatches(db: Queryable, chosen: Chosen, size: number): AsyncGenerator<Cells[]> {
  const among = chosen.hubIds === null ? sql`true` : sql`hub_id = any(${sql.param(chosen.hubIds)}::uuid[])`
  const hubs = await db.execute<Hub>(sql`select hub_id, name from hub where ${among} order by hub_id`)
  for (const hub of hubs) yield* batchesOf(db, hub, chosen, size)
}

/**
 * A batch may hold any number of readings with the same time of receipt: what is unique among them is the place of the row (`ctid`),
 * which stays, because a measurement never changes. The time decides the partition. (`order by` would take the text of that name.)
 */
async function* batchesOf(db: Queryable, hub: Hub, { from, to }: Chosen, size: number): AsyncGenerator<Cells[]> {
  let last: Row | undefined
  do {
    const after = last
      ? sql`received_time >= ${last.received_time}::timestamptz
          and (received_time, ctid) > (${last.received_time}::timestamptz, ${last.place}::tid)`
      : sql`received_time >= ${from.toString()}::timestamptz`
    const rows: Row[] = await db.execute<Row>(sql`
      select feeder, phase, quantity, value, quality, device_time::text as device_time, received_time::text as received_time,
        sequence, ctid::text as place
      from measurement m
      where hub_id = ${hub.hub_id}::uuid and ${after} and received_time < ${to.toString()}::timestamptz
      order by m.received_time, m.ctid limit ${size}`)
    yield rows.map((row) => cellsOf(hub, row))
    last = rows.length < size ? undefined : rows.at(-1)
  } while (last)
}

function cellsOf(hub: Hub, row: Row): Cells {
  return [
    hub.hub_id,
    hub.name,
    row.feeder,
    row.phase,
    row.quantity,
    row.value,
    unitOf[row.quantity],
    row.quality,
    row.device_time === null ? null : toInstant(row.device_time).toString(),
    toInstant(row.received_time).toString(),
    Number(row.sequence),
  ]
}
