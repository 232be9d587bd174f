import type { TripRunSummary } from '../../../../schemas/planning/demand-summaries.ts'
import { chances, seedFor } from './chance.ts'
import { demandOf, typicalDays } from './demand.ts'
import { homeSpanOf, homesOf } from './homes.ts'
import type { Area, ChargePoint, ChargingEvent, EvSpecification, Trip, TripParameters } from './model.ts'
import { monthsOf } from './months.ts'
import { roadsOf } from './roads.ts'
import { byVehicle, type Shift, shiftsOf } from './shifts.ts'
import { type Walk, walk } from './walk.ts'

/** What charging is worked out from. */
export interface TripFacts {
  trips: readonly Trip[]
  /** The model of each vehicle. */
  modelOf: ReadonlyMap<string, EvSpecification>
  areas: ReadonlyMap<string, Area>
  chargePoints: readonly ChargePoint[]
  /** Share with off-street parking in a borough, for areas whose own is not known. */
  boroughShares: ReadonlyMap<string, number>
}

/** What a model of trips is judged by. */
type TripSummary = Omit<TripRunSummary, 'vehiclesWithoutModel' | 'chargePointsUsed'>

/** Charging events and the mean demand of areas, W by half-hour of the wall clock and kind of day. */
export interface TripOutcome {
  summary: TripSummary
  events: ChargingEvent[]
  meanW: Map<string, Float64Array>
  /** Home area of each vehicle in its latest span of months. */
  homes: Map<string, string>
}

/** Trips → shifts → homes → the walk of the battery → charges → demand (report sections 4.1 and 4.2). */
export function modelTrips(
  facts: TripFacts,
  parameters: TripParameters,
  note: (progress: number) => void = () => {},
): TripOutcome {
  const shifts = new Map(
    [...byVehicle(facts.trips)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([vehicle, own]) => [vehicle, shiftsOf(own, parameters.shiftGapH)] as const),
  )
  const homes = homesByVehicle(shifts, facts, parameters)
  const drives = drivesOf(homes, facts, parameters.seed)
  const roads = roadsOf(facts.areas, facts.chargePoints, parameters)
  const walks: Walk[] = []
  let walked = 0
  for (const [vehicle, own] of shifts) {
    note(walked++ / shifts.size)
    const model = facts.modelOf.get(vehicle)
    if (!model) continue
    const spans = homes.get(vehicle) ?? new Map<number, string>()
    const homeAt = (ms: number) => ({
      area: spans.get(homeSpanOf(ms, parameters.homeMonths)) ?? null,
      hasDrive: drives.has(vehicle),
    })
    walks.push(walk(own, { vehicle: model, roads, parameters, homeAt }))
  }
  const events = walks.flatMap((each) => each.events)
  const [fromMs, toMs] = spanOf(facts.trips, events)
  const { meanW } = typicalDays(demandOf(events, parameters.chargerEfficiency), fromMs, toMs)
  const latest = new Map([...homes].flatMap(([vehicle, spans]) => latestOf(vehicle, spans)))
  const summary = { ...summaryOf(walks, facts.trips.length, homes, drives.size), months: monthsOf(facts.trips, events) }
  return { summary, events, meanW, homes: latest }
}

function homesByVehicle(
  shifts: ReadonlyMap<string, readonly Shift[]>,
  { areas }: TripFacts,
  { homeMonths }: TripParameters,
): Map<string, Map<number, string>> {
  return new Map([...shifts].map(([vehicle, own]) => [vehicle, homesOf(own, areas, homeMonths)]))
}

function latestOf(vehicle: string, spans: ReadonlyMap<number, string>): [string, string][] {
  const last = [...spans].sort(([a], [b]) => a - b).at(-1)
  return last ? [[vehicle, last[1]]] : []
}

/**
 * Who has off-street parking: in each area the share of its drivers that its homes have, chosen by chance. An area's own share goes before
 * its borough's; without either nobody has (report section 4.2).
 */
function drivesOf(
  homes: ReadonlyMap<string, ReadonlyMap<number, string>>,
  { areas, boroughShares }: TripFacts,
  seed: number,
): Set<string> {
  const byArea = Map.groupBy(
    [...homes].flatMap(([vehicle, spans]) => latestOf(vehicle, spans)),
    ([, area]) => area,
  )
  const found = new Set<string>()
  for (const [code, drivers] of byArea) {
    const area = areas.get(code)
    const share = area?.offStreetShare ?? boroughShares.get(area?.borough ?? '') ?? 0
    const drawn = drivers
      .map(([vehicle]) => ({ vehicle, chance: chances(seedFor(seed, vehicle))() }))
      .sort((a, b) => a.chance - b.chance || (a.vehicle < b.vehicle ? -1 : 1))
    const count = share * drawn.length
    // A fraction of a driver counts as one by the same chance, so that small areas are right on average.
    const rest = chances(seedFor(seed, code))() < count - Math.floor(count) ? 1 : 0
    for (const { vehicle } of drawn.slice(0, Math.floor(count) + rest)) found.add(vehicle)
  }
  return found
}

/** From the first trip to the last thing that happened, so that no charge lies outside. */
function spanOf(trips: readonly Trip[], events: readonly ChargingEvent[]): [number, number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { startMs, endMs } of trips) [from, to] = [Math.min(from, startMs), Math.max(to, endMs)]
  for (const { startMs, kwh, kw } of events) to = Math.max(to, startMs + (kwh / kw) * 3_600_000)
  return [from, to]
}

const places = ['on-shift', 'home', 'public-near-home'] as const

function summaryOf(
  walks: readonly Walk[],
  trips: number,
  homes: ReadonlyMap<string, ReadonlyMap<number, string>>,
  withDrive: number,
): Omit<TripSummary, 'months'> {
  const total = (pick: (walk: Walk) => number) => walks.reduce((sum, each) => sum + pick(each), 0)
  const byPlace = (pick: (own: readonly ChargingEvent[]) => number) =>
    Object.fromEntries(
      places.map((place) => [place, pick(walks.flatMap((each) => each.events.filter((one) => one.place === place)))]),
    ) as Record<ChargingEvent['place'], number>
  const shifts = total((each) => each.shifts)
  const shiftsWithCharge = total((each) => each.shiftsWithCharge)
  return {
    vehicles: walks.length,
    trips,
    shifts,
    shiftsWithCharge,
    onShiftShare: shifts > 0 ? shiftsWithCharge / shifts : 0,
    shiftsTooLong: total((each) => each.shiftsTooLong),
    homesUnknown: [...homes.values()].filter((spans) => spans.size === 0).length,
    withDrive,
    events: byPlace((own) => own.length),
    energyKwh: byPlace((own) => own.reduce((sum, { kwh }) => sum + kwh, 0)),
    drivenKwh: total((each) => each.drivenKwh),
    unmetKwh: total((each) => each.unmetKwh),
  }
}
