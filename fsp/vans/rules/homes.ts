import type { DataOf, Snapshot } from '../../registers/index.ts'

/** A van with who drives it and where it charges. */
export interface HomeVan {
  vehicleId: string
  driverId: string
  driver: DataOf<'drivers'>
  /** `null`: the driver has no home that we know. */
  home: DataOf<'homes'> | null
  /** OCPP identity of the charge point at home; `null`: it charges in public. */
  chargePoint: string | null
  idTag: string | null
  /** `null`: its type is not known. */
  usableBatteryWh: number | null
  acPowerW: number | null
}

/** The vans of a unit's drivers, by registration. */
export function vansOf(snapshot: Snapshot, depotId: string): HomeVan[] {
  return [...snapshot.vehicleDrivers]
    .filter(([, each]) => each.depotId === depotId)
    .flatMap(([vehicleId]) => vanOf(snapshot, vehicleId) ?? [])
    .sort((a, b) => (a.vehicleId < b.vehicleId ? -1 : 1))
}

/** A van as the registers have it; `null`: nobody drives it. */
export function vanOf(snapshot: Snapshot, vehicleId: string): HomeVan | null {
  const driverId = snapshot.vehicleDrivers.get(vehicleId)?.driver
  const driver = driverId === undefined ? undefined : snapshot.drivers.get(driverId)
  if (driverId === undefined || !driver) return null
  const ev = snapshot.evs.get(vehicleId)
  const type = ev && snapshot.evTypes.get(ev.evType)
  const home = driver.home === null ? null : (snapshot.homes.get(driver.home) ?? null)
  return {
    vehicleId,
    driverId,
    driver,
    home,
    chargePoint: home?.chargePoint ?? null,
    idTag: ev?.idTag ?? null,
    usableBatteryWh: type?.usableBatteryWh ?? null,
    acPowerW: type?.acPowerW ?? null,
  }
}

/** The van that a driver drives; the first by registration if there are several. */
export function vanOfDriver(snapshot: Snapshot, driverId: string): HomeVan | null {
  const own = [...snapshot.vehicleDrivers].filter(([, { driver }]) => driver === driverId).map(([key]) => key)
  const [first] = own.sort()
  return first === undefined ? null : vanOf(snapshot, first)
}

/** Homes of a unit behind one LV feeder. */
export interface Cluster {
  lvFeeder: string
  homes: number
  /** What their charge points could draw together, W. */
  ratedW: number
  /** More than may be moved at once. */
  isFlagged: boolean
}

/**
 * How a unit's homes lie on the network. A unit moves its vans together, so that many behind one feeder would swing that feeder: the
 * report asks for it to be seen (2.4.1, units bound by geography).
 */
export function clustersOf(snapshot: Snapshot, depotId: string, wattsOf: (identity: string) => number): Cluster[] {
  const most = snapshot.homeUnits.get(depotId)?.clusterHomes ?? Number.POSITIVE_INFINITY
  const own = [...snapshot.homes.values()].filter((home) => home.depotId === depotId && home.chargePoint !== null)
  const byFeeder = Map.groupBy(own, ({ lvFeeder }) => lvFeeder)
  return [...byFeeder]
    .flatMap(([lvFeeder, homes]) => {
      if (lvFeeder === null) return []
      const ratedW = homes.reduce((sum, { chargePoint }) => sum + (chargePoint === null ? 0 : wattsOf(chargePoint)), 0)
      return [{ lvFeeder, homes: homes.length, ratedW, isFlagged: homes.length >= most }]
    })
    .sort((a, b) => b.homes - a.homes || (a.lvFeeder < b.lvFeeder ? -1 : 1))
}
