import { type Instant, LocalDate } from '@js-joda/core'
import { and, asc, eq, gte, lt } from 'drizzle-orm'
import { writeCsv } from '../../platform/csv/index.ts'
import { refuse } from '../../platform/http/index.ts'
import { type ParquetColumn, writeParquet } from '../../platform/parquet/index.ts'
import { type HomeUnitView, vanOperations } from '../../schemas/fsp/vans.ts'
import { brokenField } from '../../schemas/vocabulary/outcome.ts'
import { dayEnd, dayStart, instantOf, periodStarts } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { chargingTransaction, socketW } from '../chargepoints/index.ts'
import { sessionMinute } from '../history/index.ts'
import { bind, type Entrance, noDepot } from '../kit/index.ts'
import { vehicleOf } from '../registers/index.ts'
import { type AheadParts, envelopeAhead, observedDays } from './ahead.ts'
import type { VanController } from './controller.ts'
import { homeLocationsOf } from './locations.ts'
import { keyOf } from './plugged.ts'
import { chanceAt, countQuantiles, statisticsOf } from './rules/habits.ts'
import { clustersOf, vansOf } from './rules/homes.ts'
import { prior } from './rules/reliability.ts'
import { sessionsOf } from './sessions.ts'

export interface VanApiParts extends AheadParts {
  controller: VanController
}

/** The longest span of an export of minutes, and of statistics. */
const mostDays = { minutes: 31, statistics: 400 }
/** Responses that are shown. */
const mostShown = 500

/** What people see of the units of homes. */
export function vanApi(context: FspContext, parts: VanApiParts, entrance: Entrance) {
  const { clock, db, registers } = context
  const known = ({ depotId }: { depotId: string }) => {
    if (!registers.now().homeUnits.has(depotId)) throw noDepot(depotId)
    return depotId
  }
  const spanOf = (query: { from: string; to: string }, most: number) => {
    const [first, last] = [LocalDate.parse(query.from), LocalDate.parse(query.to)]
    refuse(last.isBefore(first) ? brokenField('to', 'must not be before from') : null)
    const isLong = first.plusDays(most).isBefore(last.plusDays(1))
    refuse(isLong ? brokenField('to', `must be at most ${most} days after from`) : null)
    return { from: dayStart(first), to: dayEnd(last) }
  }
  return bind(vanOperations, entrance, {
    readHomeUnit: ({ params }) => unitView(context, parts, known(params)),

    readHomeEnvelope({ params, query }) {
      const [from, to] = [instantOf(query.from), instantOf(query.to)]
      refuse(to.isAfter(from) ? null : brokenField('to', 'must be after from'))
      return envelopeAhead(parts, known(params), clock.now(), { from, to })
    },

    async readVanStatistics({ params, query }) {
      const { from, to } = spanOf(query, mostDays.statistics)
      const sessions = await sessionsOf(context, parts.units, known(params), from, to)
      const vans = new Map(vansOf(registers.now(), params.depotId).map((van) => [van.vehicleId, van]))
      return statisticsOf(sessions, (vehicleId) => vans.get(vehicleId)?.acPowerW ?? singleSocketW)
    },

    readVanForecast: ({ params, query }) => forecastOf(context, parts, known(params), LocalDate.parse(query.day)),

    async readHomeReliability({ params }) {
      const depotId = known(params)
      const [found, rows] = [await parts.responses.reliability(depotId), await parts.responses.list(depotId)]
      const latest = rows.slice(0, mostShown).map(({ windowFrom, windowTo, ...row }) => ({
        identity: row.identity,
        vehicleId: row.vehicleId,
        from: windowFrom.toString(),
        to: windowTo.toString(),
        outcome: row.outcome,
        expectedWh: row.expectedWh,
        drawnWh: row.drawnWh,
      }))
      return { depotId, prior, ...found, latest }
    },

    listHomeLocations: ({ params, query }) => homeLocationsOf(context, known(params), query.month),

    async exportSessionMinutes({ params, query }) {
      const rows = await minutesOf(context, known(params), spanOf(query, mostDays.minutes))
      const headings = minuteColumns.map(({ name }) => name)
      return { name: `${params.depotId}-minutes-${query.from}.csv`, content: writeCsv(headings, rows) }
    },

    async exportSessionMinutesParquet({ params, query }) {
      const span = spanOf(query, mostDays.minutes)
      const batches = minuteBatches(context, known(params), span)
      const content = ReadableStream.from(writeParquet(minuteColumns, batches))
      return { name: `${params.depotId}-minutes-${query.from}.parquet`, content }
    },
  })

  async function* minuteBatches(of: FspContext, depotId: string, { from, to }: { from: Instant; to: Instant }) {
    for (let at = from; at.isBefore(to); at = at.plusMillis(dayMs)) {
      const until = at.plusMillis(dayMs)
      yield await minutesOf({ ...of, db }, depotId, { from: at, to: until.isBefore(to) ? until : to })
    }
  }
}

/** How many vans of a unit will be plugged in at each quarter-hour of a day, by what comparable days showed of each. */
async function forecastOf(context: FspContext, parts: VanApiParts, depotId: string, day: LocalDate) {
  const days = await observedDays(parts, depotId, day)
  const [vans, first] = [vansOf(context.registers.now(), depotId), days.at(-1)]
  const all = first ? await sessionsOf(context, parts.units, depotId, dayStart(first), dayStart(day)) : []
  const byVan = vans.map(({ vehicleId }) => all.filter((each) => each.vehicleId === vehicleId))
  const points = periodStarts(day, 'PT15M').map((from) => {
    const offsetMs = from.toEpochMilli() - dayStart(day).toEpochMilli()
    const chances = byVan.map((own) => chanceAt(own, days, offsetMs))
    const { low: p10, middle: p50, high: p90 } = countQuantiles(chances)
    return { from: from.toString(), p10, p50, p90, mean: chances.reduce((sum, p) => sum + p, 0) }
  })
  return { depotId, day: day.toString(), comparableDays: days.map(String), vans: vans.length, points }
}

const dayMs = 86_400_000
/** What a home charge point gives, W, where the type of the van is not known. */
const singleSocketW = 7_360

const minuteColumns: readonly ParquetColumn[] = [
  { name: 'transactionId', kind: 'integer' },
  { name: 'vehicleId', kind: 'text' },
  { name: 'identity', kind: 'text' },
  { name: 'at', kind: 'instant' },
  { name: 'powerW', kind: 'number' },
  { name: 'limitA', kind: 'integer' },
]

async function minutesOf(
  { db, registers }: Pick<FspContext, 'db' | 'registers'>,
  depotId: string,
  { from, to }: { from: Instant; to: Instant },
): Promise<(string | number | null)[][]> {
  const rows = await db
    .select({
      transactionId: sessionMinute.transactionId,
      idTag: chargingTransaction.idTag,
      identity: sessionMinute.identity,
      at: sessionMinute.at,
      powerW: sessionMinute.powerW,
      limitA: sessionMinute.limitA,
    })
    .from(sessionMinute)
    .innerJoin(chargingTransaction, eq(chargingTransaction.transactionId, sessionMinute.transactionId))
    .where(and(eq(sessionMinute.depotId, depotId), gte(sessionMinute.at, from), lt(sessionMinute.at, to)))
    .orderBy(asc(sessionMinute.transactionId), asc(sessionMinute.at))
  const snapshot = registers.now()
  return rows.map((row) => [
    row.transactionId,
    vehicleOf(snapshot, row.idTag),
    row.identity,
    row.at.toString(),
    row.powerW,
    row.limitA,
  ])
}

/** A unit as it stands: who and what is in it, how it lies on the network, and what each van does. */
function unitView({ registers, clock }: FspContext, parts: VanApiParts, depotId: string): HomeUnitView {
  const { controller, units } = parts
  const snapshot = registers.now()
  const homes = [...snapshot.homes.values()].filter((home) => home.depotId === depotId)
  const drivers = [...snapshot.drivers.values()].filter((driver) => driver.depotId === depotId)
  const areas = homes.flatMap(({ lsoa }) => snapshot.areas.get(lsoa) ?? [])
  const last = controller.last(depotId)
  const wattsOf = (identity: string) => {
    const unit = units.find(identity)
    return unit ? socketW(unit.model) : 0
  }
  const isWithout = ({ home }: { home: string | null }) =>
    home === null || !(snapshot.homes.get(home)?.hasOffStreetParking ?? false)
  return {
    depotId,
    product: snapshot.homeUnits.get(depotId)?.product ?? '',
    homes: homes.length,
    drivers: drivers.length,
    vans: vansOf(snapshot, depotId).length,
    pluggedIn: last?.plugged.length ?? 0,
    withoutParking: drivers.filter(isWithout).length,
    topUpInPublic: drivers.filter(({ topsUpInPublic }) => topsUpInPublic).length,
    byAreaClass: countBy(areas.map(({ areaClass }) => areaClass)),
    byLocalAuthority: countBy(areas.map(({ localAuthority }) => localAuthority)),
    clusters: clustersOf(snapshot, depotId, wattsOf),
    drawnW: units.meteredW(depotId, clock.now().toEpochMilli()),
    capW: last?.decision.capW ?? null,
    by: last?.decision.by ?? null,
    overW: last?.decision.overW ?? 0,
    vehicles: (last?.plugged ?? []).map((each) => ({
      vehicleId: each.van.vehicleId,
      driverId: each.van.driverId,
      identity: each.connector.unit.identity,
      missingWh: each.missingWh,
      readyAt: each.readyAt.toString(),
      shareW: last?.decision.sharesW.get(keyOf(each.connector)) ?? 0,
      powerW: each.connector.samples.at(-1)?.powerW ?? null,
      isOverridden: each.override !== null,
      isReachable: each.connector.unit.link !== null,
    })),
  }
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
