import { expect, test } from 'vitest'
import { brandOperations } from '../../schemas/fsp/brands.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { silentVan, startYard, van } from './support/yard.ts'

/**
 * The drivers of the trial's acceptance tests (report 9.2.4), with simulated charge points over OCPP 1.6-J; "communicated to TOA" is what
 * the depot API answers.
 */

test('DDB01 a token is shown, then a vehicle is plugged in: the connection and the tag are seen', async () => {
  const yard = await startYard()
  await yard.controls.showToken('yard-01', 1, 'yard-001')
  const [group] = await yard.hierarchy()
  expect(await yard.socket('yard-01', 1)).toMatchObject({ state: 'preparing', vehicle: null })
  const shownAt = yard.clock.now().toString()
  const tree = (await yard.hierarchy()).flatMap(({ chargePoints }) => chargePoints)
  expect(group).toBeDefined()
  expect(tree.find(({ identity }) => identity === 'yard-01')?.lastToken).toEqual({
    idTag: 'yard-001',
    registration: 'YARD-001',
    at: shownAt,
    isAccepted: true,
  })
  yard.controls.plugIn('yard-01', 1, silentVan(1))
  await yard.pass(1)
  expect(await yard.socket('yard-01', 1)).toMatchObject({
    state: 'charging',
    vehicle: { idTag: 'yard-001', registration: 'YARD-001', authorisedAt: shownAt },
    transaction: { idTag: 'yard-001', registration: 'YARD-001', alsoAt: [] },
  })
})

test('a token that is shown first waits for two minutes, and after that no vehicle charges by it', async () => {
  const yard = await startYard()
  await yard.controls.showToken('yard-01', 1, 'yard-001')
  await yard.pass(3)
  expect(await yard.socket('yard-01', 1)).toMatchObject({ state: 'available' })
  yard.controls.plugIn('yard-01', 1, silentVan(1))
  await yard.pass(2)
  expect(await yard.socket('yard-01', 1)).toMatchObject({ state: 'preparing', transaction: null, powerW: 0 })
})

test('DDB02 charging begins: its power is seen, with the time of its reading', async () => {
  const yard = await startYard()
  yard.controls.plugIn('yard-01', 1, van(1))
  await yard.offer(20)
  await yard.pass(3)
  expect(await yard.drawnA()).toBe(20)
  expect(await yard.socket('yard-01', 1)).toMatchObject({
    state: 'charging',
    powerW: 20 * 230,
    powerAt: yard.clock.now().toString(),
  })
})

test('DDB03 DDB04 the same token ends the charge: the vehicle stays known until it is unplugged, then the socket is available', async () => {
  const yard = await startYard()
  yard.controls.plugIn('yard-01', 1, van(1))
  await yard.pass(2)
  await yard.controls.showToken('yard-01', 1, 'yard-001')
  const stoppedAt = yard.clock.now().toString()
  await yard.pass(1)
  // DDB04: left plugged in, the connection is still seen, and nothing flows.
  expect(await yard.drawnA()).toBe(0)
  expect(await yard.socket('yard-01', 1)).toMatchObject({
    state: 'finishing',
    statusAt: stoppedAt,
    transaction: null,
    vehicle: { idTag: 'yard-001', registration: 'YARD-001' },
    powerW: 0,
  })
  yard.controls.unplug('yard-01', 1)
  await yard.pass(1)
  expect(await yard.socket('yard-01', 1)).toMatchObject({ state: 'available', vehicle: null, transaction: null })
})

test('DDB05 unplugged while it charges, the socket is available', async () => {
  const yard = await startYard()
  yard.controls.plugIn('yard-01', 1, van(1))
  await yard.pass(2)
  expect((await yard.socket('yard-01', 1)).state).toBe('charging')
  yard.controls.unplug('yard-01', 1)
  await yard.pass(1)
  const { state, vehicle, powerW, statusAt } = await yard.socket('yard-01', 1)
  expect({ state, vehicle, powerW, statusAt }).toEqual({
    state: 'available',
    vehicle: null,
    powerW: 0,
    statusAt: yard.clock.now().toString(),
  })
})

test('DDB06 the same token again after unplugging: the connection and the tag are seen anew', async () => {
  const yard = await startYard()
  yard.controls.plugIn('yard-01', 1, van(1))
  await yard.pass(2)
  const first = (await yard.socket('yard-01', 1)).transaction
  yard.controls.unplug('yard-01', 1)
  await yard.pass(1)
  await yard.controls.showToken('yard-01', 1, 'yard-001')
  yard.controls.plugIn('yard-01', 1, silentVan(1))
  await yard.pass(1)
  const { state, transaction } = await yard.socket('yard-01', 1)
  expect(state).toBe('charging')
  expect(transaction).toMatchObject({ idTag: 'yard-001', registration: 'YARD-001' })
  expect(transaction?.transactionId).not.toBe(first?.transactionId)
})

test('DDB07 a vehicle that is full is told apart from one that charges', async () => {
  const yard = await startYard()
  // 100 Wh short of full: at 7,360 W × 1/5 (the end of the taper) that takes 4 minutes.
  yard.controls.plugIn('yard-01', 1, van(1, { storedWh: 199_900 }))
  await yard.offer(32)
  await yard.pass(2)
  expect((await yard.socket('yard-01', 1)).state).toBe('charging')
  await yard.pass(6)
  expect(await yard.socket('yard-01', 1)).toMatchObject({ state: 'full', status: 'SuspendedEV', powerW: 0 })
  expect((await yard.socket('yard-01', 1)).vehicle).toMatchObject({ registration: 'YARD-001' })
})

test('DDB08 without a token the socket is preparing, and charging cannot begin', async () => {
  const yard = await startYard()
  yard.controls.plugIn('yard-01', 1, silentVan(1))
  await yard.offer(32)
  await yard.pass(30)
  expect(await yard.socket('yard-01', 1)).toMatchObject({ state: 'preparing', transaction: null, vehicle: null })
  expect(await yard.drawnA()).toBe(0)
})

test('DDB08 a driver who forgot the token comes back, and then charging begins', async () => {
  const yard = await startYard()
  const fromMs = yard.clock
    .now()
    .plusSeconds(20 * 60)
    .toEpochMilli()
  yard.controls.plugIn('yard-01', 1, van(1, { driver: { shows: 'yard-001', fromMs } }))
  await yard.pass(19)
  expect((await yard.socket('yard-01', 1)).state).toBe('preparing')
  await yard.pass(2)
  expect((await yard.socket('yard-01', 1)).state).toBe('charging')
})

test('DDB09 DDB10 one token on two brands: both vehicles charge, two instances of the tag are seen, and a warning', async () => {
  const yard = await startYard()
  yard.controls.plugIn('yard-01', 1, van(1))
  await yard.pass(2)
  yard.controls.plugIn('yard-04', 2, van(2, { driver: { shows: 'yard-001' } }))
  await yard.offer(64)
  await yard.pass(2)
  const [alfen, evolt] = [await yard.socket('yard-01', 1), await yard.socket('yard-04', 2)]
  expect([alfen.state, evolt.state]).toEqual(['charging', 'charging'])
  expect([alfen.transaction?.idTag, evolt.transaction?.idTag]).toEqual(['yard-001', 'yard-001'])
  expect(alfen.transaction?.alsoAt).toEqual([{ identity: 'yard-04', connector: 2 }])
  expect(evolt.transaction?.alsoAt).toEqual([{ identity: 'yard-01', connector: 1 }])
  expect(await yard.drawnA()).toBe(64)
  expect(await yard.warnings()).toEqual(['token-twice yard-001'])
})

test('DDB11 the same token at another charge point of the same brand: the second authentication fails', async () => {
  const yard = await startYard()
  yard.controls.plugIn('yard-01', 1, van(1))
  await yard.pass(2)
  yard.controls.plugIn('yard-02', 1, van(2, { driver: { shows: 'yard-001' } }))
  await yard.pass(3)
  expect(await yard.socket('yard-01', 1)).toMatchObject({ state: 'charging', transaction: { alsoAt: [] } })
  expect(await yard.socket('yard-02', 1)).toMatchObject({ state: 'preparing', transaction: null })
  const tree = (await yard.hierarchy()).flatMap(({ chargePoints }) => chargePoints)
  expect(tree.find(({ identity }) => identity === 'yard-02')?.lastToken).toMatchObject({
    idTag: 'yard-001',
    isAccepted: false,
  })
  expect(await yard.warnings()).toEqual(['token-twice yard-001'])
})

test('DDB11 on the other socket of a twin the charge itself is refused, for its reader does not say which socket is meant', async () => {
  const yard = await startYard()
  yard.controls.plugIn('yard-03', 1, van(1))
  await yard.pass(2)
  yard.controls.plugIn('yard-03', 2, van(2, { driver: { shows: 'yard-001' } }))
  await yard.pass(3)
  expect((await yard.socket('yard-03', 1)).state).toBe('charging')
  expect(await yard.socket('yard-03', 2)).toMatchObject({ state: 'finishing', transaction: null })
})

test('DDB11 a brand may be told to let one token charge twice, by the fleet’s people', async () => {
  const yard = await startYard()
  const listed = await yard.depotApi(brandOperations.listBrands)
  expect(listed.body).toMatchObject([
    { brand: 'Alfen', models: ['alfen-eve-single', 'alfen-eve-twin'], sameTokenAgain: 'refused', changedBy: null },
    { brand: 'Swarco', models: ['evolt-twin'], sameTokenAgain: 'refused' },
  ])
  const set = (brand: string, sameTokenAgain: string) =>
    yard.depotApi(brandOperations.setBrandRule, { params: { brand }, body: { sameTokenAgain } })
  expect((await set('Nobody', 'accepted')).status).toBe(404)
  expect((await set('alfen', 'accepted')).body).toMatchObject({ brand: 'Alfen', changedBy: 'admin' })
  yard.controls.plugIn('yard-01', 1, van(1))
  await yard.pass(2)
  yard.controls.plugIn('yard-02', 1, van(2, { driver: { shows: 'yard-001' } }))
  await yard.pass(2)
  expect((await yard.socket('yard-02', 1)).state).toBe('charging')
  // The rule outlasts a restart.
  await yard.restart()
  expect((await yard.depotApi(brandOperations.listBrands)).body[0]).toMatchObject({ sameTokenAgain: 'accepted' })
})

test('DDB11 neither a master card nor the token of a vehicle whose charge point is out of reach is refused', async () => {
  const yard = await startYard()
  const master = { depotId: 'yard', kind: 'master', state: 'issued', replacedBy: null }
  await yard.depotApi(registerGroups.tokens.put, {
    params: { key: 'MASTER' },
    body: { data: master },
    version: null,
  })
  for (const identity of ['yard-01', 'yard-02']) {
    yard.controls.plugIn(identity, 1, van(identity === 'yard-01' ? 1 : 2, { driver: { shows: 'MASTER' } }))
    await yard.pass(2)
  }
  expect([(await yard.socket('yard-01', 1)).state, (await yard.socket('yard-02', 1)).state]).toEqual([
    'charging',
    'charging',
  ])
  // Its van has left a charge point without a link, which cannot tell us.
  yard.controls.plugIn('yard-03', 1, van(3))
  await yard.pass(2)
  await yard.controls.disconnect('yard-03')
  yard.controls.unplug('yard-03', 1)
  yard.controls.unplug('yard-02', 1)
  await yard.pass(1)
  yard.controls.plugIn('yard-02', 1, van(3))
  await yard.pass(2)
  expect((await yard.socket('yard-02', 1)).transaction).toMatchObject({
    idTag: 'yard-003',
    alsoAt: [{ identity: 'yard-03', connector: 1 }],
  })
})
