import type { Instant, LocalDate } from '@js-joda/core'
import { isNull } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import { periodStarts, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { countryOf } from '../areas/index.ts'
import { node } from '../network/tables.ts'
import { agreedOn } from './agreed.ts'
import { loadConnections } from './judge.ts'
import { historyOf, type Picture, pictureOf } from './picture.ts'
import { capacityW, headroomW, type LoadConnection, type LoadNode, nodeLoads } from './rules.ts'
import { type DayKind, type DayVector, halfHourOf, kindOf, type RatingSeason } from './vectors.ts'

/** The kinds of day whose headroom differs, in the order in which it is given. */
const typicalKinds = [
  { season: 'winter', dayType: 'weekday' },
  { season: 'winter', dayType: 'weekend' },
  { season: 'summer', dayType: 'weekday' },
  { season: 'summer', dayType: 'weekend' },
] as const satisfies readonly DayKind[]

/** A node with what it can still take on a typical day of each kind. */
export interface TypicalHeadroom {
  nodeId: string
  name: string
  kind: NetworkNode['kind']
  parentId: string | null
  licenceArea: string
  eastingM: number | null
  northingM: number | null
  reserved: boolean
  /** The lesser of the seasons, W; `null` if either is unknown. */
  capacityW: number | null
  /** By `typicalKinds`, W by half-hour of the wall clock; `null` where capacity or load is unknown. */
  headroomW: (DayVector | null)[]
}

/** The headroom of every node of a tree on days of a season, by the rule that judges applications. */
export function headroomsOf(
  nodes: readonly LoadNode[],
  connections: readonly LoadConnection[],
  history: ReadonlyMap<string, DayVector>,
  season: RatingSeason,
): Map<string, DayVector | null> {
  const loads = nodeLoads(nodes, connections, history, season)
  return new Map(
    nodes.map((each) => {
      const load = loads.get(each.nodeId)
      return [each.nodeId, load ? headroomW(each, load, season) : null]
    }),
  )
}

/**
 * The headroom of every node for what the years bring: capacity, history and recorded maxima as they are, agreements as they stand on the next
 * day of each kind. One tree after the other is read.
 */
export async function* typicalHeadrooms(db: Queryable, at: Instant): AsyncGenerator<TypicalHeadroom> {
  for (const { nodeId, licenceArea } of await topsOf(db)) {
    const picture = await pictureOf(db, nodeId, at)
    const country = await countryOf(db, licenceArea)
    const rooms: Map<string, DayVector | null>[] = []
    for (const kind of typicalKinds) rooms.push(await roomsOn(db, at, picture, { ...kind, country }))
    for (const each of picture.nodes) yield viewOf(each, rooms)
  }
}

async function roomsOn(
  db: Queryable,
  at: Instant,
  picture: Picture,
  kind: DayKind,
  day: LocalDate = nextDayOf(kind, tradingDayOf(at)),
): Promise<Map<string, DayVector | null>> {
  const history = await historyOf(db, picture, at, kind)
  const connections = loadConnections(picture.connections, history, (terms) => agreedOn(terms, day))
  return headroomsOf(picture.nodes, connections, history.nodes, kind.season)
}

/** What can still be agreed at a node on a day. */
export interface DayHeadroom extends Pick<NetworkNode, 'nodeId' | 'name' | 'kind' | 'licenceArea'> {
  eastingM: number | null
  northingM: number | null
  /** Of the day's season, W; `null` if no rating is known. */
  capacityW: number | null
  /** Of the half-hour with the least, W; `null` if capacity or background load is unknown. */
  leastHeadroomW: number | null
}

/** The headroom of every node on the trading day of an instant, by the rule that judges applications. One tree after the other is read. */
export async function* headroomsToday(db: Queryable, at: Instant): AsyncGenerator<DayHeadroom> {
  const day = tradingDayOf(at)
  // A day when the clock goes forward lacks two half-hours of the template.
  const present = periodStarts(day, 'PT30M').map(halfHourOf)
  for (const { nodeId: top, licenceArea: area } of await topsOf(db)) {
    const picture = await pictureOf(db, top, at)
    const kind = kindOf(day, await countryOf(db, area))
    const rooms = await roomsOn(db, at, picture, kind, day)
    for (const each of picture.nodes) {
      const { nodeId, name, kind: level, licenceArea, easting, northing } = each
      const room = rooms.get(nodeId)
      const leastHeadroomW = room ? present.reduce((least, n) => Math.min(least, room[n] ?? least), Infinity) : null
      const place = { eastingM: easting, northingM: northing }
      yield {
        nodeId,
        name,
        kind: level,
        licenceArea,
        ...place,
        capacityW: capacityW(each, kind.season),
        leastHeadroomW,
      }
    }
  }
}

function topsOf(db: Queryable) {
  return db.select().from(node).where(isNull(node.parentId)).orderBy(node.nodeId)
}

/** The first day of a kind after a day: within a year there is one of each. */
function nextDayOf({ season, dayType, country }: DayKind, after: LocalDate): LocalDate {
  for (let day = after.plusDays(1); ; day = day.plusDays(1)) {
    const found = kindOf(day, country)
    if (found.season === season && found.dayType === dayType) return day
  }
}

function viewOf(given: Picture['nodes'][number], rooms: readonly Map<string, DayVector | null>[]): TypicalHeadroom {
  const { nodeId, name, kind, parentId, reserved, licenceArea, easting, northing } = given
  const seasons = [capacityW(given, 'winter'), capacityW(given, 'summer')]
  const known = seasons.filter((w) => w !== null)
  return {
    nodeId,
    name,
    kind,
    parentId,
    licenceArea,
    eastingM: easting,
    northingM: northing,
    reserved,
    capacityW: known.length < seasons.length ? null : Math.min(...known),
    headroomW: rooms.map((of) => of.get(nodeId) ?? null),
  }
}
