import type { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import { capacitySettings, headroomSettings } from '../../../schemas/settings/network.ts'
import type { ValuesOf } from '../../../schemas/vocabulary/setting.ts'
import { dayStart } from '../../../schemas/vocabulary/time.ts'
import { figuresAt } from '../../kit/index.ts'
import { agreementsOf } from '../connections/index.ts'
import { connection } from '../connections/tables.ts'
import { subtreeOf } from '../network/index.ts'
import type { History, TermsBelow } from './judge.ts'
import type { LoadNode } from './rules.ts'
import { type DayKind, type DayVector, halfHours, historyDays } from './vectors.ts'

/** Everything from which the loads of a tree are computed. */
export interface Picture {
  nodes: (LoadNode & Pick<NetworkNode, 'licenceArea' | 'easting' | 'northing'>)[]
  connections: TermsBelow[]
  /** Days back that history counts (`network.headroom`). */
  historyDays: number
}

/** Reads a node, what it feeds, and the agreements below it. @param at of the figures of capacity and headroom. */
export async function pictureOf(db: Queryable, rootId: string, at: Instant): Promise<Picture> {
  const { powerFactor } = await figuresAt(db, capacitySettings, at)
  const figures = await figuresAt(db, headroomSettings, at)
  const diversity = diversityOf(figures)
  const nodes = (await subtreeOf(db, rootId)).map((node) => ({ ...node, powerFactor, diversity: diversity[node.kind] }))
  const ids = nodes.map((n) => n.nodeId)
  // As one value: a statement takes at most 65,534 of them, and a tree may have more nodes.
  const isBelow = sql`${connection.nodeId} in (select value from json_array_elements_text(${JSON.stringify(ids)}::text::json))`
  const below = await db.select().from(connection).where(isBelow)
  const agreements = await agreementsOf(
    db,
    below.map((c) => c.connectionId),
  )
  const connections = below.map((c) => ({
    connectionId: c.connectionId,
    nodeId: c.nodeId,
    customer: c.customer,
    ascKva: c.ascKva,
    powerFactor: c.powerFactor,
    agreements: agreements.get(c.connectionId) ?? [],
  }))
  return { nodes, connections, historyDays: figures.historyDays }
}

function diversityOf(figures: ValuesOf<typeof headroomSettings>): Record<NetworkNode['kind'], number> {
  return {
    gsp: figures.diversityGsp,
    bsp: figures.diversityBsp,
    primary: figures.diversityPrimary,
    secondary: figures.diversitySecondary,
    feeder: figures.diversityFeeder,
  }
}

/** Reads the half-hourly history of the nodes and connections of a picture that counts for days of a kind. */
export async function historyOf(db: Queryable, picture: Picture, at: Instant, kind: DayKind): Promise<History> {
  const nodes = picture.nodes.map((n) => n.nodeId)
  const connections = picture.connections.map((c) => c.connectionId)
  const days = historyDays(at, kind, picture.historyDays)
  return {
    nodes: await vectors(db, 'node_half_hour', 'node_id', 'max', nodes, at, days),
    connections: await vectors(db, 'connection_half_hour', 'connection_id', 'avg', connections, at, days),
  }
}

async function vectors(
  db: Queryable,
  table: string,
  key: string,
  pick: 'max' | 'avg',
  ids: readonly string[],
  at: Instant,
  days: readonly LocalDate[],
): Promise<Map<string, DayVector>> {
  const earliest = days.at(-1)
  if (!earliest) return new Map()
  const local = sql.raw(`(at at time zone 'Europe/London')`)
  const rows = await db.execute<{ id: string; n: number; watts: number }>(sql`
    select ${sql.raw(key)}::text as id, (extract(hour from ${local}) * 2 + floor(extract(minute from ${local}) / 30))::int as n,
      ${sql.raw(pick)}(mean_w) as watts
    from ${sql.raw(table)}
    where ${sql.raw(key)}::text in (select value from json_array_elements_text(${JSON.stringify(ids)}::text::json))
      and at >= ${dayStart(earliest).toString()}::timestamptz and at < ${at.toString()}::timestamptz
      and ${local}::date in (select value::date from json_array_elements_text(${JSON.stringify(days.map(String))}::text::json))
    group by 1, 2`)
  const found = new Map<string, (number | undefined)[]>()
  for (const { id, n, watts } of rows) {
    const vector = found.get(id) ?? Array<number | undefined>(halfHours).fill(undefined)
    found.set(id, vector)
    vector[n] = watts
  }
  // A half-hour without measurements gets a safe value: a node its highest, a connection 0 because it is subtracted.
  const missing = (v: readonly (number | undefined)[]) => (pick === 'max' ? Math.max(...v.map((w) => w ?? 0)) : 0)
  return new Map([...found].map(([id, v]) => [id, v.map((w) => w ?? missing(v))]))
}
