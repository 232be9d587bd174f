import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { onTestFinished } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { Database } from '../../../platform/db/index.ts'
import { createLog } from '../../../platform/log/index.ts'
import type { ChargePointModel } from '../../../schemas/fsp/depots.ts'
import { driverDeskOperations } from '../../../schemas/fsp/drivers.ts'
import type { VanUnitSeed } from '../../../schemas/fsp/homes.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import { readDepots } from '../../../seeds/index.ts'
import { type Client, createClient } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import type { HomesFspOptions } from '../../homes/options.ts'
import { firstVans, keyFrom, type RunningHomesFsp, startHomesFsp, vanDepotOf } from '../../index.ts'
import { type Controls, startChargePointSimulator, type Vehicle } from '../../simulator/index.ts'
import { startTestDno, type TestDno } from './dno.ts'
import { admin, contractOf, keptTokens } from './rig.ts'

const seeds = await readDepots()

/** A unit of as many homes as a test says, on two LV feeders in one area. */
export function unitOf(homes: number, change: Partial<VanUnitSeed> = {}): VanUnitSeed {
  return {
    depotId: 'vans',
    name: 'Vans',
    customer: 'Van Fleet Ltd',
    licenceArea: 'LPN',
    product: 'B',
    prices: [50, 150],
    clusterHomes: 8,
    nodeId: 'lv',
    lvFeeders: ['LV-1', 'LV-2', 'LV-3'],
    areas: [
      {
        lsoa: 'E01004736',
        name: 'Islington 001A',
        localAuthority: 'Islington',
        areaClass: 'urban',
        latitude: 51.556,
        longitude: -0.111,
      },
    ],
    homes: Array.from({ length: homes }, (_, i) => ({
      connectionId: randomUUID(),
      mpan: `12000010${String(i).padStart(5, '0')}`,
    })),
    withoutParking: 2,
    ...change,
  }
}

/** An FSP of homes with a unit of simulated charge points over real OCPP, its DNO, and a clock that a test moves. */
export interface Vans {
  fsp(): RunningHomesFsp
  db: Database
  dno: TestDno
  clock: SimulatedClock
  controls: Controls
  /** Lets time pass, minute by minute. */
  pass(minutes: number): Promise<void>
  passTo(instant: string): Promise<void>
  /** Energy through the charge points since the start, Wh: exact, not taken from messages. */
  energyWh(): number
  /** Calls the API as the sys-admin. */
  ask: Client['ask']
  /** A client with a new link of the driver of the nth van. */
  driver(n: number): Promise<Client & { linkId: string; url: string }>
  /** Plugs the nth van in, at its home unless another socket is stated. */
  plugIn(n: number, change?: Partial<Vehicle>, at?: { identity: string; socket: number }): void
  /** The DNO accepts, the unit is registered and under contract for product B all day; returns the FU. */
  register(turnDownW: number, change?: Partial<Contract>): Promise<string>
  restart(): Promise<void>
}

const depotId = 'vans'
const secret = 'the secret of the test'

/** @param start by default a Wednesday in winter, at noon. */
export async function startVans(
  unit: VanUnitSeed,
  start = '2026-01-14T12:00:00Z',
  whenDone: (close: () => Promise<void>) => void = onTestFinished,
  { models = seeds.models, ...options }: Pick<HomesFspOptions, 'portalFolder'> & { models?: ChargePointModel[] } = {},
): Promise<Vans> {
  const { evTypes } = seeds
  const [{ url, db }, dno] = [await createTestDatabase('fsp'), await startTestDno()]
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-vans-'))
  const clock = new SimulatedClock(Instant.parse(start))
  const log = createLog('vans', 'silent')
  let ocppPort = 0
  const begin = () =>
    startHomesFsp({
      ...options,
      databaseUrl: url,
      environment: 'live',
      host: '127.0.0.1',
      port: 0,
      dnoUrl: dno.url,
      estates: [],
      seed: 7,
      secretKeyFile: join(folder, 'key'),
      clock,
      log,
      vans: {
        first: firstVans([unit], { models, evTypes }),
        ocppPort,
        firstKeys: (identity) => keyFrom(secret, identity),
        firstPassword: admin.password,
      },
    })
  let fsp = await begin()
  const ocppUrl = fsp.ocppUrl ?? ''
  ocppPort = Number(new URL(ocppUrl).port)
  const simulator = await startChargePointSimulator({
    // Its vans come when a test says so.
    depots: [{ ...vanDepotOf(unit), evs: 0 }],
    models,
    evTypes,
    ocppUrl,
    keys: { of: (identity) => keyFrom(secret, identity), changed: () => undefined },
    fspUrl: fsp.url,
    siteLoadKey: 'none',
    seed: 7,
    host: '127.0.0.1',
    port: 0,
    clock,
    log,
  })
  simulator.controls.holdSiteLoad(depotId, true)
  whenDone(async () => {
    await simulator.close()
    await fsp.close()
    await dno.close()
    await rm(folder, { recursive: true })
  })
  const passTo = (instant: string) => clock.advanceTo(Instant.parse(instant))
  const tokenOf = keptTokens(clock, () => fsp.url)
  const ask: Client['ask'] = async (stated, call, headers) => {
    const client = createClient(fsp.url, { authorization: `Bearer ${await tokenOf()}` })
    return client.ask(stated, { params: { depotId }, ...call }, headers)
  }
  await clock.advanceTo(clock.now().plusSeconds(60))
  return {
    fsp: () => fsp,
    db,
    dno,
    clock,
    controls: simulator.controls,
    passTo,
    pass: (minutes) => clock.advanceTo(clock.now().plusSeconds(minutes * 60)),
    energyWh: () => simulator.energyWh().get(depotId) ?? 0,
    ask,
    async driver(n) {
      const params = { driverId: `D-${depotId}-${String(n).padStart(3, '0')}` }
      const { body } = await ask(driverDeskOperations.createDriverLink, { params, body: {} })
      const token = new URL(body.url).hash.slice(1)
      const client = createClient(fsp.url, { authorization: `Bearer ${token}` })
      return Object.assign(client, { linkId: body.linkId, url: body.url })
    },
    plugIn(n, change = {}, at) {
      const idTag = `${depotId}-${String(n).padStart(3, '0')}`
      const battery = { batteryWh: 50_000, targetWh: 50_000, storedWh: 38_000 }
      const identity = `${depotId}-${String(n).padStart(2, '0')}`
      const vehicle = { vehicleId: idTag, idTag, maxPowerW: 7_360, ...battery, ...change }
      simulator.controls.plugIn(at?.identity ?? identity, at?.socket ?? 1, vehicle)
    },
    async register(turnDownW, change = {}) {
      dno.decision = 'accepted'
      await clock.advanceTo(clock.now().plusSeconds(180))
      const fuId = dno.fuIdOf(unit.name)
      const windows = contractOf('', 0).windows.map((window) => ({ ...window, from: '00:00', to: '24:00' }))
      dno.contracts = [contractOf(fuId, turnDownW, { product: 'B', windows, ...change })]
      await clock.advanceTo(clock.now().plusSeconds(720))
      return fuId
    },
    async restart() {
      await fsp.close()
      fsp = await begin()
    },
  }
}
