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

/** What vehicles are known to be, by the model as their platform names it. */
export type Specifications = ReadonlyMap<string, EvSpecification & { isVerified: boolean }>

/** A list of which only the first are kept: more usually share a cause. */
export class FirstOf<T> {
  readonly named: T[] = []
  count = 0
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  add(...found: readonly T[]): void {
    this.count += found.length
    if (this.named.length < this.#most) this.named.push(...found.slice(0, this.#most - this.named.length))
  }
}

/**
 * Looks for anomalies in a batch of trips (report section 4.1) as they come, so that a month of them need not be held: of each trip only its
 * vehicle and its times stay, 24 bytes.
 */
export class TripChecks {
  /** The last model that each vehicle was given. */
  readonly models = new Map<string, string>()
  readonly #specifications: Specifications
  readonly #most: number
  readonly #journeys: FirstOf<Anomaly>
  readonly #places = new Map<string, number>()
  readonly #vehicle: number[] = []
  readonly #startMs: number[] = []
  readonly #endMs: number[] = []

  /** @param most anomalies that are named. */
  constructor(specifications: Specifications, most: number) {
    this.#specifications = specifications
    this.#most = most
    this.#journeys = new FirstOf(most)
  }

  add(trip: Trip & { model: string }): void {
    this.models.set(trip.vehicle, trip.model)
    const place = this.#places.get(trip.vehicle) ?? this.#places.size
    this.#places.set(trip.vehicle, place)
    this.#vehicle.push(place)
    this.#startMs.push(trip.startMs)
    this.#endMs.push(trip.endMs)
    const beyond = beyondRange(trip, this.#specifications.get(trip.model))
    if (beyond) this.#journeys.add(beyond)
  }

  /** Anomalies of models, then of journeys as they came, then of trips that repeat or overlap, by vehicle. */
  found(): FirstOf<Anomaly> {
    const all = new FirstOf<Anomaly>(this.#most)
    all.add(...modelAnomalies(this.models, this.#specifications))
    for (const one of [this.#journeys, this.#repeats()]) {
      all.add(...one.named)
      all.count += one.count - one.named.length
    }
    return all
  }

  #repeats(): FirstOf<Anomaly> {
    const found = new FirstOf<Anomaly>(this.#most)
    const [order, ends] = this.#byVehicle()
    const names = [...this.#places].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [vehicle, place] of names) {
      const own = order.subarray(ends[place], ends[place + 1])
      own.sort((a, b) => this.#start(a) - this.#start(b) || a - b)
      for (const [i, trip] of own.entries()) {
        const before = own[i - 1]
        if (before === undefined || this.#start(trip) >= this.#end(before)) continue
        const isSame = this.#start(before) === this.#start(trip) && this.#end(before) === this.#end(trip)
        found.add(repeatOf(vehicle, new Date(this.#start(trip)).toISOString(), isSame))
      }
    }
    return found
  }

  /** The trips of each vehicle together, as they came: their numbers, and where those of a vehicle begin. */
  #byVehicle(): [order: Uint32Array, begins: Uint32Array] {
    const begins = new Uint32Array(this.#places.size + 1)
    for (const place of this.#vehicle) begins[place + 1] = (begins[place + 1] ?? 0) + 1
    for (let place = 1; place < begins.length; place++) begins[place] = (begins[place] ?? 0) + (begins[place - 1] ?? 0)
    const next = begins.slice()
    const order = new Uint32Array(this.#vehicle.length)
    for (const [trip, place] of this.#vehicle.entries()) {
      const at = next[place] ?? 0
      order[at] = trip
      next[place] = at + 1
    }
    return [order, begins]
  }

  #start(trip: number): number {
    return this.#startMs[trip] ?? 0
  }

  #end(trip: number): number {
    return this.#endMs[trip] ?? 0
  }
}

function modelAnomalies(models: ReadonlyMap<string, string>, specifications: Specifications): Anomaly[] {
  const names = [...new Set(models.values())].sort()
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

function beyondRange(trip: Trip, model: EvSpecification | undefined): Anomaly | null {
  const rangeKm = model ? model.usableKwh / model.kwhPerKm : Number.POSITIVE_INFINITY
  if (!model || trip.km <= rangeKm) return null
  const detail = `a journey of ${trip.km} km from ${new Date(trip.startMs).toISOString()} is beyond the ${Math.round(rangeKm)} km of a ${model.model}: is it another vehicle?`
  return { kind: 'journey-beyond-range', subject: trip.vehicle, detail }
}

function repeatOf(vehicle: string, at: string, isSame: boolean): Anomaly {
  return isSame
    ? { kind: 'duplicate-trip', subject: vehicle, detail: `the trip from ${at} is there twice` }
    : {
        kind: 'overlapping-trips',
        subject: vehicle,
        detail: `the trip from ${at} begins before the one before it ends`,
      }
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
