import type { DemandEdition, EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { anomaliesOf, chargePointFaults } from './engine/checks.ts'
import { cells } from './engine/demand.ts'
import type { EditionRows } from './rows.ts'

/** What is said of a file when it is imported. */
export type Findings = Pick<DemandEdition, 'summary' | 'anomalies' | 'anomalyCount'>

/** Anomalies that are named; more usually share a cause. */
const mostNamed = 200

type Rows<K extends EditionKind> = readonly EditionRows[K][]

/** The summary of a file, and what a person should look at. @param specifications the latest register of vehicles, for trips. */
export function findingsOf(kind: EditionKind, rows: readonly unknown[], specifications: Rows<'vehicles'>): Findings {
  const { summary, anomalies } = finders[kind](rows as never, specifications)
  return { summary, anomalies: anomalies.slice(0, mostNamed), anomalyCount: anomalies.length }
}

type Found = { summary: Findings['summary']; anomalies: Findings['anomalies'] }

const finders: { [K in EditionKind]: (rows: Rows<K>, specifications: Rows<'vehicles'>) => Found } = {
  trips(trips, specifications) {
    const modelNames = new Map(trips.map(({ vehicle, model }) => [vehicle, model]))
    const byModel = new Map(specifications.map((each) => [each.model, each]))
    let [from, to, km, longestKm] = [Infinity, -Infinity, 0, 0]
    for (const trip of trips) {
      from = Math.min(from, trip.startMs)
      to = Math.max(to, trip.endMs)
      km += trip.km
      longestKm = Math.max(longestKm, trip.km)
    }
    const summary = {
      trips: trips.length,
      vehicles: modelNames.size,
      models: new Set(modelNames.values()).size,
      from: trips.length > 0 ? new Date(from).toISOString() : null,
      to: trips.length > 0 ? new Date(to).toISOString() : null,
      km: Math.round(km),
      longestKm,
    }
    return { summary, anomalies: anomaliesOf({ trips, modelNames, specifications: byModel }) }
  },
  vehicles: (rows) => ({
    summary: { models: rows.length, verified: rows.filter(({ isVerified }) => isVerified).length },
    anomalies: repeated(rows.map(({ model }) => model)),
  }),
  'charge-points'(rows) {
    const faults = chargePointFaults(rows)
    const count = (kind: string) => [...faults.values()].filter((fault) => fault === kind).length
    const summary = {
      chargePoints: rows.length,
      duplicates: count('duplicate'),
      taxiOnly: count('taxi-only'),
      unknownPower: count('unknown-power'),
      excluded: rows.filter(({ excluded }) => excluded).length,
      highVoltage: rows.filter(({ isHv }) => isHv).length,
    }
    const anomalies = [...faults].map(([subject, kind]) => ({ kind, subject, detail: chargePointWords[kind] }))
    return { summary, anomalies }
  },
  areas: (rows) => ({
    summary: {
      areas: rows.length,
      boroughs: new Set(rows.map(({ borough }) => borough)).size,
      withoutShape: rows.filter(({ polygons }) => polygons === null).length,
      withoutCars: rows.filter(({ cars }) => cars === null).length,
      excludedAsHome: rows.filter(({ isExcludedAsHome }) => isExcludedAsHome).length,
    },
    anomalies: repeated(rows.map(({ code }) => code)),
  }),
  'off-street': (rows) => ({ summary: { places: rows.length }, anomalies: repeated(rows.map(({ place }) => place)) }),
  growth: (rows) => ({
    summary: { areas: rows.length, firstYear: rows[0]?.years[0] ?? null, lastYear: rows[0]?.years.at(-1) ?? null },
    anomalies: [...repeated(rows.map(({ area }) => area)), ...rows.flatMap(aboveOne)],
  }),
  'feeding-areas': (rows) => ({
    summary: {
      nodes: rows.length,
      withShape: rows.filter(({ polygons }) => polygons !== null).length,
      customers: rows.reduce((sum, { customers }) => sum + (customers ?? 0), 0),
    },
    anomalies: repeated(rows.map(({ nodeId }) => nodeId)),
  }),
  profiles: (rows) => ({
    summary: {
      archetypes: new Set(rows.map(({ archetype }) => archetype)).size,
      greatestW: rows.reduce((most, { meanW }) => Math.max(most, meanW), 0),
    },
    anomalies: [],
  }),
  'hv-sites': (rows) => ({
    summary: {
      sites: rows.length,
      vehicles: rows.reduce((sum, { vehicles }) => sum + vehicles, 0),
      withoutNode: rows.filter(({ nodeId }) => nodeId === null).length,
    },
    anomalies: repeated(rows.map(({ id }) => id)),
  }),
  connectivity: (rows) => ({
    summary: { links: rows.length, customers: rows.reduce((sum, { customers }) => sum + customers, 0) },
    anomalies: repeated(rows.map(({ area, nodeId }) => `${area} ${nodeId}`)),
  }),
}

const chargePointWords = {
  duplicate: 'is listed twice: the first counts',
  'taxi-only': 'is for taxis only, by its mark or its name: it is not used',
  'unknown-power': 'has no known power: it is not used',
}

/** A share above 1 cannot be; it counts as 1. */
function aboveOne({ area, years, shares }: EditionRows['growth']): Findings['anomalies'] {
  const found = years.filter((_, i) => (shares[i] ?? 0) > 1)
  if (found.length === 0) return []
  return [
    { kind: 'share-above-1', subject: area, detail: `in ${found.join(', ')} the share is above 1: it counts as 1` },
  ]
}

/** What is there more than once: the last counts. */
function repeated(names: readonly string[]): Findings['anomalies'] {
  const seen = new Set<string>()
  return names.flatMap((subject) => {
    if (seen.has(subject)) return [{ kind: 'duplicate', subject, detail: 'is there twice: the last row counts' }]
    seen.add(subject)
    return []
  })
}

/** What is wrong with a file as a whole: an archetype needs each half-hour of each kind of day, once. */
export function wholeFileFaults(kind: EditionKind, rows: readonly unknown[]): { field: string; message: string }[] {
  if (kind !== 'profiles') return []
  const byArchetype = Map.groupBy(rows as Rows<'profiles'>, ({ archetype }) => archetype)
  return [...byArchetype].flatMap(([archetype, own]) => {
    const known = new Set(own.map(({ dayKind, slot }) => `${dayKind} ${slot}`))
    if (known.size === cells && own.length === cells) return []
    const message = `of ${archetype} has ${own.length} rows: it needs one for each of 48 half-hours of four kinds of day`
    return [{ field: 'archetype', message }]
  })
}
