import { asc } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../../platform/log/index.ts'
import { chargePointCommands } from '../../../schemas/fsp/charge-point-commands.ts'
import { chargingTransaction, setpoint } from '../../chargepoints/tables.ts'
import { feedKeys, startRig } from '../../test/support/rig.ts'
import { startChargePointSimulator } from '../index.ts'
import { models, seeds, testDepot, testVehicle } from '../test/support/world.ts'

test('FAT01 simulated charge points that speak OCPP 2.0.1 charge by our set points, keep a backlog and end their charges', async () => {
  const rig = await startRig()
  const simulator = await startChargePointSimulator({
    depots: [testDepot('alfen-eve-single')],
    models,
    evTypes: seeds.evTypes,
    ocppUrl: rig.fsp.ocppUrl,
    speaks: 'ocpp2.0.1',
    keys: { of: (identity) => rig.passwordOf(identity).toString('hex'), changed: () => undefined },
    seed: 7,
    host: '127.0.0.1',
    port: 0,
    clock: rig.clock,
    fspUrl: rig.fsp.url,
    siteLoadKey: feedKeys['site-load'],
    log: createLog('simulator', 'silent'),
  })
  onTestFinished(() => simulator.close())
  const socket = async () => (await rig.depotState()).sockets[0]
  // The test states the site load itself.
  simulator.controls.holdSiteLoad('yard', true)
  simulator.controls.plugIn('yard-01', 1, testVehicle())
  await rig.pass(3)
  await rig.offer(16)
  await rig.pass(4)
  // 16 A at 230 V.
  expect(await socket()).toMatchObject({
    state: 'charging',
    setpointA: 16,
    powerW: 3_680,
    transaction: { idTag: 'yard-001' },
  })
  await simulator.controls.disconnect('yard-01')
  await rig.pass(3)
  simulator.controls.unplug('yard-01', 1)
  await rig.pass(2)
  await simulator.controls.reconnect('yard-01')
  await rig.pass(2)
  expect(await socket()).toMatchObject({ state: 'available', transaction: null })
  const [row] = await rig.db.select().from(chargingTransaction)
  expect(row).toMatchObject({ unitTransactionId: expect.stringContaining('yard-01'), stopReason: 'EVDisconnected' })
  expect(simulator.counts.refused).toEqual({})
  const unlock = await rig.depotApi(chargePointCommands.unlockConnector, {
    params: { depotId: 'yard', identity: 'yard-01' },
    body: { connector: 1 },
  })
  expect(unlock.body).toMatchObject({ status: 'Unlocked' })
  const results = await rig.db.select().from(setpoint).orderBy(asc(setpoint.setpointId))
  expect(results.filter(({ result }) => result === 'rejected')).toEqual([])
})
