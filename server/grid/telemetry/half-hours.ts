import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { HalfHour } from '../../../schemas/grid/connections.ts'
import type { Quality } from '../../../schemas/grid/measurements.ts'

interface Row extends Record<string, unknown> {
  at: string
  mean_w: number
  max_w: number
  energy_wh: number
  completeness: number
  quality: Quality
  source: NonNullable<HalfHour['source']>
  direction_known: boolean
}

/**
 * The half-hours of a connection or node that begin within a span of at most two years; half-hours without measurements are missing, not
 * 0.
 */
export async function halfHoursOf(
  db: Queryable,
  of: { connectionId: string } | { nodeId: string },
  span: Span,
): Promise<HalfHour[]> {
  const { from, to } = boundsOf(span)
  const within = sql`at >= ${from.toString()}::timestamptz and at < ${to.toString()}::timestamptz order by at`
  const rows =
    'connectionId' in of
      ? await db.execute<Row>(
          sql`select * from connection_half_hour where connection_id = ${of.connectionId}::uuid and ${within}`,
        )
      : await db.execute<Row>(sql`select * from node_half_hour where node_id = ${of.nodeId} and ${within}`)
  return rows.map((row) => ({
    at: toInstant(row.at).toString(),
    meanW: row.mean_w,
    maxW: row.max_w,
    energyWh: row.energy_wh,
    completeness: row.completeness,
    quality: row.quality,
    source: row.source,
    direction: row.direction_known ? 'known' : 'unknown',
  }))
}

/**
 * Energy of connections by half-hour, Wh by epoch ms of its start: those that are measured well enough to count. Made-up ones never
 * do: dispatch and settlement follow from these.
 * @param minCompleteness share of a half-hour that must have been measured.
 */
export async function siteHalfHours(
  db: Queryable,
  connectionIds: readonly string[],
  from: Instant,
  to: Instant,
  minCompleteness = 0.9,
): Promise<Map<string, Map<number, number>>> {
  const found = new Map<string, Map<number, number>>()
  if (connectionIds.length === 0) return found
  const ids = sql.param([...connectionIds])
  const rows = await db.execute<{ connection_id: string; ms: number; energy_wh: number }>(sql`
    select connection_id, extract(epoch from at)::float8 * 1000 as ms, round(energy_wh::numeric, 3)::float8 as energy_wh
    from connection_half_hour
    where connection_id = any(${ids}::uuid[]) and at >= ${from.toString()}::timestamptz and at < ${to.toString()}::timestamptz
      and direction_known and quality in ('good', 'derived') and completeness >= ${minCompleteness} and source = 'measured'`)
  for (const { connection_id, ms, energy_wh } of rows) {
    const own = found.get(connection_id) ?? new Map<number, number>()
    found.set(connection_id, own.set(ms, energy_wh))
  }
  return found
}

/** From one instant to another, ISO 8601. */
interface Span {
  from: string
  to: string
}

/** The longest span of one response: two years of half-hours. */
const longestSpanDays = 732

/** A span as instants; throws `contract-broken` if it is empty or too long. */
export function boundsOf({ from, to }: Span, longestDays = longestSpanDays): { from: Instant; to: Instant } {
  const [start, end] = [Instant.ofEpochMilli(Date.parse(from)), Instant.ofEpochMilli(Date.parse(to))]
  const days = (end.toEpochMilli() - start.toEpochMilli()) / 86_400_000
  if (days > 0 && days <= longestDays) return { from: start, to: end }
  const message = `must be later than from, by no more than ${longestDays} days`
  throw new ProblemError('contract-broken', `to: ${message}.`, { errors: [{ field: 'to', message }] })
}
