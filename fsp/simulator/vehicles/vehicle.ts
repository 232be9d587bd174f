/** Voltage of the single phase that each socket is wired to. */
export const volts = 230

/** Minimum charging current of a vehicle (IEC 61851); below it, charging pauses. */
export const leastCurrentA = 6
export const leastPowerW = leastCurrentA * volts

/** A vehicle's battery and charger; `storedWh` is its state. */
export interface Vehicle {
  readonly vehicleId: string
  /** The RFID token that its driver presents. */
  readonly idTag: string
  readonly batteryWh: number
  /** Maximum power of its charger. */
  readonly maxPowerW: number
  /** Stored energy at which charging is complete. */
  readonly targetWh: number
  storedWh: number
  /** What its driver does with the token; absent: shows the vehicle's own as soon as it is plugged in. */
  driver?: Driver
}

/** A driver who does otherwise than show the vehicle's own token on plugging in. */
export interface Driver {
  /** The token that is shown; `null`: none. */
  shows: string | null
  /** Not before this instant, ms: a driver who forgot comes back. */
  fromMs?: number
}

/** The token that a vehicle's driver shows at an instant; `null`: none, or none yet. */
export function tokenShown({ idTag, driver }: Vehicle, atMs: number): string | null {
  if (!driver) return idTag
  return atMs >= (driver.fromMs ?? atMs) ? driver.shows : null
}

/**
 * Charging power is constant up to 80 % and then falls in proportion to the missing energy, but not below a fifth:
 *
 *     curve(s) = max                                s ≤ 0.8 B
 *              = max · (B − s) / (0.2 B)            0.8 B < s ≤ 0.96 B
 *              = max / 5                            beyond
 */
const taperFrom = 0.8
const leastShare = 0.2

/** Energy missing to the target, Wh; less than a thousandth of a Wh counts as 0. */
function missingWh(vehicle: Vehicle): number {
  const missing = vehicle.targetWh - vehicle.storedWh
  return missing > 1e-3 ? missing : 0
}

export function isContent(vehicle: Vehicle): boolean {
  return missingWh(vehicle) === 0
}

/** Power that a vehicle draws now if `offeredW` is offered. */
export function powerTakenW(vehicle: Vehicle, offeredW: number): number {
  if (offeredW < leastPowerW || isContent(vehicle)) return 0
  const share = (vehicle.batteryWh - vehicle.storedWh) / ((1 - taperFrom) * vehicle.batteryWh)
  return Math.min(offeredW, vehicle.maxPowerW * Math.min(1, Math.max(leastShare, share)))
}

/** Charges a vehicle for a time at constant offered power, and returns the energy drawn, Wh: exact, in closed form. */
export function charge(vehicle: Vehicle, offeredW: number, hours: number): number {
  if (offeredW < leastPowerW || isContent(vehicle)) return 0
  const { batteryWh: b, maxPowerW: max } = vehicle
  const flatW = Math.min(offeredW, max)
  const taperWh = (1 - taperFrom) * b
  const floorAt = b - leastShare * taperWh
  // Where the curve falls below the offered power.
  const taperAt = flatW > leastShare * max ? b - (taperWh * flatW) / max : b
  let stored = vehicle.storedWh
  let left = hours
  if (stored < taperAt) {
    const spent = Math.min(left, (taperAt - stored) / flatW)
    stored += flatW * spent
    left -= spent
  }
  if (left > 0 && stored < floorAt) {
    const rate = max / taperWh
    const untilFloor = Math.log((b - stored) / (b - floorAt)) / rate
    const spent = Math.min(left, untilFloor)
    stored = b - (b - stored) * Math.exp(-rate * spent)
    left -= spent
  }
  if (left > 0) stored += Math.min(flatW, leastShare * max) * left
  const taken = Math.min(stored, vehicle.targetWh) - vehicle.storedWh
  vehicle.storedWh += taken
  return taken
}
