import type { EvSpecification, TripParameters } from './model.ts'
import type { Roads } from './roads.ts'

/** Where a vehicle charges between shifts. */
export interface Home {
  /** `null` if no log-on or log-off tells: then it charges where the shift ended. */
  area: string | null
  hasDrive: boolean
}

/** A driver and what is known of the world. */
export interface Walker {
  vehicle: EvSpecification
  roads: Roads
  parameters: TripParameters
  homeAt(ms: number): Home
}
