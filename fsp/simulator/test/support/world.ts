import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Instant } from '@js-joda/core'
import { SimulatedClock } from '../../../../platform/clock/index.ts'
import { createLog } from '../../../../platform/log/index.ts'
import { type DepotSeed, depotSeeds } from '../../../../schemas/fsp/depots.ts'
import { type WorldState, worldOperations } from '../../../../schemas/fsp/simulation.ts'
import { createClient } from '../../../../schemas/vocabulary/client.ts'
import { keyFrom } from '../../../kit/index.ts'
import { type ChargePointSimulatorOptions, startChargePointSimulator, type Vehicle } from '../../index.ts'
import { CentralSystem } from './central-system.ts'

/** Noon of a Thursday in winter: clock time in London is UTC, and the vans are out. */
export const noon = Instant.parse('2026-01-15T12:00:00Z')

export const seeds = depotSeeds.parse(
  JSON.parse(await readFile(new URL('../../../../seeds/depots.json', import.meta.url), 'utf8')),
)

export function depotNamed(depotId: string): DepotSeed {
  const depot = seeds.depots.find((known) => known.depotId === depotId)
  if (!depot) throw new Error(`no depot ${depotId}`)
  return depot
}

export const { models, depots } = seeds

/** A depot in a corner of which one unit of a model stands, with no van of its own. */
export function testDepot(model: string, count = 1): DepotSeed {
  return { ...depotNamed('camden'), depotId: 'yard', evs: 0, chargePoints: [{ model, count, feeder: 2 }] }
}

/** A half-empty van with a battery large enough for a day's charging at full power. */
export function testVehicle(idTag = 'yard-001', change: Partial<Vehicle> = {}): Vehicle {
  return {
    vehicleId: idTag,
    idTag,
    batteryWh: 200_000,
    maxPowerW: 7_360,
    targetWh: 200_000,
    storedWh: 20_000,
    ...change,
  }
}

/** Site load deliveries as the FSP's end hears them. */
export interface HeardSiteLoad {
  path: string
  authorization: string | undefined
  readings: { at: string; siteLoadW: number }[]
}

/** What the world tells other simulators. */
export async function readState(url: string): Promise<WorldState> {
  return createClient(({ path, init }) => fetch(`${url}${path}`, init)).call(worldOperations.readWorld, {})
}

export async function startWorld(options: Partial<ChargePointSimulatorOptions> & { start?: Instant } = {}) {
  const clock = new SimulatedClock(options.start ?? noon)
  const central = new CentralSystem(clock)
  await central.listen()
  const siteLoad: HeardSiteLoad[] = []
  let answer = 204
  const fsp = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    if (answer === 204)
      siteLoad.push({ path: request.url ?? '', authorization: request.headers.authorization, ...JSON.parse(text) })
    response.writeHead(answer).end()
  })
  await new Promise<void>((resolve) => fsp.listen(0, '127.0.0.1', resolve))
  const simulator = await startChargePointSimulator({
    depots: [testDepot('alfen-eve-single')],
    models,
    evTypes: seeds.evTypes,
    ocppUrl: central.url,
    keys: { of: (identity) => keyFrom('the secret of the test', identity), changed: () => undefined },
    seed: 7,
    host: '127.0.0.1',
    port: 0,
    clock,
    fspUrl: `http://127.0.0.1:${(fsp.address() as AddressInfo).port}`,
    siteLoadKey: 'key',
    log: createLog('simulator', 'silent'),
    ...options,
  })
  return {
    clock,
    central,
    simulator,
    siteLoad,
    answerSiteLoadWith: (status: number) => {
      answer = status
    },
    minutes: (count: number) => clock.advanceTo(clock.now().plusSeconds(count * 60)),
    seconds: (count: number) => clock.advanceTo(clock.now().plusSeconds(count)),
    async powerW(depotId = 'yard', feeder = '2'): Promise<number> {
      const state = await readState(simulator.url)
      return state.depots.find((depot) => depot.depotId === depotId)?.feedersW[feeder] ?? Number.NaN
    },
    async close() {
      await simulator.close()
      await central.close()
      fsp.closeAllConnections()
      fsp.close()
    },
  }
}
export type TestWorld = Awaited<ReturnType<typeof startWorld>>

/** An absolute charging profile in amperes that holds from `from` on. */
export function setpoint(from: Instant, limitA: number, change: object = {}) {
  return {
    chargingProfileId: 1,
    stackLevel: 1,
    chargingProfilePurpose: 'TxProfile',
    chargingProfileKind: 'Absolute',
    chargingSchedule: {
      startSchedule: from.toString(),
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: limitA }],
    },
    ...change,
  }
}
