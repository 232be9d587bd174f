import { expect, test } from 'vitest'
import { chargePointOperations } from '../../schemas/fsp/charge-points.ts'
import { chargePointCredential } from '../chargepoints/tables.ts'
import { type Rig, startRig } from './support/rig.ts'

const { blockChargePoint, issueChargePointPassword, listSecurityEvents, rotateChargePointPassword } =
  chargePointOperations
const params = { depotId: 'yard', identity: 'yard-01' }
const ask = (rig: Rig, stated: (typeof chargePointOperations)[keyof typeof chargePointOperations]) =>
  rig.depotApi(stated, { params })
const octets = (key: string) => Buffer.from(key, 'hex')

test('SEC07 a rotated password goes over the air; both are accepted until the charge point uses the new one', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  expect((await ask(rig, rotateChargePointPassword)).body).toEqual({ outcome: 'accepted' })
  const [change] = unit.configured
  expect(change).toMatchObject({ key: 'AuthorizationKey', value: expect.stringMatching(/^[0-9a-f]{40}$/) })
  const [old, next] = [{ password: rig.passwordOf('yard-01') }, { password: octets(change?.value ?? '') }]
  await rig.chargePoint('yard-01', old).boot()
  await rig.chargePoint('yard-01', next).boot()
  await expect(rig.chargePoint('yard-01', old).boot()).rejects.toMatchObject({ code: 401 })
  await rig.restart()
  await rig.chargePoint('yard-01', next).boot()
  expect(JSON.stringify(await rig.db.select().from(chargePointCredential))).not.toContain(change?.value)
})

test('SEC07 a password that a charge point refuses is dropped; after silence both stay valid', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  unit.configurationAnswer = 'NotSupported'
  expect((await ask(rig, rotateChargePointPassword)).body).toEqual({ outcome: 'not-supported' })
  const refused = octets(unit.configured[0]?.value ?? '')
  await expect(rig.chargePoint('yard-01', { password: refused }).boot()).rejects.toMatchObject({ code: 401 })
  await unit.hangUp()
  await expect.poll(async () => (await ask(rig, rotateChargePointPassword)).status).toBe(409)
})

test('SEC07 a charge point that vanishes while its password changes may come back with either', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  unit.configurationAnswer = 'hang up'
  expect((await ask(rig, rotateChargePointPassword)).body).toEqual({ outcome: 'no-answer' })
  await rig.chargePoint('yard-01').boot()
  await rig.chargePoint('yard-01', { password: octets(unit.configured[0]?.value ?? '') }).boot()
})

test('SEC07 a blocked charge point loses its connection and stays out until it is issued a password', async () => {
  const rig = await startRig()
  await rig.chargePoint('yard-01').boot()
  expect((await ask(rig, blockChargePoint)).status).toBe(204)
  await expect.poll(async () => (await rig.depotState()).sockets[0]?.connected).toBe(false)
  await expect(rig.chargePoint('yard-01').boot()).rejects.toMatchObject({ code: 401 })
  const { authorizationKey } = (await ask(rig, issueChargePointPassword)).body
  await rig.chargePoint('yard-01', { password: octets(authorizationKey) }).boot()
  await expect(rig.chargePoint('yard-01').boot()).rejects.toMatchObject({ code: 401 })
  const { items } = (await ask(rig, listSecurityEvents)).body
  expect(items[0]).toMatchObject({ event: 'FailedToAuthenticateAtCentralSystem', identity: 'yard-01' })
  const nowhere = { params: { depotId: 'yard', identity: 'yard-99' } }
  expect((await rig.depotApi(issueChargePointPassword, nowhere)).status).toBe(404)
})
