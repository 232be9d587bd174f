import type { z } from 'zod'
import type { DemandEdition, EditionKind } from '../../../../../schemas/planning/demand-editions.ts'
import type { networkRunForm } from '../../../../../schemas/planning/demand-runs.ts'
import { type Figure, figureFault, figureText, readFigure } from '../figures.ts'
import type { MappingMethod, NetworkRecord } from '../words.ts'
import { usableEditions } from './edition-field.tsx'

/** A run over the network as its form holds it: figures as they are typed, '' for an edition that there is none of. */
export interface NetworkDraft {
  title: string
  areas: string
  growth: string
  offStreet: string
  tripRun: string
  method: MappingMethod
  feedingAreas: string
  connectivity: string
  hvSites: string
  profiles: string
  level: NetworkRecord['level']
  fromYear: string
  toYear: string
  tripYear: string
  wholeFleet: string
  perDegree: string
  referenceC: string
  fewVehicles: string
  draws: string
  seed: string
}

export const networkFigures = {
  fromYear: { label: 'First year', unit: '', least: 2010, most: 2100, isWhole: true },
  toYear: { label: 'Last year', unit: '', least: 2010, most: 2100, isWhole: true },
  tripYear: { label: 'Year of the trips', unit: '', least: 2010, most: 2100, isWhole: true },
  wholeFleet: {
    label: 'Whole fleet',
    unit: 'times the vehicles of the trips',
    least: 1,
    most: 1_000,
    hint: 'The demand of trips grows no further. Leave it empty to have it grow as cars do.',
  },
  perDegree: {
    label: 'More energy for each degree',
    unit: '%',
    least: 0,
    most: 10,
    scale: 100,
    hint: 'For each degree that a season lies below the reference, where its weather is known.',
  },
  referenceC: { label: 'Reference temperature', unit: '°C', least: -20, most: 40 },
  fewVehicles: {
    label: 'Percentiles up to',
    unit: 'vehicles',
    least: 1,
    most: 500,
    hint: 'A node with fewer shows how its peak may vary by chance.',
  },
  draws: { label: 'Days drawn for them', unit: '', least: 50, most: 2_000, isWhole: true },
  seed: { label: 'Seed', unit: '', least: 0, most: 2_147_483_647, isWhole: true },
} as const satisfies Partial<Record<keyof NetworkDraft, Figure>>

/** The edition that a method goes by; `null` if it needs none. */
export function editionOfMethod(method: MappingMethod): 'feedingAreas' | 'connectivity' | null {
  if (method === 'connectivity') return 'connectivity'
  return method === 'feeding-area' || method === 'customer-share' ? 'feedingAreas' : null
}

/** A draft that can be started as it is: the latest editions, and the years that the growth scenario has from this one on. */
export function firstNetworkDraft(editions: readonly DemandEdition[], today: string): NetworkDraft {
  const latest = (kind: EditionKind) => usableEditions(editions, kind)[0]
  const growth = latest('growth')
  const thisYear = Number(today.slice(0, 4))
  return {
    title: growth?.name ?? 'EV demand',
    areas: latest('areas')?.editionId ?? '',
    growth: growth?.editionId ?? '',
    offStreet: latest('off-street')?.editionId ?? '',
    tripRun: '',
    method: 'largest-in-area',
    feedingAreas: latest('feeding-areas')?.editionId ?? '',
    connectivity: latest('connectivity')?.editionId ?? '',
    hvSites: '',
    profiles: '',
    level: 'secondary',
    ...yearsOf(growth, thisYear),
    tripYear: String(thisYear),
    wholeFleet: '',
    perDegree: '0',
    referenceC: '15',
    fewVehicles: '100',
    draws: '200',
    seed: '1',
  }
}

/** The years of a scenario from this one on; 25 from this one where it does not say. */
export function yearsOf(
  growth: DemandEdition | undefined,
  thisYear: number,
): Pick<NetworkDraft, 'fromYear' | 'toYear'> {
  const [first, last] = [growth?.summary['firstYear'], growth?.summary['lastYear']]
  const toYear = typeof last === 'number' ? last : thisYear + 24
  const fromYear = typeof first === 'number' ? Math.max(first, thisYear) : thisYear
  return { fromYear: String(Math.min(fromYear, toYear)), toYear: String(toYear) }
}

/** The draft of a run like another, under a name of its own. */
export function networkDraftLike(record: NetworkRecord): NetworkDraft {
  const { wholeFleet, weather, few, title } = record
  return {
    title: `${title}, again`.slice(0, 200),
    areas: record.areas,
    growth: record.growth,
    offStreet: record.offStreet ?? '',
    tripRun: record.tripRun ?? '',
    method: record.method,
    feedingAreas: record.feedingAreas ?? '',
    connectivity: record.connectivity ?? '',
    hvSites: record.hvSites ?? '',
    profiles: record.profiles ?? '',
    level: record.level,
    fromYear: String(record.fromYear),
    toYear: String(record.toYear),
    tripYear: String(record.tripYear),
    wholeFleet: wholeFleet === null ? '' : String(wholeFleet),
    perDegree: figureText(weather.perDegree, networkFigures.perDegree),
    referenceC: String(weather.referenceC),
    fewVehicles: String(few.vehicles),
    draws: String(few.draws),
    seed: String(few.seed),
  }
}

type Faults = Partial<Record<keyof NetworkDraft, string>>

/** The draft as the API takes it, or what is wrong by field. */
export function readNetworkDraft(draft: NetworkDraft): {
  given: z.input<typeof networkRunForm> | null
  faults: Faults
} {
  const faults: Faults = {}
  if (draft.title.trim() === '') faults.title = 'Enter a title, so that people can tell runs apart.'
  else if (draft.title.length > 200) faults.title = 'Enter at most 200 characters.'
  if (draft.areas === '') faults.areas = 'Choose the areas whose vehicles are mapped.'
  if (draft.growth === '') faults.growth = 'Choose a growth scenario.'
  const needed = editionOfMethod(draft.method)
  if (needed && draft[needed] === '') faults[needed] = 'This method needs one.'
  for (const [name, figure] of Object.entries(networkFigures) as [keyof typeof networkFigures, Figure][]) {
    if (isUnused(name, draft)) continue
    const fault = figureFault(draft[name], figure)
    if (fault) faults[name] = fault
  }
  if (!faults.fromYear && !faults.toYear) {
    const span = Number(draft.toYear) - Number(draft.fromYear)
    if (span < 0) faults.toYear = 'The last year must not be before the first.'
    else if (span >= 60) faults.toYear = 'Choose at most 60 years.'
  }
  return { given: Object.keys(faults).length > 0 ? null : givenOf(draft), faults }
}

/** Whether a figure counts for nothing, so that whatever is typed in it is no fault. */
function isUnused(name: keyof typeof networkFigures, { tripRun, wholeFleet }: NetworkDraft): boolean {
  if (name === 'wholeFleet') return tripRun === '' || wholeFleet.trim() === ''
  return name === 'tripYear' && tripRun === ''
}

function givenOf(draft: NetworkDraft): z.input<typeof networkRunForm> {
  const needed = editionOfMethod(draft.method)
  const figure = (name: keyof typeof networkFigures) => readFigure(draft[name], networkFigures[name]) ?? undefined
  const orNull = (id: string) => (id === '' ? null : id)
  return {
    title: draft.title.trim(),
    areas: draft.areas,
    growth: draft.growth,
    offStreet: orNull(draft.offStreet),
    feedingAreas: needed === 'feedingAreas' ? draft.feedingAreas : null,
    connectivity: needed === 'connectivity' ? draft.connectivity : null,
    hvSites: orNull(draft.hvSites),
    profiles: orNull(draft.profiles),
    method: draft.method,
    level: draft.level,
    fromYear: figure('fromYear'),
    toYear: figure('toYear'),
    tripRun: orNull(draft.tripRun),
    ...(draft.tripRun === ''
      ? {}
      : { tripYear: figure('tripYear'), wholeFleet: isUnused('wholeFleet', draft) ? null : figure('wholeFleet') }),
    weather: { perDegree: figure('perDegree'), referenceC: figure('referenceC') },
    few: { vehicles: figure('fewVehicles'), draws: figure('draws'), seed: figure('seed') },
  }
}
