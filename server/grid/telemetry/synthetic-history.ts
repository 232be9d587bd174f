import { type Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { copyField, copyInto, type Queryable } from '../../../platform/db/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import type { MeasuredPlace } from './history.ts'
import { connectionHalfHours, nodeHalfHours, requirePartitions, utcDay } from './partitions.ts'

/** A made-up day: the mean load of each half-hour from its start on, W. */
export interface SyntheticDay {
  startMs: number
  meanW: readonly number[]
}

/** A node or connection to make a history up for. */
export interface UnknownPlace extends Pick<MeasuredPlace, 'kind' | 'id'> {
  nodeId: string
}

/** The nodes and connections that have no made-up history, nodes first. */
export async function placesWithoutSynthetic(db: Queryable): Promise<UnknownPlace[]> {
  return db.execute<UnknownPlace & Record<string, unknown>>(sql`
    select 'node' as kind, node_id as id, node_id as "nodeId" from network_node n
    where not exists (select from node_half_hour h where h.node_id = n.node_id and h.source = 'synthetic')
    union all
    select 'connection', connection_id::text, node_id from connection c
    where not exists (select from connection_half_hour h where h.connection_id = c.connection_id and h.source = 'synthetic')
    order by 1 desc, 2`)
}

/** Highest load of a half-hour over its mean: within half an hour, load varies little more than by a twentieth. */
const maxOverMean = 0.05

/**
 * Stores a made-up history of a place up to now, marked as synthetic, in one transaction: a place has all of it or none. What was measured or
 * uploaded stays. There is none outside a demo: the headroom of real connections must not follow from it.
 * @returns how many half-hours are new.
 */
export async function storeSyntheticHistory(
  context: ServerContext,
  place: Pick<MeasuredPlace, 'kind' | 'id'>,
  days: readonly SyntheticDay[],
): Promise<number> {
  const { db, clock, environment } = context
  if (environment !== 'demo') throw new Error('a load history is made up in a demo only')
  const at = clock.now()
  const target = place.kind === 'node' ? nodeHalfHours : connectionHalfHours
  await requirePartitions(db, target, monthsOf(days, at))
  return db.transaction(async (tx) => {
    await tx.execute(sql`create temp table given_day (start_at timestamptz, mean_w float8[]) on commit drop`)
    await copyInto(tx, 'given_day (start_at, mean_w)', linesOf(days))
    return write(tx, place, at)
  })
}

function* linesOf(days: readonly SyntheticDay[]): Generator<string> {
  for (const { startMs, meanW } of days)
    yield `${copyField(new Date(startMs).toISOString())}\t${copyField(`{${meanW.join(',')}}`)}`
}

/** A day of each month that the half-hours are in. */
function monthsOf(days: readonly SyntheticDay[], at: Instant): LocalDate[] {
  const found = new Set([utcDay(at).withDayOfMonth(1).toString()])
  for (const { startMs } of days) found.add(`${new Date(startMs).toISOString().slice(0, 7)}-01`)
  return [...found].map((day) => LocalDate.parse(day))
}

async function write(tx: Queryable, { kind, id }: Pick<MeasuredPlace, 'kind' | 'id'>, at: Instant): Promise<number> {
  const given = sql`
    select start_at + (n - 1) * interval '30 minutes', w, w + ${maxOverMean}::float8 * abs(w), w / 2, 1, 'derived'::quality,
      ${at.toString()}::timestamptz, 'synthetic'
    from given_day cross join lateral unnest(mean_w) with ordinality as x (w, n)
    where start_at + n * interval '30 minutes' <= ${at.toString()}::timestamptz`
  const columns = sql.raw('at, mean_w, max_w, energy_wh, completeness, quality, rolled_at, source')
  const stored = await tx.execute(
    kind === 'node'
      ? sql`insert into node_half_hour (node_id, ${columns})
          select ${id}::text, given.* from (${given}) given on conflict do nothing`
      : sql`insert into connection_half_hour (connection_id, ${columns})
          select ${id}::uuid, given.* from (${given}) given on conflict do nothing`,
  )
  return stored.count
}
