import type { ChargePointModel, DepotSeed, EvTypeSeed } from '../../schemas/fsp/depots.ts'
import { benchDepot, benchIdentity } from '../support/depots.ts'

export const models: ChargePointModel[] = [
  { model: 'single', vendor: 'Bench', sockets: 1, maxCurrentA: 32, minSetpointGapS: 2, canPause: true },
  { model: 'twin', vendor: 'Bench', sockets: 2, maxCurrentA: 32, minSetpointGapS: 2, canPause: true, phases: 3 },
  {
    model: 'shared',
    vendor: 'Bench',
    sockets: 2,
    maxCurrentA: 32,
    minSetpointGapS: 5,
    canPause: false,
    coupling: 'shared-current',
  },
]

export const evTypes: EvTypeSeed[] = [
  {
    evType: 'van',
    name: 'Van',
    make: 'Bench',
    usableBatteryWh: 50_000,
    acPowerW: 7_360,
    phases: 1,
    taper: [],
    subTypes: [],
    share: 1,
  },
]

/** Depots of a number of sockets and vehicles, each with half of the current that its sockets carry. */
export function depotsOf(depots: number, sockets: number, evs: number): DepotSeed[] {
  return Array.from({ length: depots }, (_, d) => {
    const [twins, shared] = [Math.floor(sockets / 5), Math.floor(sockets / 10)]
    const count = { single: sockets - 2 * (twins + shared), twin: twins, shared }
    const limitW = (sockets * 32 * 230) / 2
    const day = [
      { from: '00:00', limitW },
      { from: '16:00', limitW: limitW / 2 },
      { from: '20:00', limitW },
    ]
    return benchDepot(d, {
      capacityW: limitW,
      bufferW: 5_000,
      evs,
      feeders: [
        { feeder: 1, role: 'ev' },
        { feeder: 2, role: 'ev' },
      ],
      building: { dayW: 20_000, nightW: 10_000 },
      chargePoints: Object.entries(count).map(([model, of], i) => ({ model, count: of, feeder: 1 + (i % 2) })),
      profile: { weekday: day, weekend: day },
    })
  })
}

/** Every socket of a depot: its charge point, numbered as the registers number them, and its connector. */
export function socketsOf({ depotId, chargePoints }: DepotSeed): { identity: string; connector: number }[] {
  let number = 0
  return chargePoints.flatMap(({ model, count }) =>
    Array.from({ length: count }, () => {
      const identity = benchIdentity(depotId, ++number)
      const sockets = models.find((each) => each.model === model)?.sockets ?? 1
      return Array.from({ length: sockets }, (_, i) => ({ identity, connector: i + 1 }))
    }).flat(),
  )
}
