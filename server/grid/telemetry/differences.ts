import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { LoadComparison, LoadDifference } from '../../../schemas/grid/differences.ts'
import type { Quality } from '../../../schemas/grid/measurements.ts'
import { loadComparisonSettings } from '../../../schemas/settings/telemetry.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { figuresOver } from '../../kit/index.ts'
import { clearAlarm, openSources, raiseAlarm } from '../alarms/index.ts'
import { findConnection } from '../connections/index.ts'
import { alarmOf, type Compared, differenceOf } from './difference-rules.ts'
import { boundsOf } from './half-hours.ts'
import { halfHourMs } from './rules.ts'

/** Days of one comparison at most. */
export const longestComparisonDays = 35

/** How far back half-hours are looked at for the alarm, beyond those that raise it: a day without data does not reset their count. */
const lookBackMs = 86_400_000

interface Row extends Record<string, unknown> {
  connection_id: string
  at: string
  mean_w: number
  completeness: number
  quality: Quality
  direction_known: boolean
}

/** The half-hours from one instant to another at which a hub or monitor measured, of some connections that have both. */
async function differencesOf(
  tx: Queryable,
  connectionIds: readonly string[],
  from: Instant,
  to: Instant,
): Promise<Map<string, LoadDifference[]>> {
  const ids = sql.param([...connectionIds])
  const within = sql`connection_id = any(${ids}::uuid[]) and at >= ${from.toString()}::timestamptz and at < ${to.toString()}::timestamptz`
  const columns = sql`connection_id, at, mean_w, completeness, quality, direction_known`
  // Two statements: a cluster takes no union of two tables that are spread.
  const ofHubs = await tx.execute<Row>(sql`select ${columns} from connection_half_hour where ${within}`)
  const ofMonitors = await tx.execute<Row>(sql`select ${columns} from monitor_half_hour where ${within}`)
  const rows = [...ofHubs.map((row) => ({ row, isHub: true })), ...ofMonitors.map((row) => ({ row, isHub: false }))]
  const figuresAt = await figuresOver(tx, loadComparisonSettings, to)
  const differences = (own: typeof rows) =>
    [...Map.groupBy(own, ({ row }) => toInstant(row.at).toEpochMilli())]
      .toSorted(([a], [b]) => a - b)
      .map(([ms, both]) => {
        const side = (isHub: boolean) => comparedOf(both.find((one) => one.isHub === isHub)?.row)
        const end = Instant.ofEpochMilli(ms + halfHourMs)
        return differenceOf(Instant.ofEpochMilli(ms).toString(), side(true), side(false), figuresAt(end))
      })
  return new Map([...Map.groupBy(rows, ({ row }) => row.connection_id)].map(([id, own]) => [id, differences(own)]))
}

const comparedOf = (row: Row | undefined): Compared | null =>
  row
    ? {
        meanW: row.mean_w,
        completeness: row.completeness,
        quality: row.quality,
        direction: row.direction_known ? 'known' : 'unknown',
      }
    : null

/** The monitor that is compared with the hub of a connection, if it has both. */
async function monitorOf(db: Queryable, connectionId: string) {
  const [found] = await db.execute<{ hub_id: string; name: string }>(sql`
    select h.hub_id, h.name from hub_feeder f join hub h on h.hub_id = f.hub_id
    where f.connection_id = ${connectionId}::uuid and not f.counts order by h.hub_id limit 1`)
  return found ?? null
}

const hasBoth = async (tx: Queryable, connectionId: string) => (await monitorOf(tx, connectionId)) !== null

/**
 * Compares the hub of a connection with the customer's monitor. A half-hour of which neither has anything is left out at the ends of the
 * span, and stated as not compared between them.
 */
export async function compareLoads(
  db: Queryable,
  connectionId: string,
  span: Parameters<typeof boundsOf>[0],
): Promise<LoadComparison> {
  const { from, to } = boundsOf(span, longestComparisonDays)
  if (!(await findConnection(db, connectionId)))
    throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
  const monitor = await monitorOf(db, connectionId)
  const found = (await differencesOf(db, [connectionId], from, to)).get(connectionId) ?? []
  const isBoth = found.some(({ monitorW }) => monitorW !== null)
  const halfHours = monitor || isBoth ? withGaps(found) : []
  return { monitorId: monitor?.hub_id ?? null, monitorName: monitor?.name ?? null, halfHours }
}

/** The last half-hour within a day before an instant in which hub and monitor could be compared, of some connections. */
export async function latestDifferences(
  db: Queryable,
  connectionIds: readonly string[],
  at: Instant,
): Promise<Map<string, LoadDifference>> {
  const ids = sql.param([...connectionIds])
  const both = await db.execute<{ connection_id: string }>(
    sql`select distinct connection_id from hub_feeder where not counts and connection_id = any(${ids}::uuid[])`,
  )
  if (both.length === 0) return new Map()
  const found = await differencesOf(
    db,
    both.map((row) => row.connection_id),
    at.minusMillis(lookBackMs),
    at,
  )
  return new Map(
    [...found].flatMap(([id, own]) => {
      const last = own.findLast(({ verdict }) => verdict !== 'not-compared')
      return last ? [[id, last]] : []
    }),
  )
}

/** Adds the half-hours between the first and the last of which neither side has anything. */
function withGaps(found: readonly LoadDifference[]): LoadDifference[] {
  const { defaults } = loadComparisonSettings
  const known = new Map(found.map((one) => [Date.parse(one.at), one]))
  const [first, last] = [found[0], found.at(-1)]
  if (!first || !last) return []
  const all: LoadDifference[] = []
  for (let ms = Date.parse(first.at); ms <= Date.parse(last.at); ms += halfHourMs)
    all.push(known.get(ms) ?? differenceOf(Instant.ofEpochMilli(ms).toString(), null, null, defaults))
  return all
}

/**
 * Raises and clears the alarms of the connections that some hubs or monitors measure, by their latest half-hours.
 * @returns whether an alarm changed.
 */
export async function alarmDifferences(tx: Queryable, at: Instant, hubIds: string): Promise<boolean> {
  const both = await tx.execute<{ connection_id: string; name: string }>(sql`
    select distinct c.connection_id, c.name from hub_feeder f
    join hub_feeder m on m.connection_id = f.connection_id and not m.counts
    join connection c on c.connection_id = f.connection_id
    where f.hub_id in (select value::uuid from json_array_elements_text(${hubIds}::text::json)) order by 1`)
  let changed = false
  const still = new Set(both.map((row) => row.connection_id))
  // A hub was taken away or moved: nothing is left to compare.
  for (const { id: sourceId } of await openSources(tx, 'load-difference'))
    if (!still.has(sourceId) && !(await hasBoth(tx, sourceId)))
      changed = (await clearAlarm(tx, at, { kind: 'load-difference', sourceId })) || changed
  if (both.length === 0) return changed
  const { halfHours } = (await figuresOver(tx, loadComparisonSettings, at))(at)
  const from = at.minusMillis(lookBackMs + halfHours * halfHourMs)
  const ids = both.map((row) => row.connection_id)
  const found = await differencesOf(tx, ids, from, at)
  for (const { connection_id: id, name } of both) {
    const own = found.get(id) ?? []
    const what = alarmOf(own, halfHours)
    if (what === 'raise') changed = (await raise(tx, at, { id, name }, own, halfHours)) || changed
    if (what === 'clear') changed = (await clearAlarm(tx, at, { kind: 'load-difference', sourceId: id })) || changed
  }
  return changed
}

function raise(
  tx: Queryable,
  at: Instant,
  connection: { id: string; name: string },
  own: readonly LoadDifference[],
  halfHours: number,
): Promise<boolean> {
  const last = own.findLast(({ verdict }) => verdict === 'differs')
  if (!last) throw new Error(`no half-hour of ${connection.name} differs`)
  const kW = (watts: number | null | undefined) => `${((watts ?? 0) / 1_000).toFixed(1)} kW`
  const message = `${connection.name}: the hub says ${kW(last.hubW)} and the customer’s monitor ${kW(last.monitorW)} in the half-hour from ${momentInWords(last.at)}, ${halfHours} in a row beyond ${kW(last.toleranceW)}.`
  return raiseAlarm(tx, at, { kind: 'load-difference', source: { type: 'connection', ...connection }, message })
}
