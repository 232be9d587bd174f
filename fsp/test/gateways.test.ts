import { asc } from 'drizzle-orm'
import { RPCClient } from 'ocpp-rpc'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../platform/log/index.ts'
import { chargePointCommands } from '../../schemas/fsp/charge-point-commands.ts'
import { commissioningOperations } from '../../schemas/fsp/commissioning.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import { unknownOperations } from '../../schemas/fsp/registers/unknown.ts'
import { routeOperations } from '../../schemas/fsp/routes.ts'
import { setpoint } from '../chargepoints/tables.ts'
import { startChargePointSimulator } from '../simulator/index.ts'
import { models, seeds, testDepot, testVehicle } from '../simulator/test/support/world.ts'
import { feedKeys, type Rig, startRig } from './support/rig.ts'

/** A depot of two charge points by a route, with a vehicle at each, and their simulated gateways. */
async function routed(
  change: Partial<DepotSeed['chargePoints'][number]>,
  air = { latencyMs: 0, lossShare: 0 },
  log = createLog('fsp', 'silent'),
) {
  const depot = testDepot('alfen-eve-single', 2)
  const flat = [{ from: '00:00', limitW: 90_000 }]
  const limits = { ascKva: 100, powerFactor: 1, bufferW: 0, profile: { weekday: flat, weekend: flat } }
  const depots = [{ ...depot, ...limits, chargePoints: depot.chargePoints.map((group) => ({ ...group, ...change })) }]
  const rig = await startRig('2026-01-15T12:00:00Z', {
    first: { depots, models },
    messageCostsGbp: { 'over-the-air': 0.001 },
    log,
  })
  const simulator = await startChargePointSimulator({
    depots,
    models,
    evTypes: seeds.evTypes,
    ocppUrl: rig.fsp.ocppUrl,
    withGateways: air,
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
  simulator.controls.holdSiteLoad('yard', true)
  for (const n of [1, 2]) simulator.controls.plugIn(`yard-0${n}`, 1, testVehicle(`yard-00${n}`))
  await rig.pass(3)
  return { rig, simulator }
}
const sockets = async (rig: Rig) => (await rig.depotState()).sockets
/** What the sockets may draw together, A. */
const sumOf = (state: Awaited<ReturnType<typeof sockets>>) =>
  state.reduce((sum, { setpointA }) => sum + (setpointA ?? 0), 0)
const gateways = async (rig: Rig) => (await rig.depotApi(routeOperations.listRouteGateways)).body
const served = async (rig: Rig) =>
  Object.fromEntries(
    (await gateways(rig)).map(({ gatewayId, serves }: { gatewayId: string; serves: string[] }) => [gatewayId, serves]),
  )

test('I2 I4 SET03 two controllers share a site evenly; set points, states and measures go by them, with result codes', async () => {
  const { rig } = await routed({ route: 'site-controller' })
  expect(await served(rig)).toEqual({ 'yard-cpc-1': ['yard-02'], 'yard-cpc-2': ['yard-01'] })
  await rig.offer(40)
  await rig.pass(3)
  const state = await sockets(rig)
  // The optimiser shares the 40 A as it sees fit; each vehicle draws what it may.
  expect(sumOf(state)).toBe(40)
  for (const { connected, setpointA, powerW } of state)
    expect([connected, powerW]).toEqual([true, (setpointA ?? 0) * 230])
  expect((await sockets(rig)).map(({ transaction }) => transaction?.idTag)).toEqual(['yard-001', 'yard-002'])
  const rows = await rig.db.select().from(setpoint).orderBy(asc(setpoint.setpointId))
  expect(rows.filter(({ connector }) => connector === 0).map(({ limitA, result }) => [limitA, result])).toEqual([
    [6, 'accepted'],
    [6, 'accepted'],
  ])
  expect(new Set(rows.map(({ result }) => result))).toEqual(new Set(['accepted']))
})

test('H18 in test mode set points go to the site controllers, which answer and do not carry them out', async () => {
  const { rig } = await routed({ route: 'site-controller' })
  await rig.depotApi(depotOperations.setControlMode, { body: { mode: 'test' } })
  const rows = () => rig.db.select().from(setpoint).orderBy(asc(setpoint.setpointId))
  const before = (await rows()).length
  await rig.offer(40)
  await rig.pass(3)
  const own = (await rows()).slice(before)
  // Each socket of the two is told its part once.
  expect(own.map(({ identity, connector, result }) => [identity, connector, result]).sort()).toEqual([
    ['yard-01', 1, 'test-accepted'],
    ['yard-02', 1, 'test-accepted'],
  ])
  expect(own.reduce((sum, { limitA }) => sum + limitA, 0)).toBe(40)
  // The vehicles go on at what they had: no more than the standing limit, which the earlier set points end in.
  await rig.pass(15)
  for (const { powerW } of await sockets(rig)) expect(powerW).toBe(6 * 230)
  await rig.depotApi(depotOperations.setControlMode, { body: { mode: 'live' } })
  await rig.offer(40)
  await rig.pass(2)
  expect(sumOf(await sockets(rig))).toBe(40)
})

test('DDB10 a token that charges twice behind gateways charges on both, since they admit it, and leaves a warning', async () => {
  const { rig, simulator } = await routed({ route: 'site-controller' })
  simulator.controls.unplug('yard-02', 1)
  await rig.pass(2)
  const copied = { ...testVehicle('yard-002'), driver: { shows: 'yard-001' } }
  simulator.controls.plugIn('yard-02', 1, copied)
  await rig.offer(40)
  await rig.pass(3)
  expect((await sockets(rig)).map(({ transaction }) => [transaction?.idTag, transaction?.alsoAt])).toEqual([
    ['yard-001', [{ identity: 'yard-02', connector: 1 }]],
    ['yard-001', [{ identity: 'yard-01', connector: 1 }]],
  ])
  expect(sumOf(await sockets(rig))).toBe(40)
  const { body } = await rig.depotApi(unknownOperations.listWarnings)
  expect(body).toContainEqual(expect.objectContaining({ kind: 'token-twice', subject: 'yard-001' }))
})

test('I4 a controller that fails is replaced by the other, and back; without either the sockets fall to the standing limit', async () => {
  const { rig, simulator } = await routed({ route: 'site-controller' })
  await simulator.holdGateway('yard-cpc-1', true)
  await rig.pass(1)
  expect(await served(rig)).toEqual({ 'yard-cpc-1': [], 'yard-cpc-2': ['yard-01', 'yard-02'] })
  await rig.offer(40)
  await rig.pass(3)
  expect(sumOf(await sockets(rig))).toBe(40)
  await simulator.holdGateway('yard-cpc-2', true)
  await rig.pass(1)
  expect((await sockets(rig)).map(({ connected }) => connected)).toEqual([false, false])
  // Longer than a set point lives: the charge points are left with their standing 6 A.
  await rig.pass(20)
  await simulator.holdGateway('yard-cpc-1', false)
  await simulator.holdGateway('yard-cpc-2', false)
  const state = await sockets(rig)
  // What was measured meanwhile comes when the way is open again: 6 A at 230 V.
  expect(state.map(({ powerW, connected }) => [powerW, connected])).toEqual([
    [1_380, true],
    [1_380, true],
  ])
  await rig.pass(2)
  expect(await served(rig)).toEqual({ 'yard-cpc-1': ['yard-02'], 'yard-cpc-2': ['yard-01'] })
})

test('a gateway that fails is a warning; those that go because we end are none', async () => {
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const { rig, simulator } = await routed({ route: 'over-the-air', backOffice: 'e.connect' }, undefined, log)
  const lost = () => lines.filter((line) => line.includes('No gateway reaches yard-01'))
  await simulator.holdGateway('office-e-connect', true)
  await rig.pass(1)
  expect(lost()).toHaveLength(1)
  await simulator.holdGateway('office-e-connect', false)
  await rig.pass(2)
  expect(await served(rig)).toEqual({ 'office-e-connect': ['yard-01', 'yard-02'] })
  await rig.restart()
  expect(lost()).toHaveLength(1)
})

test('I3 a back office serves its charge points over the air, owns who may charge, and its messages cost', async () => {
  const { rig } = await routed({ route: 'over-the-air', backOffice: 'e.connect' })
  expect(await served(rig)).toEqual({ 'office-e-connect': ['yard-01', 'yard-02'] })
  await rig.offer(40)
  await rig.pass(3)
  expect(sumOf(await sockets(rig))).toBe(40)
  const query = { from: '2026-01-15T00:00:00Z', to: '2026-01-16T00:00:00Z' }
  const [figures] = (await rig.depotApi(routeOperations.compareRoutes, { query })).body
  expect(figures).toMatchObject({ route: 'over-the-air', lost: 0 })
  expect(figures.costGbp).toBeCloseTo(figures.messages * 0.001)
})

test('I3 set points that are lost over the air are sent again, and counted', async () => {
  const { rig } = await routed({ route: 'over-the-air', backOffice: 'e.connect' }, { latencyMs: 0, lossShare: 0.4 })
  for (const ampere of [40, 24, 40, 24]) {
    await rig.offer(ampere)
    await rig.pass(2)
  }
  const query = { from: '2026-01-15T00:00:00Z', to: '2026-01-16T00:00:00Z' }
  const [figures] = (await rig.depotApi(routeOperations.compareRoutes, { query })).body
  expect(figures.lost).toBeGreaterThan(0)
  expect(figures.retries).toBeGreaterThan(0)
  expect(sumOf(await sockets(rig))).toBe(24)
})

test.each(['site-controller', 'over-the-air'] as const)(
  'FAT01 I17 a commissioning run passes by the route %s, with unlock and reboot',
  async (route) => {
    const { rig } = await routed({ route, backOffice: 'e.connect' })
    const started = await rig.depotApi(commissioningOperations.startCommissioning, {
      params: { depotId: 'yard', identity: 'yard-01' },
      body: { connectors: [1], unlock: true, reboot: true },
    })
    await rig.pass(25)
    const { body } = await rig.depotApi(commissioningOperations.readCommissioning, {
      params: { depotId: 'yard', runId: started.body.runId },
    })
    expect(body.steps.filter(({ verdict }: { verdict: string }) => verdict !== 'passed')).toEqual([])
    expect(body).toMatchObject({ route, protocol: expect.stringContaining('gateway ') })
  },
)

test('SEC07 a gateway needs its own password, and speaks for its own charge points only', async () => {
  const { rig } = await routed({ route: 'site-controller' })
  const issued = await rig.depotApi(routeOperations.issueGatewayPassword, { params: { gatewayId: 'yard-cpc-1' } })
  expect(issued.body).toEqual({ gatewayId: 'yard-cpc-1', password: expect.stringMatching(/^[0-9a-f]{40}$/) })
  const unknown = await rig.depotApi(routeOperations.issueGatewayPassword, { params: { gatewayId: 'other-cpc-1' } })
  expect(unknown.status).toBe(404)
  const dial = (gatewayId: string, password: Buffer) => {
    const client = new RPCClient({
      identity: gatewayId,
      endpoint: rig.fsp.ocppUrl.replace(/ocpp$/, 'routes'),
      protocols: ['ringmain-route.1'],
      password,
      reconnect: false,
    } as unknown as ConstructorParameters<typeof RPCClient>[0])
    onTestFinished(async () => {
      await client.close({ force: true })
    })
    return client
  }
  await expect(dial('yard-cpc-1', Buffer.alloc(20, 7)).connect()).rejects.toMatchObject({ code: 401 })
  await expect(dial('other-cpc-1', rig.passwordOf('other-cpc-1')).connect()).rejects.toMatchObject({ code: 401 })
  const own = dial('yard-cpc-1', Buffer.from(issued.body.password, 'hex'))
  await own.connect()
  // I7: what a charge point behind a gateway says of its firmware is in the same report.
  const told = { identity: 'yard-02', isReachable: true, vendor: 'V', model: 'M', firmware: '5.8.1' }
  own.handle(async () => ({ rc: 0, status: 'Accepted' }))
  await own.call('Unit', told)
  await own.call('Upkeep', { identity: 'yard-02', kind: 'firmware', status: 'Downloading' })
  const { body: report } = await rig.depotApi(chargePointCommands.readFirmwareReport)
  expect(report.find(({ identity }: { identity: string }) => identity === 'yard-02')).toMatchObject({
    firmwareStatus: 'Downloading',
    protocol: 'gateway yard-cpc-1',
  })
  const status = { identity: 'elsewhere-01', socket: 1, status: 'Available' }
  await expect(own.call('SocketStatus', status)).rejects.toThrow()
})
