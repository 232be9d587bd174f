import { LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { idList, type Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { type LoadSource, loadSource } from '../../../schemas/grid/connections.ts'
import type { headroomOperations } from '../../../schemas/grid/network.ts'
import { dayEnd, dayStart, periodStarts, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { countryOf } from '../areas/index.ts'
import { findNode } from '../network/index.ts'
import { agreedOn } from './agreed.ts'
import { loadConnections } from './judge.ts'
import { historyOf, type Picture, pictureOf } from './picture.ts'
import { capacityW, headroomW, nodeLoads } from './rules.ts'
import { halfHourOf, kindOf } from './vectors.ts'

/** Load and headroom of a node on a day, half-hour by half-hour. */
export const readHeadroom: Verb<typeof headroomOperations.readHeadroom> = async ({ db, at, params, query }) => {
  const nodeId = params.id
  const picture = await pictureOf(db, nodeId, at)
  const node = picture.nodes.find((each) => each.nodeId === nodeId)
  if (!node) throw new ProblemError('not-found', `There is no node ${nodeId}.`)
  const day = query.day ? LocalDate.parse(query.day) : tradingDayOf(at)
  const place = await findNode(db, nodeId)
  const kind = kindOf(day, await countryOf(db, place?.licenceArea ?? ''))
  const { season } = kind
  const history = await historyOf(db, picture, at, kind)
  const connections = loadConnections(picture.connections, history, (terms) => agreedOn(terms, day))
  const load = nodeLoads(picture.nodes, connections, history.nodes, season).get(nodeId)
  const measured = await measuredOn(db, picture, nodeId, day)
  const capacity = capacityW(node, season)
  const roomW = load ? headroomW(node, load, season) : null
  const periods = periodStarts(day, 'PT30M').map((from) => {
    const n = halfHourOf(from)
    return {
      from: from.toString(),
      to: from.plusSeconds(1800).toString(),
      capacityW: capacity,
      measuredW: measured.get(from.toEpochMilli())?.meanW ?? null,
      backgroundW: load?.backgroundW?.[n] ?? null,
      agreedW: load?.agreedW[n] ?? 0,
      headroomW: roomW?.[n] ?? null,
    }
  })
  return {
    nodeId,
    tradingDay: day.toString(),
    background: load?.basis ?? 'unknown',
    capacity: {
      season,
      ratingKva: season === 'winter' ? node.ratingWinterKva : node.ratingSummerKva,
      firmCapacityKva: node.firmCapacityKva,
      reservedKva: node.reservedKva,
      powerFactor: node.powerFactor,
    },
    loadSources: loadSource.options.filter((one) =>
      [...measured.values()].some(({ sources }) => sources.includes(one)),
    ),
    periods,
  }
}

/** Load on record of a node by half-hour: its own, otherwise the sum of what there is below it; and where it comes from. */
async function measuredOn(
  db: Queryable,
  picture: Picture,
  nodeId: string,
  day: LocalDate,
): Promise<Map<number, { meanW: number; sources: LoadSource[] }>> {
  const connections = idList(picture.connections.map((c) => c.connectionId))
  const within = sql`at >= ${dayStart(day).toString()}::timestamptz and at < ${dayEnd(day).toString()}::timestamptz`
  const rows = await db.execute<{ ms: number; mean_w: number | null; sources: LoadSource[] }>(sql`
    with own as materialized (select at, mean_w, array[source] as sources from node_half_hour where node_id = ${nodeId} and ${within}),
    below as materialized (
      select at, sum(mean_w) as mean_w, array_agg(distinct source) as sources from connection_half_hour
      where connection_id in ${connections} and ${within}
      group by at
    )
    select (extract(epoch from at) * 1000)::float8 as ms, coalesce(own.mean_w, below.mean_w) as mean_w,
      case when own.mean_w is null then below.sources else own.sources end as sources
    from own full join below using (at)`)
  return new Map(
    rows.flatMap(({ ms, mean_w: meanW, sources }) => (meanW === null ? [] : [[ms, { meanW, sources }] as const])),
  )
}
