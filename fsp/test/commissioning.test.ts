import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../platform/log/index.ts'
import { type CommissioningRun, commissioningOperations } from '../../schemas/fsp/commissioning.ts'
import { emergencyOperations } from '../../schemas/fsp/emergency.ts'
import { depotAudit } from '../access/tables.ts'
import { type SpokenVersion, startChargePointSimulator, type Vehicle } from '../simulator/index.ts'
import { models, seeds, testDepot, testVehicle } from '../simulator/test/support/world.ts'
import { feedKeys, type Rig, startRig } from './support/rig.ts'

const { startCommissioning, stopCommissioning, listCommissioning, readCommissioning, exportCommissioning } =
  commissioningOperations

/** An FSP with one simulated charge point and large vehicles at its sockets. */
async function plugged(
  model: string,
  sockets: number[],
  speaks: SpokenVersion = 'ocpp1.6',
  vehicle: Partial<Vehicle> = {},
) {
  const depots = [testDepot(model)]
  const rig = await startRig('2026-01-15T12:00:00Z', { first: { depots, models } })
  const simulator = await startChargePointSimulator({
    depots,
    models,
    evTypes: seeds.evTypes,
    ocppUrl: rig.fsp.ocppUrl,
    speaks,
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
  for (const socket of sockets) simulator.controls.plugIn('yard-01', socket, testVehicle(`yard-00${socket}`, vehicle))
  await rig.pass(3)
  return { rig, simulator }
}

const start = (rig: Rig, connectors: number[], more = { unlock: false, reboot: false }) =>
  rig.depotApi(startCommissioning, { params: { depotId: 'yard', identity: 'yard-01' }, body: { connectors, ...more } })
const read = async (rig: Rig, runId: string): Promise<CommissioningRun> =>
  (await rig.depotApi(readCommissioning, { params: { depotId: 'yard', runId } })).body
const currents = ({ steps }: CommissioningRun, connector: number) =>
  steps
    .filter((step) => step.connector === connector && step.kind === 'set-point')
    .map(({ measuredA }) => Math.round(measuredA ?? Number.NaN))

test.each([
  ['FAT01', 'alfen-eve-single', [1], [32, 16, 8, 0, 18, 10, 32], 'ocpp1.6'],
  ['FAT04', 'alfen-eve-twin', [1, 2], [32, 16, 8, 0, 18, 10, 32], 'ocpp1.6'],
  ['FAT01', 'alfen-eve-single', [1], [32, 16, 8, 0, 18, 10, 32], 'ocpp2.0.1'],
] as const)(
  '%s I17 a run on %s, sockets %j, finds %j A and passes with unlock and reboot over %s',
  async (_, model, sockets, ampere, speaks) => {
    const { rig } = await plugged(model, [...sockets], speaks)
    const { status, body } = await start(rig, [...sockets], { unlock: true, reboot: true })
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'running', model, route: 'direct', protocol: speaks, startedBy: 'admin' })
    await rig.pass(25)
    const run = await read(rig, body.runId)
    expect(run.steps.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
    expect(run).toMatchObject({ state: 'passed', endedAt: expect.any(String) })
    for (const socket of sockets) expect(currents(run, socket)).toEqual(ampere)
    for (const step of run.steps.filter(({ kind }) => kind === 'set-point')) {
      expect(step).toMatchObject({ response: 'accepted', latencyMs: expect.any(Number), effectMs: expect.any(Number) })
      expect(step.effectMs).toBeGreaterThan(0)
    }
    const csv = (await rig.depotApi(exportCommissioning, { params: { depotId: 'yard', runId: body.runId } })).body
    expect(csv.trim().split('\r\n')).toHaveLength(run.steps.length + 1)
    const audit = await rig.db.select().from(depotAudit)
    expect(audit.map(({ action }) => action)).toContain('charge-point.commissioning-started')
  },
)

test('FAT05 FAT06 an eVolt twin is never sent 0 A, and takes one socket after the other', async () => {
  const { rig } = await plugged('evolt-twin', [1, 2])
  for (const socket of [1, 2]) {
    const { body } = await start(rig, [socket])
    await rig.pass(20)
    const run = await read(rig, body.runId)
    expect(run.state).toBe('passed')
    expect(currents(run, socket)).toEqual([32, 16, 8, 18, 10, 32])
  }
})

test('FAT05 FAT06 both sockets of such a twin in one run are tried one after the other', async () => {
  const { rig } = await plugged('evolt-twin', [1, 2])
  const { body } = await start(rig, [1, 2])
  await rig.pass(35)
  const run = await read(rig, body.runId)
  expect(run.steps.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
  for (const socket of [1, 2]) expect(currents(run, socket)).toEqual([32, 16, 8, 18, 10, 32])
})

test('I17 a run on a vehicle that takes 6 A whatever it may fails: nothing shows that set points are followed', async () => {
  const { rig } = await plugged('alfen-eve-single', [1], 'ocpp1.6', { maxPowerW: 6 * 230 })
  const { body } = await start(rig, [1])
  await rig.pass(25)
  const run = await read(rig, body.runId)
  expect(run.state).toBe('failed')
  expect(run.steps.filter(({ verdict }) => verdict === 'failed')).toMatchObject([
    {
      kind: 'measures',
      reason: expect.stringContaining('did not rise with the set points (6.0 A at a limit of 32 A)'),
    },
  ])
})

test('I17 the evidence is a PDF with the run’s own date, the same each time', async () => {
  const { rig } = await plugged('alfen-eve-single', [1])
  const { body } = await start(rig, [1])
  await rig.pass(20)
  const print = () =>
    rig.depotApi(commissioningOperations.printCommissioning, { params: { depotId: 'yard', runId: body.runId } })
  const [one, other] = [await print(), await print()]
  expect(one.status).toBe(200)
  expect(Buffer.from(one.body).subarray(0, 5).toString('latin1')).toBe('%PDF-')
  expect(Buffer.from(one.body).equals(Buffer.from(other.body))).toBe(true)
})

test('I17 a run needs a charge and a connected charge point, goes on alone, and is stopped by a person or an emergency', async () => {
  const { rig, simulator } = await plugged('alfen-eve-twin', [1])
  expect(await start(rig, [2])).toMatchObject({ status: 409, body: { detail: expect.stringContaining('no charge') } })
  expect((await start(rig, [3])).status).toBe(404)
  const first = await start(rig, [1])
  expect(await start(rig, [1])).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('tried already') },
  })
  await rig.pass(3)
  const stop = () => rig.depotApi(stopCommissioning, { params: { depotId: 'yard', runId: first.body.runId } })
  expect((await stop()).body).toMatchObject({ state: 'stopped', stoppedBy: 'admin' })
  expect((await stop()).status).toBe(409)
  const steps = (await read(rig, first.body.runId)).steps
  expect(steps[0]).toMatchObject({ verdict: 'passed' })
  expect(steps.at(-1)).toMatchObject({ verdict: 'skipped', reason: 'the run was stopped' })
  const second = await start(rig, [1])
  await rig.depotApi(emergencyOperations.switchOff, { body: { confirm: 'yard', standingLimitA: 6, reason: 'a test' } })
  await rig.pass(1)
  expect(await read(rig, second.body.runId)).toMatchObject({ state: 'stopped', stoppedBy: null })
  expect((await start(rig, [1])).status).toBe(409)
  await simulator.controls.disconnect('yard-01')
  await rig.depotApi(emergencyOperations.switchOn, { body: { confirm: 'yard', reason: 'a test' } })
  expect(await start(rig, [1])).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('not connected') },
  })
  expect((await rig.depotApi(listCommissioning)).body).toHaveLength(2)
})

test('I17 a run that was under way when we ended is stopped as far as it came', async () => {
  const { rig } = await plugged('alfen-eve-single', [1])
  const { body } = await start(rig, [1])
  await rig.pass(2)
  await rig.restart()
  expect(await read(rig, body.runId)).toMatchObject({ state: 'stopped' })
})
