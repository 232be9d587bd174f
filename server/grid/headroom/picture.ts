import type { Instant } from '@js-joda/core'
import { inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { capacitySettings } from '../../../schemas/settings/network.ts'
import { figuresAt } from '../../kit/index.ts'
import { agreementsOf, type ConnectionTerms } from '../connections/index.ts'
import { connection } from '../connections/tables.ts'
import { subtreeOf } from '../network/index.ts'
import type { LoadConnection, LoadNode } from './rules.ts'
import { type DayType, type DayVector, flat, halfHours } from './vectors.ts'

/** Days of history that count (default). */
const historyDays = 28

/** A connection below a node, with the terms that determine its limit. */
export interface TermsBelow extends ConnectionTerms {
  connectionId: string
  nodeId: string
}

/** Everything from which the loads of a tree are computed. */
export interface Picture {
  nodes: LoadNode[]
  connections: TermsBelow[]
}

/** Reads a node, what it feeds, and the agreements below it. @param at of the figures of capacity. */
export async function pictureOf(db: Queryable, rootId: string, at: Instant): Promise<Picture> {
  const { powerFactor } = await figuresAt(db, capacitySettings, at)
  const nodes = (await subtreeOf(db, rootId)).map((node) => ({ ...node, powerFactor }))
  const ids = nodes.map((n) => n.nodeId)
  const below = ids.length === 0 ? [] : await db.select().from(connection).where(inArray(connection.nodeId, ids))
  const agreements = await agreementsOf(
    db,
    below.map((c) => c.connectionId),
  )
  const connections = below.map((c) => ({
    connectionId: c.connectionId,
    nodeId: c.nodeId,
    ascKva: c.ascKva,
    powerFactor: c.powerFactor,
    agreements: agreements.get(c.connectionId) ?? [],
  }))
  return { nodes, connections }
}

/** Recent measurements by half-hour of a day type, W: the highest mean of nodes, the average of connections. */
export interface History {
  nodes: Map<string, DayVector>
  connections: Map<string, DayVector>
}

/** Reads the half-hourly history of the nodes and connections of a picture. */
export async function historyOf(db: Queryable, picture: Picture, at: Instant, dayType: DayType): Promise<History> {
  const nodes = picture.nodes.map((n) => n.nodeId)
  const connections = picture.connections.map((c) => c.connectionId)
  return {
    nodes: await vectors(db, 'node_half_hour', 'node_id', 'max', nodes, at, dayType),
    connections: await vectors(db, 'connection_half_hour', 'connection_id', 'avg', connections, at, dayType),
  }
}

async function vectors(
  db: Queryable,
  table: string,
  key: string,
  pick: 'max' | 'avg',
  ids: readonly string[],
  at: Instant,
  dayType: DayType,
): Promise<Map<string, DayVector>> {
  const local = sql.raw(`(at at time zone 'Europe/London')`)
  const rows = await db.execute<{ id: string; n: number; watts: number }>(sql`
    select ${sql.raw(key)}::text as id, (extract(hour from ${local}) * 2 + floor(extract(minute from ${local}) / 30))::int as n,
      ${sql.raw(pick)}(mean_w) as watts
    from ${sql.raw(table)}
    where ${sql.raw(key)}::text in (select value from json_array_elements_text(${JSON.stringify(ids)}::text::json))
      and at >= ${at.minusSeconds(historyDays * 86_400).toString()}::timestamptz and at < ${at.toString()}::timestamptz
      and (extract(isodow from ${local}) >= 6) = ${dayType === 'weekend'}
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

/**
 * The connections of a picture as their nodes see them. @param applicant the connection whose agreement a new one replaces: its agreed
 * limit counts as 0 here, but its measured import still does not count as background.
 */
export function loadConnections(
  picture: Picture,
  history: History,
  agreed: (terms: TermsBelow) => DayVector,
  applicant: string | null,
): LoadConnection[] {
  return picture.connections.map((c) => ({
    connectionId: c.connectionId,
    nodeId: c.nodeId,
    agreedW: c.connectionId === applicant ? flat(0) : agreed(c),
    measuredW: history.connections.get(c.connectionId) ?? null,
  }))
}
