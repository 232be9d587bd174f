import type { z } from 'zod'
import type { networkRunForm, tripRunForm } from '../../../schemas/planning/demand-runs.ts'
import type { SeasonFactors } from './outlook/profiles.ts'

/** The version of the engines; a run keeps the one that it was made with. */
export const engineVersion = 1

/** Everything from which a run over trips follows. */
export type TripRecord = z.output<typeof tripRunForm> & { engineVersion: number }

/** Everything from which a run over the network follows. */
export type NetworkRecord = z.output<typeof networkRunForm> & {
  engineVersion: number
  /** What was read of the network when the job began; `null` until then. */
  network: string | null
  /** Energy of a season to that without weather, from the mean temperatures that were known then. */
  seasonFactors: SeasonFactors | null
}
