import type { RefusedBecause } from '../../../schemas/fsp/payroll.ts'
import { chargeEfficiency } from '../../vehicles/index.ts'

/** A charge at a home charge point that is over. */
export interface HomeCharge {
  startMs: number
  stopMs: number
  /** What the charge point's meter counted. */
  energyWh: number
}

/** What a van reported of itself. */
export interface VanReading {
  atMs: number
  socPercent: number
  odometerKm: number | null
}

/** What the registers and telematics say of the van that charged. */
export interface VanEvidence {
  /** The area of its driver's home. */
  homeLsoa: string
  /** Where telematics saw it in the night of the charge; empty: nowhere. */
  places: readonly string[]
  /** Readings around the charge, in order. */
  readings: readonly VanReading[]
  /** `null`: its type is not known. */
  usableBatteryWh: number | null
}

/** A charge as telematics confirm it, or why they do not. */
export type Match = { isConfirmed: true; telematicsWh: number } | { isConfirmed: false; because: RefusedBecause }

/** A reading counts for the beginning or end of a charge from so long before it until so long after, ms. */
const nearMs = 12 * 3_600_000
/** Clocks of vans and charge points differ, ms. */
const clocksMs = 10 * 60_000
/** How far the battery's gain may be from what the meter says: a percent of a big battery is more than half a kWh. */
const tolerance = { share: 0.2, wh: 2_000 }
/** A van that stands is not driven: odometers count in whole km. */
const standsKm = 1

const refused = (because: RefusedBecause): Match => ({ isConfirmed: false, because })

/**
 * Whether a van's telematics confirm a charge at its driver's home (L11): it stood in the area of that home in the night of the charge, was
 * not driven while it was plugged in, and its battery gained what the meter says. Otherwise the charge is not reimbursed.
 */
export function matchCharge(charge: HomeCharge, evidence: VanEvidence): Match {
  const { homeLsoa, places, readings, usableBatteryWh } = evidence
  if (places.length === 0) return refused('place-not-reported')
  if (!places.includes(homeLsoa)) return refused('elsewhere')
  const { startMs, stopMs, energyWh } = charge
  const before = readings.findLast(({ atMs }) => atMs <= startMs + clocksMs && atMs >= startMs - nearMs)
  const after = readings.find(({ atMs }) => atMs >= stopMs - clocksMs && atMs <= stopMs + nearMs)
  if (!before || !after || usableBatteryWh === null) return refused('charge-not-reported')
  if (wasDriven(charge, readings)) return refused('driven-meanwhile')
  const telematicsWh = ((after.socPercent - before.socPercent) / 100) * (usableBatteryWh / chargeEfficiency)
  const isNear = Math.abs(telematicsWh - energyWh) <= Math.max(tolerance.wh, tolerance.share * energyWh)
  return isNear ? { isConfirmed: true, telematicsWh: Math.round(telematicsWh) } : refused('energy-differs')
}

function wasDriven({ startMs, stopMs }: HomeCharge, readings: readonly VanReading[]): boolean {
  const within = readings.flatMap(({ atMs, odometerKm }) =>
    odometerKm !== null && atMs >= startMs + clocksMs && atMs <= stopMs - clocksMs ? [odometerKm] : [],
  )
  const [first, last] = [within[0], within.at(-1)]
  return first !== undefined && last !== undefined && last - first > standsKm
}
