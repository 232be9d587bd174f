import type { ChargePointModel, DepotSeed, EvTypeSeed } from '../../schemas/fsp/depots.ts'
import { homeAscKva, type VanUnitSeed } from '../../schemas/fsp/homes.ts'
import type { Change, FirstRegisters } from '../registers/index.ts'

/** The home charge point of the trial: a single Alfen Eve (report 2.2). */
const homeModel = 'alfen-eve-single'

/** When vans leave that say nothing else, and what their drivers ask for being charged later, £/MWh: each by turns. */
const readyTimes = ['06:30', '07:00', '07:30'] as const
const costs = [30, 60, 90, 120] as const

/**
 * A unit of homes as a depot of the registers and of the simulated world: it has neither a building nor one connection, so that its
 * capacity is that of its homes together.
 */
export function vanDepotOf(seed: VanUnitSeed): DepotSeed {
  const { depotId, name, customer, licenceArea, nodeId, homes } = seed
  const ascKva = homes.length * homeAscKva
  const flat = [{ from: '00:00', limitW: Math.round(ascKva * 1_000) }]
  const [first] = homes
  if (!first) throw new Error(`the unit of homes ${depotId} has no home`)
  return {
    depotId,
    name,
    customer,
    address: `Homes behind ${nodeId}`,
    licenceArea,
    mpan: first.mpan,
    connectionId: first.connectionId,
    hubId: null,
    nodeId,
    ascKva,
    powerFactor: 1,
    bufferW: 0,
    feeders: [{ feeder: 1, role: 'ev' }],
    building: { dayW: 0, nightW: 0 },
    evs: homes.length,
    chargePoints: [{ model: homeModel, count: homes.length, feeder: 1 }],
    profile: { weekday: flat, weekend: flat },
    isHomes: true,
  }
}

/** What the registers of an FSP of homes begin with. */
export function firstVans(
  seeds: readonly VanUnitSeed[],
  given: { models: readonly ChargePointModel[]; evTypes: readonly EvTypeSeed[] },
): FirstRegisters {
  return { ...given, depots: seeds.map(vanDepotOf), more: seeds.flatMap(homeChanges) }
}

const numbered = (n: number, digits: number) => String(n).padStart(digits, '0')

function homeChanges(seed: VanUnitSeed): Change[] {
  const { depotId, product, prices, clusterHomes, nodeId, areas, homes, lvFeeders, withoutParking } = seed
  const lsoaOf = (i: number) => areas[i % areas.length]?.lsoa ?? ''
  const unit: Change<'homeUnits'> = {
    register: 'homeUnits',
    key: depotId,
    data: { depotId, product, prices, clusterHomes, nodeId },
  }
  return [
    ...areas.map(({ lsoa: key, ...data }): Change<'areas'> => ({ register: 'areas', key, data })),
    unit,
    ...homes.map(({ mpan }, i): Change<'homes'> => {
      const chargePoint = `${depotId}-${numbered(i + 1, 2)}`
      const place = { lsoa: lsoaOf(i), lvFeeder: lvFeeders[i % lvFeeders.length] ?? null }
      const data = { depotId, ...place, mpan, hasOffStreetParking: true, chargePoint }
      return { register: 'homes', key: `H-${chargePoint}`, data }
    }),
    ...Array.from({ length: homes.length + withoutParking }, (_, i): Change<'drivers'> => {
      const hasHome = i < homes.length
      const data = {
        depotId,
        home: hasHome ? `H-${depotId}-${numbered(i + 1, 2)}` : null,
        readyBy: readyTimes[i % readyTimes.length] ?? '07:00',
        costGbpPerMwh: costs[i % costs.length] ?? 60,
        topsUpInPublic: !hasHome,
      }
      return { register: 'drivers', key: `D-${depotId}-${numbered(i + 1, 3)}`, data }
    }),
    ...homes.map((_, i): Change<'vehicleDrivers'> => {
      const key = `${depotId}-${numbered(i + 1, 3)}`.toUpperCase()
      return { register: 'vehicleDrivers', key, data: { depotId, driver: `D-${depotId}-${numbered(i + 1, 3)}` } }
    }),
  ]
}
