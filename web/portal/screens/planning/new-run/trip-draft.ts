import type { z } from 'zod'
import type { DemandEdition, EditionKind } from '../../../../../schemas/planning/demand-editions.ts'
import { tripParameters, type tripRunForm } from '../../../../../schemas/planning/demand-runs.ts'
import { figureFault, figureText, readFigure } from '../figures.ts'
import type { TripRecord } from '../words.ts'
import { usableEditions } from './edition-field.tsx'
import { tripFigures } from './trip-figures.ts'

type FigureName = keyof typeof tripFigures
const names = Object.keys(tripFigures) as FigureName[]

/** A run over trips as its form holds it; '' for an edition that there is none of. */
export interface TripDraft {
  title: string
  trips: string[]
  vehicles: string
  areas: string
  chargePoints: string
  offStreet: string
  figures: Record<FigureName, string>
}

/** A draft that can be started as it is: the latest edition of each kind, and the usual figures. */
export function firstTripDraft(editions: readonly DemandEdition[]): TripDraft {
  const latest = (kind: EditionKind) => usableEditions(editions, kind)[0]
  const trips = latest('trips')
  return {
    title: trips?.name ?? 'EV demand of trips',
    trips: trips ? [trips.editionId] : [],
    vehicles: latest('vehicles')?.editionId ?? '',
    areas: latest('areas')?.editionId ?? '',
    chargePoints: latest('charge-points')?.editionId ?? '',
    offStreet: latest('off-street')?.editionId ?? '',
    figures: figuresOf(tripParameters.parse({})),
  }
}

/** The draft of a run like another, under a name of its own. */
export function tripDraftLike(record: TripRecord): TripDraft {
  return {
    title: `${record.title}, again`.slice(0, 200),
    trips: record.trips,
    vehicles: record.vehicles,
    areas: record.areas,
    chargePoints: record.chargePoints ?? '',
    offStreet: record.offStreet ?? '',
    figures: figuresOf(record.parameters),
  }
}

function figuresOf(parameters: TripRecord['parameters']): TripDraft['figures'] {
  const texts = names.map((name) => [name, figureText(parameters[name], tripFigures[name])] as const)
  return Object.fromEntries(texts) as TripDraft['figures']
}

type Field = Exclude<keyof TripDraft, 'figures'> | FigureName

/** The draft as the API takes it, or what is wrong by field. */
export function readTripDraft(draft: TripDraft): {
  given: z.input<typeof tripRunForm> | null
  faults: Partial<Record<Field, string>>
} {
  const faults: Partial<Record<Field, string>> = {}
  if (draft.title.trim() === '') faults.title = 'Enter a title, so that people can tell runs apart.'
  else if (draft.title.length > 200) faults.title = 'Enter at most 200 characters.'
  if (draft.trips.length === 0) faults.trips = 'Choose at least one edition of trips.'
  else if (draft.trips.length > 36) faults.trips = 'Choose at most 36 editions of trips.'
  if (draft.vehicles === '') faults.vehicles = 'Choose the register of vehicle models.'
  if (draft.areas === '') faults.areas = 'Choose the areas that trips begin and end in.'
  for (const name of names) {
    const fault = figureFault(draft.figures[name], tripFigures[name])
    if (fault) faults[name] = fault
  }
  if (Object.keys(faults).length > 0) return { given: null, faults }
  const { title, figures, chargePoints, offStreet, ...editions } = draft
  const parameters = names.map((name) => [name, readFigure(figures[name], tripFigures[name])] as const)
  return {
    given: {
      ...editions,
      title: title.trim(),
      chargePoints: chargePoints || null,
      offStreet: offStreet || null,
      parameters: Object.fromEntries(parameters) as Partial<TripRecord['parameters']>,
    },
    faults,
  }
}
