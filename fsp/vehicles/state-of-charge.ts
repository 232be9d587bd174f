/** Part of the energy that a socket meters which reaches the battery: the losses of on-board chargers. Ours, not measured. */
export const chargeEfficiency = 0.9

/** A state of charge, and what it rests on. */
export interface StateOfCharge {
  /** From 0 to 1. */
  share: number
  /**
   * `telematics`: as the vehicle reported it; `telematics-and-register`: as reported, with what was charged since; `vehicle`: as it said at
   * the socket, with what was charged since; `register`: what was charged, from a start that its usual need lets expect.
   */
  basis: 'telematics' | 'telematics-and-register' | 'vehicle' | 'register'
  /** When the vehicle reported it; `null`: it did not. */
  reportedMs: number | null
}

/** What is known of a vehicle's charge under way. */
export interface ChargeState {
  startMs: number
  startWh: number
  /** The register as last read, Wh. */
  lastWh: number
}

/** How long before the start of a charge a reading still stands for its start: a vehicle that arrives is plugged in soon. */
const arrivalMs = 45 * 60_000

/**
 * A vehicle's state of charge. A reading that is older than its arrival says nothing: it has driven since.
 * @param reading its latest, with what the socket's register had counted by then, Wh (`null`: unknown); `isSaid`: not by telematics, but
 * through the charge point.
 * @param typicalWh what it takes from the socket in a usual charge, Wh; `null`: not known.
 */
export function stateOfCharge(given: {
  usableBatteryWh: number
  charge: ChargeState
  reading: { atMs: number; socPercent: number; registerWh: number | null; isSaid?: boolean } | null
  typicalWh: number | null
}): StateOfCharge | null {
  const { usableBatteryWh, charge, reading, typicalWh } = given
  const gainedFrom = (wh: number) => (Math.max(0, charge.lastWh - wh) * chargeEfficiency) / usableBatteryWh
  if (reading && reading.atMs >= charge.startMs - arrivalMs) {
    const sinceWh = reading.atMs <= charge.startMs ? charge.startWh : (reading.registerWh ?? charge.lastWh)
    const gained = gainedFrom(Math.max(charge.startWh, sinceWh))
    const reported = gained > 0 ? 'telematics-and-register' : 'telematics'
    const basis = reading.isSaid ? 'vehicle' : reported
    return { share: limited(reading.socPercent / 100 + gained), basis, reportedMs: reading.atMs }
  }
  if (typicalWh === null) return null
  const startShare = 1 - (typicalWh * chargeEfficiency) / usableBatteryWh
  return { share: limited(Math.max(0, startShare) + gainedFrom(charge.startWh)), basis: 'register', reportedMs: null }
}

function limited(share: number): number {
  return Math.min(1, Math.max(0, share))
}
