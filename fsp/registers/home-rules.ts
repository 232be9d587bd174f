import type { Flaw, Snapshot } from './snapshot.ts'

/** What the registers of homes and drivers refer to that is not there, or that two of them claim at once. */
export function homeFlaws(snapshot: Snapshot): Flaw[] {
  return [
    ...depotFlaws(snapshot),
    ...unitFlaws(snapshot),
    ...homeReferenceFlaws(snapshot),
    ...driverFlaws(snapshot),
    ...vehicleDriverFlaws(snapshot),
  ]
}

const ofDepots = ['homeUnits', 'homes', 'drivers', 'vehicleDrivers'] as const

function depotFlaws(snapshot: Snapshot): Flaw[] {
  return ofDepots.flatMap((register) =>
    [...snapshot[register]].flatMap(([key, { depotId }]) =>
      snapshot.depots.has(depotId)
        ? []
        : [{ register, key, field: 'depotId', message: `depot ${depotId} is not registered` }],
    ),
  )
}

function unitFlaws({ homeUnits }: Snapshot): Flaw[] {
  return [...homeUnits].flatMap(([key, { depotId }]) =>
    key === depotId ? [] : [{ register: 'homeUnits' as const, key, field: 'depotId', message: 'must be the key' }],
  )
}

function homeReferenceFlaws({ homes, areas, chargePoints }: Snapshot): Flaw[] {
  const taken = new Map<string, string>()
  return [...homes].flatMap(([key, { depotId, lsoa, chargePoint, hasOffStreetParking }]) => {
    const flaw = (field: string, message: string): Flaw => ({ register: 'homes', key, field, message })
    const ofArea = areas.has(lsoa) ? [] : [flaw('lsoa', `area ${lsoa} is not registered`)]
    if (chargePoint === null) return ofArea
    const before = taken.get(chargePoint)
    if (before === undefined) taken.set(chargePoint, key)
    const stands = chargePoints.get(chargePoint)
    const message = !hasOffStreetParking
      ? 'cannot be where there is no off-street parking'
      : !stands
        ? `charge point ${chargePoint} is not registered`
        : stands.depotId !== depotId
          ? `${chargePoint} belongs to depot ${stands.depotId}`
          : before === undefined
            ? null
            : `${chargePoint} is at home ${before}`
    return message === null ? ofArea : [...ofArea, flaw('chargePoint', message)]
  })
}

function driverFlaws({ drivers, homes }: Snapshot): Flaw[] {
  return [...drivers].flatMap(([key, { depotId, home }]) => {
    if (home === null) return []
    const found = homes.get(home)
    const message = found
      ? found.depotId === depotId
        ? null
        : `${home} belongs to depot ${found.depotId}`
      : `home ${home} is not registered`
    return message === null ? [] : [{ register: 'drivers' as const, key, field: 'home', message }]
  })
}

function vehicleDriverFlaws({ vehicleDrivers, drivers, evs }: Snapshot): Flaw[] {
  return [...vehicleDrivers].flatMap(([key, { driver }]) => {
    const flaw = (field: string, message: string): Flaw => ({ register: 'vehicleDrivers', key, field, message })
    return [
      ...(evs.has(key) ? [] : [flaw('key', `vehicle ${key} is not registered`)]),
      ...(drivers.has(driver) ? [] : [flaw('driver', `driver ${driver} is not registered`)]),
    ]
  })
}
