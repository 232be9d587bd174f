import { Instant } from '@js-joda/core'
import { CsvFile, RowReader } from '../../../platform/csv/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { demandFleetOperations } from '../../../schemas/planning/demand-fleets.ts'
import { findConnection, measuredMeans } from '../../grid/index.ts'
import { refusedFile, type Verb } from '../../kit/index.ts'
import { nameFileColumns, statedColumns } from './columns.ts'
import { dayKinds, demandOf, slots, typicalDays } from './engine/demand.ts'
import { errorAgainst, estimateFleet as estimateOf, type FleetTrip } from './engine/fleet.ts'

/** Two years of journeys of a hundred vans. */
const maxRows = 500_000

/** A measured half-hour with less of its time known is not compared. */
const leastCompleteness = 0.9

const needed = { required: true } as const
const columns = { vehicle: needed, routeType: needed, startedAt: needed, endedAt: needed, km: needed, endsAt: needed }

type Call = Parameters<Verb<typeof demandFleetOperations.estimateFleet>>[0]

/** What a fleet would charge, from a file of its journeys. */
export const estimateFleet: Verb<typeof demandFleetOperations.estimateFleet> = async (call) => {
  const { connectionId } = call.query
  if (connectionId !== undefined && !(await findConnection(call.db, connectionId)))
    throw new ProblemError(
      'not-found',
      `There is no connection ${connectionId}: look it up in the list of connections.`,
    )
  const trips = await readTrips(call)
  const { events, routes, drivenKwh, unmetKwh } = estimateOf(trips, call.query)
  const demand = demandOf(events, call.query.chargerEfficiency)
  const [fromMs, toMs] = spanOf(trips)
  const { meanW } = typicalDays(demand, fromMs, toMs)
  const days = (['depot', 'home'] as const).flatMap((place) =>
    dayKinds.map((kind, k) => {
      const own = meanW.get(place)?.slice(k * slots, (k + 1) * slots)
      return { place, kind, meanW: own ? [...own] : Array<number>(slots).fill(0) }
    }),
  )
  const measured = connectionId === undefined ? null : await measuredOf(call, connectionId, fromMs, toMs)
  return {
    vehicles: new Set(trips.map(({ vehicle }) => vehicle)).size,
    journeys: trips.length,
    drivenKwh,
    unmetKwh,
    routes,
    days,
    error: measured && errorAgainst(demand.energyWh.get('depot') ?? new Map(), measured, { fromMs, toMs }),
  }
}

async function readTrips({ body, query }: Call): Promise<FleetTrip[]> {
  const file = await CsvFile.open(body, { maxRows })
  const { headings, faults } = nameFileColumns('journeys', columns, file.headings, statedColumns(query.columns))
  for (const fault of faults) file.flaws.add({ line: 1, ...fault })
  if (file.flaws.count > 0) {
    await file.close()
    throw refusedFile(file.flaws)
  }
  // What nobody reads is passed over, whatever it holds.
  file.nameColumns(Object.values(headings))
  const trips: FleetTrip[] = []
  for await (const { line, cells } of file.rows()) {
    const named = Object.entries(headings).map(([column, heading]) => [column, cells[heading] ?? ''])
    const row = new RowReader({ line, cells: Object.fromEntries(named) })
    const trip = tripOf(row, query.zone)
    file.flaws.add(...row.flaws)
    if (row.flaws.length === 0) trips.push(trip)
  }
  if (file.count === 0 && file.flaws.count === 0)
    file.flaws.add({ line: 1, field: '', message: 'the file has no rows' })
  if (file.flaws.count > 0) throw refusedFile(file.flaws)
  return trips
}

function tripOf(row: RowReader, zone: Call['query']['zone']): FleetTrip {
  const [startMs, endMs] = [row.instantMs('startedAt', zone), row.instantMs('endedAt', zone)]
  if (endMs < startMs) row.flaw('endedAt', 'is before startedAt')
  const km = row.requiredNumber('km')
  if (km < 0 || km > 2_000) row.flaw('km', `${km} km is not between 0 and 2000 km`)
  return {
    vehicle: row.text('vehicle', 100),
    routeType: row.text('routeType', 100),
    startMs,
    endMs,
    km,
    endsAt: row.oneOf('endsAt', row.text('endsAt', 20), ['depot', 'home', 'other']),
  }
}

/** The whole half-hours from the first journey to the day after the last. */
function spanOf(trips: readonly FleetTrip[]): [number, number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { startMs, endMs } of trips) [from, to] = [Math.min(from, startMs), Math.max(to, endMs)]
  return [Math.floor(from / 1_800_000) * 1_800_000, Math.ceil(to / 1_800_000) * 1_800_000 + 86_400_000]
}

function measuredOf({ db }: Call, id: string, fromMs: number, toMs: number): Promise<Map<number, number>> {
  const [from, to] = [Instant.ofEpochMilli(fromMs), Instant.ofEpochMilli(toMs)]
  return measuredMeans(db, { kind: 'connection', id }, from, to, leastCompleteness)
}
