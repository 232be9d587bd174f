/** A movement between two status events of a driver at the platform: to a rider, with one, or on. The first of a shift begins at the log-on. */
export interface Trip {
  vehicle: string
  startMs: number
  endMs: number
  /** Areas (LSOAs) in which it begins and ends. */
  from: string
  to: string
  km: number
}

/** What a model of vehicle has and takes. */
export interface EvSpecification {
  model: string
  usableKwh: number
  kwhPerKm: number
  /** The most that it takes of alternating and of direct current, kW; 0 where it has no such inlet. */
  acKw: number
  dcKw: number
}

/** A census area, with its middle on the British grid, m. */
export interface Area {
  code: string
  borough: string
  eastingM: number
  northingM: number
  /** Nobody is taken to live here: offices, night life, an airport (report section 4.2). */
  isExcludedAsHome: boolean
  /** Share of its homes with off-street parking; `null` where only the borough's is known or neither is. */
  offStreetShare: number | null
}

/** A public charge point that these drivers may use. */
export interface ChargePoint {
  id: string
  area: string
  kw: number
  isDc: boolean
  /** Where its demand counts, if not in its area: a hub at high voltage. */
  demandArea?: string
}

/** Everything that the model assumes. Each run keeps its own with its result. */
export interface TripParameters {
  /** A longer gap ends a shift, h (report section 4.2: four). */
  shiftGapH: number
  /** How long a home counts before it is looked for again, months (report section 4.2: three). */
  homeMonths: number
  /** Charge at the first log-on, and what charging off shift aims at, as a share of the battery. */
  targetShare: number
  /** A driver looks for a charge on shift when less than this is left, as a share of the battery. */
  lookBelowShare: number
  /** The least that makes stopping at a charge point worthwhile: minutes of charging, and kWh. */
  worthwhileMinutes: number
  worthwhileKwh: number
  /** The longest way to a charge point on shift, km on the road. */
  detourKm: number
  /** Kilometres of road to one in a straight line, and how fast they pass, km/h. */
  roadFactor: number
  speedKmH: number
  /** A charge point at home, and a public one near home where none is listed, kW. */
  homeKw: number
  publicKw: number
  /** What reaches the battery of what the network gives, as a share. */
  chargerEfficiency: number
  /** Chance: who has a drive of those in an area of whom a share has. */
  seed: number
}

/** Defaults; only the gap and the months are the trial's. */
export const usualTripParameters: TripParameters = {
  shiftGapH: 4,
  homeMonths: 3,
  targetShare: 0.9,
  lookBelowShare: 0.35,
  worthwhileMinutes: 15,
  worthwhileKwh: 4,
  detourKm: 5,
  roadFactor: 1.3,
  speedKmH: 20,
  homeKw: 7.4,
  publicKw: 7.4,
  chargerEfficiency: 0.9,
  seed: 1,
}

/** A charge: `kwh` at an even `kw` from `startMs`. */
export interface ChargingEvent {
  vehicle: string
  startMs: number
  kw: number
  kwh: number
  area: string
  place: 'on-shift' | 'home' | 'public-near-home'
}

export const hourMs = 3_600_000
