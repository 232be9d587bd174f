import type { DemandEdition } from '../../../schemas/planning/demand-editions.ts'
import { chargePointFaults, FirstOf, type ListedChargePoint, TripChecks } from './engine/checks.ts'
import { cells } from './engine/demand.ts'
import type { EditionRows, RowKind } from './rows.ts'

/** What is said of a file when it is imported. */
export type Findings = Pick<DemandEdition, 'summary' | 'anomalies' | 'anomalyCount'>

type Anomaly = DemandEdition['anomalies'][number]

/** Anomalies that are named; more usually share a cause. */
const mostNamed = 200

/** Looks at the rows of a file as they come, so that they need not be held. */
export interface FileCheck<K extends RowKind = RowKind> {
  add(row: EditionRows[K]): void
  found(): Findings
  /** What is wrong with the file as a whole. */
  faults?(): { field: string; message: string }[]
  /** Vehicles of trips with their models. */
  models?: ReadonlyMap<string, string>
}

/** A check of a kind of file. @param specifications the latest register of vehicles, for trips. */
export function checkOf<K extends RowKind>(kind: K, specifications: readonly EditionRows['vehicles'][]): FileCheck<K> {
  return checks[kind](specifications) as FileCheck<K>
}

const checks: { [K in RowKind]: (specifications: readonly EditionRows['vehicles'][]) => FileCheck<K> } = {
  trips: checkTrips,
  vehicles() {
    let verified = 0
    const names = new Repeats()
    return {
      add({ model, isVerified }) {
        verified += Number(isVerified)
        names.add(model)
      },
      found: () => findings({ models: names.rows, verified }, names.found),
    }
  },
  'charge-points': checkChargePoints,
  areas: checkAreas,
  'off-street'() {
    const places = new Repeats()
    return { add: ({ place }) => places.add(place), found: () => findings({ places: places.rows }, places.found) }
  },
  growth() {
    const areas = new Repeats()
    const above = named()
    let years: readonly number[] = []
    return {
      add(row) {
        if (areas.rows === 0) years = row.years
        areas.add(row.area)
        above.add(...aboveOne(row))
      },
      found: () =>
        findings(
          { areas: areas.rows, firstYear: years[0] ?? null, lastYear: years.at(-1) ?? null },
          areas.found,
          above,
        ),
    }
  },
  'feeding-areas'() {
    const nodes = new Repeats()
    let [withShape, customers] = [0, 0]
    return {
      add(row) {
        nodes.add(row.nodeId)
        withShape += Number(row.polygons !== null)
        customers += row.customers ?? 0
      },
      found: () => findings({ nodes: nodes.rows, withShape, customers }, nodes.found),
    }
  },
  profiles: checkProfiles,
  'hv-sites'() {
    const sites = new Repeats()
    let [vehicles, withoutNode] = [0, 0]
    return {
      add(row) {
        sites.add(row.id)
        vehicles += row.vehicles
        withoutNode += Number(row.nodeId === null)
      },
      found: () => findings({ sites: sites.rows, vehicles, withoutNode }, sites.found),
    }
  },
  connectivity() {
    const links = new Repeats()
    let customers = 0
    return {
      add(row) {
        links.add(`${row.area} ${row.nodeId}`)
        customers += row.customers
      },
      found: () => findings({ links: links.rows, customers }, links.found),
    }
  },
  network() {
    let nodes = 0
    return { add: () => void nodes++, found: () => findings({ nodes }) }
  },
}

function checkTrips(specifications: readonly EditionRows['vehicles'][]): FileCheck<'trips'> {
  const checks = new TripChecks(new Map(specifications.map((each) => [each.model, each])), mostNamed)
  let [trips, from, to, km, longestKm] = [0, Infinity, -Infinity, 0, 0]
  return {
    models: checks.models,
    add(trip) {
      checks.add(trip)
      trips++
      from = Math.min(from, trip.startMs)
      to = Math.max(to, trip.endMs)
      km += trip.km
      longestKm = Math.max(longestKm, trip.km)
    },
    found() {
      const summary = {
        trips,
        vehicles: checks.models.size,
        models: new Set(checks.models.values()).size,
        from: trips > 0 ? new Date(from).toISOString() : null,
        to: trips > 0 ? new Date(to).toISOString() : null,
        km: Math.round(km),
        longestKm,
      }
      return findings(summary, checks.found())
    },
  }
}

function checkChargePoints(): FileCheck<'charge-points'> {
  const points: ListedChargePoint[] = []
  let [excluded, highVoltage] = [0, 0]
  return {
    add({ id, name, eastingM, northingM, kw, taxiOnly, excluded: isExcluded, isHv }) {
      points.push({ id, name, eastingM, northingM, kw, taxiOnly, excluded: isExcluded })
      excluded += Number(isExcluded)
      highVoltage += Number(isHv === true)
    },
    found() {
      const faults = chargePointFaults(points)
      const count = (kind: string) => [...faults.values()].filter((fault) => fault === kind).length
      const summary = {
        chargePoints: points.length,
        duplicates: count('duplicate'),
        taxiOnly: count('taxi-only'),
        unknownPower: count('unknown-power'),
        excluded,
        highVoltage,
      }
      const anomalies = named()
      for (const [subject, kind] of faults) anomalies.add({ kind, subject, detail: chargePointWords[kind] })
      return findings(summary, anomalies)
    },
  }
}

function checkAreas(): FileCheck<'areas'> {
  const codes = new Repeats()
  const boroughs = new Set<string>()
  let [withoutShape, withoutCars, excludedAsHome] = [0, 0, 0]
  return {
    add(row) {
      codes.add(row.code)
      boroughs.add(row.borough)
      withoutShape += Number(row.polygons === null)
      withoutCars += Number(row.cars === null)
      excludedAsHome += Number(row.isExcludedAsHome)
    },
    found: () =>
      findings({ areas: codes.rows, boroughs: boroughs.size, withoutShape, withoutCars, excludedAsHome }, codes.found),
  }
}

/** An archetype needs each half-hour of each kind of day, once. */
function checkProfiles(): FileCheck<'profiles'> {
  const known = new Map<string, { rows: number; slots: Set<string> }>()
  let greatestW = 0
  return {
    add({ archetype, dayKind, slot, meanW }) {
      const own = known.get(archetype) ?? { rows: 0, slots: new Set<string>() }
      known.set(archetype, own)
      own.rows++
      own.slots.add(`${dayKind} ${slot}`)
      greatestW = Math.max(greatestW, meanW)
    },
    found: () => findings({ archetypes: known.size, greatestW }),
    faults: () =>
      [...known].flatMap(([archetype, { rows, slots }]) => {
        if (slots.size === cells && rows === cells) return []
        const message = `of ${archetype} has ${rows} rows: it needs one for each of 48 half-hours of four kinds of day`
        return [{ field: 'archetype', message }]
      }),
  }
}

const chargePointWords = {
  duplicate: 'is listed twice: the first counts',
  'taxi-only': 'is for taxis only, by its mark or its name: it is not used',
  'unknown-power': 'has no known power: it is not used',
}

/** A share above 1 cannot be; it counts as 1. */
function aboveOne({ area, years, shares }: EditionRows['growth']): Anomaly[] {
  const found = years.filter((_, i) => (shares[i] ?? 0) > 1)
  if (found.length === 0) return []
  return [
    { kind: 'share-above-1', subject: area, detail: `in ${found.join(', ')} the share is above 1: it counts as 1` },
  ]
}

/** Finds what is there more than once: the last counts. */
class Repeats {
  rows = 0
  readonly found = named()
  readonly #seen = new Set<string>()

  add(subject: string): void {
    this.rows++
    if (this.#seen.has(subject))
      this.found.add({ kind: 'duplicate', subject, detail: 'is there twice: the last row counts' })
    this.#seen.add(subject)
  }
}

function named(): FirstOf<Anomaly> {
  return new FirstOf(mostNamed)
}

function findings(summary: Findings['summary'], ...found: readonly FirstOf<Anomaly>[]): Findings {
  const anomalies = found.flatMap((each) => each.named).slice(0, mostNamed)
  return { summary, anomalies, anomalyCount: found.reduce((sum, { count }) => sum + count, 0) }
}
