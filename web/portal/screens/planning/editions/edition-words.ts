import type { DemandEdition, EditionKind } from '../../../../../schemas/planning/demand-editions.ts'
import { fixed } from '../../../../shared/format/power.ts'
import { dayInWords, dayOf } from '../../../../shared/format/time.ts'

/** What each kind of file holds, and what it is for. */
export const kindInWords: Record<EditionKind, string> = {
  trips: 'Journeys of vehicles between areas, one in each row. Vehicles are pseudonyms.',
  vehicles: 'Models of electric vehicles with battery and consumption.',
  'charge-points': 'Public charge points. The National Chargepoint Registry is read as it is published.',
  areas:
    'Census areas (LSOAs) with a shape or a place, and how many cars they have. Lists of the ONS are read as published.',
  'off-street': 'The share of homes with off-street parking, by area or by borough.',
  growth:
    'The share of cars that are electric, by area and with a column for each year. DFES files are read as published.',
  'feeding-areas': 'Where each substation feeds, and how many customers it has.',
  connectivity: 'How many customers of an area each substation feeds.',
  'hv-sites': 'Hubs and depots that connect at high voltage, and whose vehicles they serve.',
  profiles: 'How one vehicle charges, by half-hour and kind of day. An archetype needs every half-hour.',
}

/** Whether a kind has times, or shapes, of which a person must state something. */
export const hasTimes = (kind: EditionKind) => kind === 'trips'
export const hasShapes = (kind: EditionKind) => kind === 'areas' || kind === 'feeding-areas'

const summaryWords: Record<string, string> = {
  trips: 'Trips',
  vehicles: 'Vehicles',
  models: 'Models',
  from: 'From',
  to: 'To',
  km: 'Distance km',
  longestKm: 'Longest trip km',
  verified: 'Verified models',
  chargePoints: 'Charge points',
  duplicates: 'Listed twice',
  taxiOnly: 'For taxis only',
  unknownPower: 'Of unknown power',
  excluded: 'Excluded',
  highVoltage: 'At high voltage',
  areas: 'Areas',
  boroughs: 'Boroughs',
  withoutShape: 'Without a shape',
  withoutCars: 'Without a number of cars',
  excludedAsHome: 'Excluded as homes',
  places: 'Places',
  firstYear: 'First year',
  lastYear: 'Last year',
  nodes: 'Nodes',
  withShape: 'With a shape',
  customers: 'Customers',
  archetypes: 'Archetypes',
  greatestW: 'Greatest mean W',
  sites: 'Sites',
  withoutNode: 'Without a stated node',
  links: 'Links',
}

const isYear = (name: string) => name === 'firstYear' || name === 'lastYear'
const isInstant = (name: string) => name === 'from' || name === 'to'

/** The figures of a file as facts, in an order of ours: the server keeps none. */
export function summaryFacts(summary: DemandEdition['summary']): [term: string, value: string][] {
  const known = Object.keys(summaryWords).filter((name) => name in summary)
  const others = Object.keys(summary).filter((name) => !(name in summaryWords))
  return [...known, ...others].map((name) => [summaryWords[name] ?? name, figureInWords(name, summary[name] ?? null)])
}

function figureInWords(name: string, value: DemandEdition['summary'][string]): string {
  if (value === null) return 'none'
  if (isInstant(name)) return dayInWords(dayOf(String(value)))
  if (typeof value === 'string' || isYear(name)) return String(value)
  return fixed(value, Number.isInteger(value) ? 0 : 1)
}

const anomalyWords: Record<string, string> = {
  duplicate: 'Duplicate',
  'taxi-only': 'For taxis only',
  'unknown-power': 'Power not known',
  'look-alike-model': 'Model easily mistaken',
  'unknown-model': 'Model not on record',
  'unverified-model': 'Model not verified',
  'journey-beyond-range': 'Beyond the range',
  'duplicate-trip': 'Duplicate trip',
  'overlapping-trips': 'Overlapping trips',
  'share-above-1': 'Share above 1',
}

/** What kind of thing a finding is. */
export function anomalyInWords(kind: string): string {
  return anomalyWords[kind] ?? kind
}
