import { onTestFinished } from 'vitest'
import { createLog } from '../../../platform/log/index.ts'
import type { ChargePointModel, DepotSeed } from '../../../schemas/fsp/depots.ts'
import { unknownOperations } from '../../../schemas/fsp/registers/unknown.ts'
import { worldOperations } from '../../../schemas/fsp/simulation.ts'
import { type ControllerView, type SocketView, socketOperations } from '../../../schemas/fsp/sockets.ts'
import { createClient } from '../../../schemas/vocabulary/client.ts'
import { readDepots } from '../../../seeds/index.ts'
import { type FspOptions, keyFrom } from '../../index.ts'
import { type Controls, startChargePointSimulator, type Vehicle } from '../../simulator/index.ts'
import { feedKeys, type Rig, startRig } from './rig.ts'

const seeds = await readDepots()

/** A depot of the models of the trial: 01 and 02 are Alfen singles, 03 is an Alfen twin, 04 an eVolt twin. */
export interface Yard extends Rig {
  readonly controls: Controls
  socket(identity: string, connector: number): Promise<SocketView>
  hierarchy(): Promise<ControllerView[]>
  /** Warnings that nobody has resolved, by kind and subject. */
  warnings(): Promise<string[]>
  /** What a socket draws, as its cable would be measured, A. */
  drawnA(): Promise<number>
}

export interface YardOptions {
  chargePoints?: DepotSeed['chargePoints']
  models?: readonly ChargePointModel[]
  fsp?: Partial<FspOptions>
}

/** The models of the seeds, and others of a test. */
export const { models: seedModels } = seeds

/**
 * An FSP with a yard of simulated charge points and vehicles, over real OCPP: what a driver does is seen through the depot API. The site
 * load is kept back, so that a test offers current itself.
 */
export async function startYard(
  { chargePoints = trialGroups, models = seeds.models, fsp = {} }: YardOptions = {},
  whenDone: (close: () => Promise<void>) => void = onTestFinished,
): Promise<Yard> {
  const depot = yardOf(chargePoints)
  const rig = await startRig(
    '2026-01-15T12:00:00Z',
    { first: { depots: [depot], models, evTypes: seeds.evTypes }, ...fsp },
    whenDone,
  )
  const simulator = await startChargePointSimulator({
    // Its vehicles come when a test says so.
    depots: [{ ...depot, evs: 0 }],
    models,
    evTypes: seeds.evTypes,
    ocppUrl: rig.fsp.ocppUrl,
    keys: { of: (identity) => keyFrom('the secret of the test', identity), changed: () => undefined },
    fspUrl: rig.fsp.url,
    siteLoadKey: feedKeys['site-load'],
    seed: 7,
    host: '127.0.0.1',
    port: 0,
    clock: rig.clock,
    log: createLog('simulator', 'silent'),
  })
  whenDone(() => simulator.close())
  simulator.controls.holdSiteLoad('yard', true)
  const world = createClient(({ path, init }) => fetch(`${simulator.url}${path}`, init))
  await rig.pass(1)
  return Object.assign(rig, {
    controls: simulator.controls,
    async socket(identity: string, connector: number) {
      const { sockets } = await rig.depotState()
      const found = sockets.find((each) => each.identity === identity && each.connector === connector)
      if (!found) throw new Error(`the yard has no socket ${identity}/${connector}`)
      return found
    },
    hierarchy: async () => (await rig.depotApi(socketOperations.readHierarchy)).body,
    async warnings() {
      const { body } = await rig.depotApi(unknownOperations.listWarnings)
      return body.map(({ kind, subject }: { kind: string; subject: string }) => `${kind} ${subject}`)
    },
    async drawnA() {
      const { depots } = await world.call(worldOperations.readWorld, {})
      return (depots[0]?.feedersW['1'] ?? Number.NaN) / 230
    },
  })
}

const trialGroups: DepotSeed['chargePoints'] = [
  { model: 'alfen-eve-single', count: 2, feeder: 1, controller: 'cpc-1' },
  { model: 'alfen-eve-twin', count: 1, feeder: 1, controller: 'cpc-2' },
  { model: 'evolt-twin', count: 1, feeder: 1, backOffice: 'e.connect', route: 'over-the-air' },
]

function yardOf(chargePoints: DepotSeed['chargePoints']): DepotSeed {
  const flat = [{ from: '00:00', limitW: 90_000 }]
  return {
    depotId: 'yard',
    name: 'Yard',
    customer: 'C',
    address: 'A',
    licenceArea: 'LPN',
    mpan: '1200000112345',
    connectionId: '9b1f6f5e-7c0f-4b6d-8a55-0d6a1f3c2b11',
    hubId: null,
    nodeId: 'lv',
    ascKva: 100,
    powerFactor: 1,
    bufferW: 0,
    evs: 5,
    feeders: [{ feeder: 1, role: 'ev' }],
    building: { dayW: 20_000, nightW: 10_000 },
    chargePoints,
    profile: { weekday: flat, weekend: flat },
  }
}

/** A half-empty van with the yard's n-th token and a battery large enough for a day's charging at full power. */
export function van(n: number, change: Partial<Vehicle> = {}): Vehicle {
  const idTag = `yard-00${n}`
  const battery = { batteryWh: 200_000, targetWh: 200_000, storedWh: 20_000 }
  return { vehicleId: idTag, idTag, maxPowerW: 7_360, ...battery, ...change }
}

/** One whose driver has shown a token before, or shows none. */
export function silentVan(n: number, change: Partial<Vehicle> = {}): Vehicle {
  return van(n, { driver: { shows: null }, ...change })
}
