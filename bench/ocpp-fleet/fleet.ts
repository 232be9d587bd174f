/** What the benchmark's depots and charge points are called, and what they prove themselves with. */
import type { ChargePointModel, DepotSeed } from '../../schemas/fsp/depots.ts'
import { benchDepot, benchIdentity } from '../support/depots.ts'

/** What the processes of the benchmark are told. */
export interface OcppOrder {
  databaseUrl: string
  folder: string
  ocppUrl: string
  chargePoints: number
  meterS: number
}

const perDepot = 100
export const maxCurrentA = 32

export const model: ChargePointModel = {
  model: 'bench-single',
  vendor: 'Bench',
  sockets: 1,
  maxCurrentA,
  minSetpointGapS: 2,
  canPause: true,
}

/** Depots of up to 100 charge points, each with a connection for all of its vehicles at full current. */
export function depotsOf(chargePoints: number): DepotSeed[] {
  return Array.from({ length: Math.ceil(chargePoints / perDepot) }, (_, d) => {
    const count = Math.min(perDepot, chargePoints - d * perDepot)
    const limitW = count * maxCurrentA * 230
    const day = [{ from: '00:00', limitW }]
    return benchDepot(d, {
      capacityW: limitW,
      bufferW: 0,
      evs: count,
      feeders: [{ feeder: 1, role: 'ev' }],
      building: { dayW: 0, nightW: 0 },
      chargePoints: [{ model: model.model, count, feeder: 1 }],
      profile: { weekday: day, weekend: day },
    })
  })
}

/** Identities of a depot's charge points. */
export function identitiesOf({ depotId, chargePoints }: DepotSeed): string[] {
  const count = chargePoints.reduce((sum, group) => sum + group.count, 0)
  return Array.from({ length: count }, (_, n) => benchIdentity(depotId, n + 1))
}

/** Every charge point's AuthorizationKey: the benchmark runs on loopback only. */
export const passwordHex = 'be'.repeat(20)

export const siteLoadKey = 'the site loads of the benchmark'
