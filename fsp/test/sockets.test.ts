import { afterAll, beforeAll, expect, test } from 'vitest'
import { chargePointCommands } from '../../schemas/fsp/charge-point-commands.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { setpoint } from '../chargepoints/tables.ts'
import { startYard, van, type Yard } from './support/yard.ts'

/** The asset monitor of the trial (report 9.2.1, TDB01–05), with simulated charge points over OCPP 1.6-J. */

let yard: Yard
beforeAll(async () => {
  yard = await startYard({}, afterAll)
})

test('TDB01 site controllers, their charge points and the sockets of these are seen as a tree', async () => {
  const tree = (await yard.hierarchy()).map(({ controller, chargePoints }) => [
    controller,
    chargePoints.map(({ identity, model, route, sockets }) => [
      identity,
      model,
      route,
      sockets.map(({ connector, controller: above }) => `${above}/${connector}`),
    ]),
  ])
  expect(tree).toEqual([
    [null, [['yard-04', 'evolt-twin', 'over-the-air', ['null/1', 'null/2']]]],
    [
      'cpc-1',
      [
        ['yard-01', 'alfen-eve-single', 'direct', ['cpc-1/1']],
        ['yard-02', 'alfen-eve-single', 'direct', ['cpc-1/1']],
      ],
    ],
    ['cpc-2', [['yard-03', 'alfen-eve-twin', 'direct', ['cpc-2/1', 'cpc-2/2']]]],
  ])
  const nowhere = await yard.depotApi(registerGroups.chargePoints.list)
  expect(nowhere.body.map(({ data }: { data: { controller: string | null } }) => data.controller)).toEqual([
    'cpc-1',
    'cpc-1',
    'cpc-2',
    null,
  ])
})

test('TDB01 a charge point that is moved behind another controller is seen there at once', async () => {
  const { put, read } = registerGroups.chargePoints
  const params = { key: 'yard-02' }
  const { body } = await yard.depotApi(read, { params })
  const moved = { data: { ...body.data, controller: 'cpc-2' } }
  expect((await yard.depotApi(put, { params, body: moved, version: body.version })).status).toBe(200)
  const below = (await yard.hierarchy()).find(({ controller }) => controller === 'cpc-2')
  expect(below?.chargePoints.map(({ identity }) => identity)).toEqual(['yard-02', 'yard-03'])
})

test('TDB02 TDB03 TDB04 TDB05 status, registration, power and set point of each socket, each with its own time', async () => {
  const at = () => yard.clock.now().toString()
  yard.controls.plugIn('yard-03', 2, van(2))
  await yard.offer(20)
  await yard.pass(1)
  const startedAt = at()
  await yard.offer(12)
  await yard.pass(5)
  const rows = (await yard.db.select().from(setpoint)).filter((row) => row.identity === 'yard-03' && row.limitA === 12)
  const setAt = rows.find(({ result }) => result === 'accepted')?.at
  const socket = await yard.socket('yard-03', 2)
  expect(socket).toMatchObject({
    state: 'charging',
    status: 'Charging',
    statusAt: startedAt,
    fault: null,
    vehicle: { idTag: 'yard-002', registration: 'YARD-002', authorisedAt: startedAt },
    powerW: 12 * 230,
    powerAt: at(),
    setpointA: 12,
    setpointAt: setAt?.toString(),
    setpointValidTo: setAt?.plusSeconds(900).toString(),
    lastHeardAt: at(),
  })
  // One beside it is untouched: no registration, no set point, and nothing flows.
  expect(await yard.socket('yard-03', 1)).toMatchObject({
    state: 'available',
    vehicle: null,
    powerW: 0,
    powerAt: null,
    setpointA: null,
    setpointAt: null,
  })
})

test('TDB02 a fault is told with the charge point’s own words, and goes when it is repaired', async () => {
  await yard.controls.fail('yard-01', 1)
  expect(await yard.socket('yard-01', 1)).toMatchObject({
    state: 'faulted',
    fault: { errorCode: 'InternalError' },
    statusAt: yard.clock.now().toString(),
  })
  await yard.controls.repair('yard-01', 1)
  expect(await yard.socket('yard-01', 1)).toMatchObject({ state: 'available', fault: null })
})

test('TDB02 a charging socket whose link is lost is told so, and an idle one is not', async () => {
  yard.controls.plugIn('yard-03', 1, van(3))
  await yard.pass(2)
  const heardAt = yard.clock.now().toString()
  await yard.controls.disconnect('yard-03')
  await yard.controls.disconnect('yard-02')
  await expect.poll(async () => (await yard.socket('yard-02', 1)).connected).toBe(false)
  await yard.pass(2)
  expect(await yard.socket('yard-03', 1)).toMatchObject({
    state: 'communications-lost',
    connected: false,
    lastHeardAt: heardAt,
    powerAt: heardAt,
  })
  expect((await yard.socket('yard-02', 1)).state).toBe('available')
  await yard.controls.reconnect('yard-03')
  await yard.controls.reconnect('yard-02')
  await yard.pass(1)
  expect((await yard.socket('yard-03', 1)).state).toBe('charging')
})

test('I5 what operators asked of a charge point is kept with who asked and what it answered, the newest first', async () => {
  const ask = (
    stated: typeof chargePointCommands.resetChargePoint | typeof chargePointCommands.unlockConnector,
    body: Record<string, unknown>,
  ) => yard.depotApi(stated, { params: { depotId: 'yard', identity: 'yard-04' }, body })
  const sentAt = yard.clock.now().toString()
  await ask(chargePointCommands.unlockConnector, { connector: 1 })
  await ask(chargePointCommands.resetChargePoint, { type: 'soft' })
  const list = (query: Record<string, unknown>, identity = 'yard-04') =>
    yard.depotApi(chargePointCommands.listCommands, { params: { depotId: 'yard', identity }, query })
  const first = (await list({ limit: 1 })).body
  const asked = { sentAt, askedBy: 'admin', outcome: 'answered' }
  expect(first.items).toEqual([{ ...asked, kind: 'reset', status: 'Accepted' }])
  const second = (await list({ limit: 1, cursor: first.nextCursor })).body
  expect(second).toEqual({ items: [{ ...asked, kind: 'unlock', status: 'Unlocked' }], nextCursor: null })
  expect((await list({}, 'yard-99')).status).toBe(404)
})

test('I6 a charge point with a quirk of its own is limited by it, and others of its model are not', async () => {
  const { put, read } = registerGroups.chargePoints
  const params = { key: 'yard-01' }
  const { body } = await yard.depotApi(read, { params })
  const change = (quirks: object) =>
    yard.depotApi(put, { params, body: { data: { ...body.data, quirks } }, version: body.version })
  expect((await change({ maxCurrentA: -1 })).status).toBe(422)
  expect((await change({ maxCurrentA: 16, minSetpointGapS: 8 })).status).toBe(200)
  yard.controls.plugIn('yard-01', 1, van(1))
  yard.controls.plugIn('yard-02', 1, van(4))
  await yard.offer(200)
  await yard.pass(2)
  expect([(await yard.socket('yard-01', 1)).setpointA, (await yard.socket('yard-02', 1)).setpointA]).toEqual([16, 32])
  // A file keeps it in its cell, and takes it back.
  const file = await yard.depotApi(registerGroups.chargePoints.exportFile)
  expect(file.body).toContain('"{""maxCurrentA"":16,""minSetpointGapS"":8}"')
})

test('H2 states, faults and vehicles that have not left are known after a restart', async () => {
  const own = await startYard()
  own.controls.plugIn('yard-01', 1, van(1))
  await own.pass(2)
  await own.controls.showToken('yard-01', 1, 'yard-001')
  await own.controls.fail('yard-02', 1)
  await own.pass(1)
  const before = await own.socket('yard-01', 1)
  // Its charge points do not find it on its new port: what is known was kept.
  await own.restart()
  expect(await own.socket('yard-01', 1)).toMatchObject({
    state: 'finishing',
    statusAt: before.statusAt,
    vehicle: { idTag: 'yard-001', registration: 'YARD-001' },
    connected: false,
  })
  expect(await own.socket('yard-02', 1)).toMatchObject({ state: 'faulted', fault: { errorCode: 'InternalError' } })
  expect((await own.socket('yard-04', 1)).state).toBe('available')
})

test('I11 a model whose charge goes on after its cable was out, at full power, is told its limit again at once', async () => {
  const { seedModels } = await import('./support/yard.ts')
  const models = seedModels.map((model) => ({ ...model, replug: 'goes-on' as const }))
  const own = await startYard({ models, chargePoints: [{ model: 'alfen-eve-single', count: 1, feeder: 1 }] })
  own.controls.plugIn('yard-01', 1, van(1))
  await own.offer(10)
  await own.pass(2)
  expect(await own.drawnA()).toBe(10)
  const { transaction } = await own.socket('yard-01', 1)
  await own.controls.replug('yard-01', 1)
  expect(await own.drawnA()).toBe(32)
  await own.clock.advanceTo(own.clock.now().plusSeconds(5))
  expect(await own.drawnA()).toBe(10)
  expect((await own.socket('yard-01', 1)).transaction?.transactionId).toBe(transaction?.transactionId)
})

test('I14 a charge point whose clock is half an hour behind keeps its limits, and its standing one from the start', async () => {
  const own = await startYard({ chargePoints: [{ model: 'alfen-eve-single', count: 1, feeder: 1 }] })
  own.controls.setClock('yard-01', -1_800)
  // It starts anew with that clock, and has no limit but those that it is sent.
  await own.controls.installFirmware('yard-01', 'other')
  own.controls.plugIn('yard-01', 1, van(1))
  await own.offer(16)
  await own.pass(2)
  // Its stamps may be those of a backlog for an hour; until then it charges by the standing limit.
  expect(await own.drawnA()).toBe(6)
  for (let minute = 0; minute < 65; minute += 5) {
    await own.pass(5)
    await own.offer(16)
  }
  await own.pass(10)
  await own.offer(16)
  await own.pass(5)
  expect(await own.drawnA()).toBe(16)
})
