import { plainHeading } from '../../../../platform/csv/index.ts'
import type { EvSpecification, Trip } from './model.ts'

/** Something in a batch that a person should look at; it is kept, and nothing is left out because of it. */
export interface Anomaly {
  kind:
    | 'journey-beyond-range'
    | 'look-alike-model'
    | 'duplicate-trip'
    | 'overlapping-trips'
    | 'unknown-model'
    | 'unverified-model'
  /** The vehicle, or the model that a vehicle has. */
  subject: string
  detail: string
}

/** What is looked for in a batch of trips (report section 4.1). */
export interface TripBatch {
  trips: readonly Trip[]
  /** The model as the platform names it, by vehicle. */
  modelNames: ReadonlyMap<string, string>
  specifications: ReadonlyMap<string, EvSpecification & { isVerified: boolean }>
}

/** Anomalies of a batch of trips, by vehicle. */
export function anomaliesOf(batch: TripBatch): Anomaly[] {
  return [...modelAnomalies(batch), ...journeyAnomalies(batch), ...duplicateTrips(batch.trips)]
}

function modelAnomalies({ modelNames, specifications }: TripBatch): Anomaly[] {
  const names = [...new Set(modelNames.values())].sort()
  return names.flatMap((name): Anomaly[] => {
    const known = specifications.get(name)
    const alike = lookAlikes(name, [...specifications.keys()])
    const found: Anomaly[] = alike.map((other) => ({
      kind: 'look-alike-model',
      subject: name,
      detail: `"${name}" is easily taken for "${other}": ask the platform which of the two these vehicles are`,
    }))
    if (!known) {
      const detail = `"${name}" has no specification: its vehicles are left out until there is one`
      return [...found, { kind: 'unknown-model', subject: name, detail }]
    }
    if (known.isVerified) return found
    return [
      ...found,
      { kind: 'unverified-model', subject: name, detail: `the specification of "${name}" is not verified` },
    ]
  })
}

/** Words that tell an electric model from another with the same name. */
const electricWords = /^(e|ev|electric|phev|hybrid|plus)$/

/** The models whose names differ only by what says how they are driven, such as Kia Niro and Kia e-Niro. */
export function lookAlikes(name: string, others: readonly string[]): string[] {
  const core = coreOf(name)
  return others.filter((other) => other !== name && coreOf(other) === core)
}

function coreOf(name: string): string {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => !electricWords.test(word))
    .map((word) => word.replace(/^e(?=niro|soul|golf|up|208|2008|corsa|tron)/, ''))
    .map(plainHeading)
    .join(' ')
}

function journeyAnomalies({ trips, modelNames, specifications }: TripBatch): Anomaly[] {
  return trips.flatMap((trip): Anomaly[] => {
    const model = specifications.get(modelNames.get(trip.vehicle) ?? '')
    if (!model) return []
    const rangeKm = model.usableKwh / model.kwhPerKm
    if (trip.km <= rangeKm) return []
    const detail = `a journey of ${trip.km} km from ${new Date(trip.startMs).toISOString()} is beyond the ${Math.round(rangeKm)} km of a ${model.model}: is it another vehicle?`
    return [{ kind: 'journey-beyond-range', subject: trip.vehicle, detail }]
  })
}

function duplicateTrips(trips: readonly Trip[]): Anomaly[] {
  const last = new Map<string, Trip>()
  const sorted = trips.toSorted((a, b) =>
    a.vehicle < b.vehicle ? -1 : a.vehicle > b.vehicle ? 1 : a.startMs - b.startMs,
  )
  return sorted.flatMap((trip): Anomaly[] => {
    const before = last.get(trip.vehicle)
    last.set(trip.vehicle, trip)
    if (!before || trip.startMs >= before.endMs) return []
    const isSame = before.startMs === trip.startMs && before.endMs === trip.endMs
    const at = new Date(trip.startMs).toISOString()
    return isSame
      ? [{ kind: 'duplicate-trip', subject: trip.vehicle, detail: `the trip from ${at} is there twice` }]
      : [
          {
            kind: 'overlapping-trips',
            subject: trip.vehicle,
            detail: `the trip from ${at} begins before the one before it ends`,
          },
        ]
  })
}

/** A charge point as a list gives it. */
export interface ListedChargePoint {
  id: string
  name: string
  eastingM: number
  northingM: number
  kw: number | null
  taxiOnly: boolean
  /** A person keeps it out, such as a car park that drivers avoid for its price. */
  excluded: boolean
}

/** Names that speak of taxis only. */
const taxiWords = /\b(taxis?|hackney|black cabs?)\b/i

/** Two charge points of a name within this distance are one that is listed twice, m. */
const sameSpotM = 30

/**
 * What is wrong with a list of charge points: ones listed twice, ones for taxis only that are not marked, and ones of unknown power.
 * @returns by identifier; those of `duplicate` and `taxi-only` are not used.
 */
export function chargePointFaults(
  points: readonly ListedChargePoint[],
): Map<string, 'duplicate' | 'taxi-only' | 'unknown-power'> {
  const faults = new Map<string, 'duplicate' | 'taxi-only' | 'unknown-power'>()
  const byPlace = new Map<string, ListedChargePoint[]>()
  for (const point of points) {
    const near = cellsAround(point).flatMap((cell) => byPlace.get(cell) ?? [])
    const twin = near.find(
      (other) =>
        plainHeading(other.name) === plainHeading(point.name) &&
        Math.hypot(other.eastingM - point.eastingM, other.northingM - point.northingM) <= sameSpotM,
    )
    if (twin) faults.set(point.id, 'duplicate')
    else if (point.taxiOnly || taxiWords.test(point.name)) faults.set(point.id, 'taxi-only')
    else if (point.kw === null) faults.set(point.id, 'unknown-power')
    const [own = ''] = cellsAround(point)
    byPlace.set(own, [...(byPlace.get(own) ?? []), point])
  }
  return faults
}

/** The square of a point, and those around it. */
function cellsAround({ eastingM, northingM }: ListedChargePoint): string[] {
  const [x, y] = [Math.floor(eastingM / sameSpotM), Math.floor(northingM / sameSpotM)]
  const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy] as const))
  return [`${x} ${y}`, ...around.filter(([dx, dy]) => dx !== 0 || dy !== 0).map(([dx, dy]) => `${x + dx} ${y + dy}`)]
}
