import type { z } from 'zod'
import type { syntheticTripsForm } from '../../../../../schemas/planning/demand-editions.ts'
import { pageLanguage } from '../../../../shared/format/language.ts'
import { type Figure, figureFault, readFigure } from '../figures.ts'

/** Trips to be made up, as the form holds them. */
export interface TripsDraft {
  name: string
  areas: string
  model: string
  firstDay: string
  vehicles: string
  days: string
  seed: string
}

export const tripsFigures = {
  vehicles: { label: 'Vehicles', unit: '', least: 1, most: 2_000, isWhole: true },
  days: { label: 'Days', unit: '', least: 1, most: 92, isWhole: true },
  seed: {
    label: 'Seed',
    unit: '',
    least: 0,
    most: 2_147_483_647,
    isWhole: true,
    hint: 'The same seed makes the same trips.',
  },
} as const satisfies Partial<Record<keyof TripsDraft, Figure>>

/** More days of vehicles are not made at once. */
const mostVehicleDays = 20_000

/** The draft as the API takes it, or what is wrong by field. */
export function readTripsDraft(draft: TripsDraft): {
  given: z.input<typeof syntheticTripsForm> | null
  faults: Partial<Record<keyof TripsDraft, string>>
} {
  const faults: Partial<Record<keyof TripsDraft, string>> = {}
  if (draft.name.trim() === '') faults.name = 'Enter a name, under which runs list these trips.'
  if (draft.areas === '') faults.areas = 'Choose the areas that the trips begin and end in.'
  if (draft.model.trim() === '') faults.model = 'Enter a model of your register of vehicle models.'
  if (draft.firstDay === '') faults.firstDay = 'Enter the first day.'
  const [vehicles, days, seed] = (['vehicles', 'days', 'seed'] as const).map((name) => {
    const fault = figureFault(draft[name], tripsFigures[name])
    if (fault) faults[name] = fault
    return readFigure(draft[name], tripsFigures[name])
  })
  if (vehicles && days && vehicles * days > mostVehicleDays)
    faults.days = `Choose fewer days or vehicles: at most ${mostVehicleDays.toLocaleString(pageLanguage)} days of vehicles.`
  if (Object.keys(faults).length > 0 || !vehicles || !days) return { given: null, faults }
  return {
    given: {
      name: draft.name.trim(),
      areasEditionId: draft.areas,
      model: draft.model.trim(),
      firstDay: draft.firstDay,
      vehicles,
      days,
      seed: seed ?? 0,
    },
    faults,
  }
}
