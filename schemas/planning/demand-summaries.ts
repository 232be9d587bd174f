/** What a run over trips says in short. Shares are from 0 to 1. */
export interface TripRunSummary {
  vehicles: number
  trips: number
  shifts: number
  shiftsWithCharge: number
  /** `shiftsWithCharge` to `shifts`: 15 to 20 % in the trial. */
  onShiftShare: number
  shiftsTooLong: number
  /** Spans of months of a vehicle whose log-ons and log-offs tell no home. */
  homesUnknown: number
  withDrive: number
  events: Record<'on-shift' | 'home' | 'public-near-home', number>
  energyKwh: Record<'on-shift' | 'home' | 'public-near-home', number>
  drivenKwh: number
  unmetKwh: number
  months: { month: string; trips: number; meanKm: number; charges: number; chargedKwh: number }[]
  vehiclesWithoutModel: number
  chargePointsUsed: number
}

/** What a run over the network says in short. */
export interface NetworkRunSummary {
  years: number[]
  /** Mean share of electric cars in each of the years. */
  meanShare: number[]
  areas: number
  /** Areas in which the method had nothing to go by: the nearest substation carries them. */
  areasByNearest: number
  areasWithoutNode: number
  /** Areas that the growth does not know: they take the mean of their borough, or of all. */
  areasByBorough: number
  areasByAll: number
  areasWithoutCars: number
  fleetAreasUnknown: number
  nodes: number
  nodesExceeded: number
  nodesUnknown: number
  /** When the first node is exceeded; `null` if none is. Runs from before it was stated have none. */
  firstYear?: number | null
  hvSites: number
  hvSitesByNearest: number
  hvSitesWithoutNode: number
  /** Vehicles of sites at high voltage that their area does not have. */
  hvVehiclesBeyondArea: number
}
