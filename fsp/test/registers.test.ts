import { expect, test } from 'vitest'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { emergencyOperations } from '../../schemas/fsp/emergency.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { unknownOperations } from '../../schemas/fsp/registers/unknown.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { type Answer, createClient, type TestCall } from '../../test/support/client.ts'
import { depotAudit } from '../access/tables.ts'
import { type Rig, startRig } from './support/rig.ts'

const { depots, models, evTypes, telematics, tokens, chargePoints, evs } = registerGroups
const password = 'a pass phrase of the test'

/** Calls as somebody; by default as the sys-admin. */
async function as(rig: Rig, stated: Operation, call: TestCall = {}, username?: string): Promise<Answer> {
  const token = await rig.tokenOf(username ? { username, password } : undefined)
  return createClient(rig.fsp.url, { authorization: `Bearer ${token}` }).ask(stated, call)
}

const put = (rig: Rig, stated: Operation, key: string, data: object, version: number | null = null, more = {}) =>
  as(rig, stated, { params: { key }, body: { data, ...more }, version })

async function person(
  rig: Rig,
  username: string,
  role: string,
  depotIds: string[] | null,
  seesDepotIds: string[] = [],
) {
  const body = { username, fullName: username, password, role, depotIds, seesDepotIds }
  expect((await as(rig, depotAccessOperations.createDepotAccount, { body })).status).toBe(200)
}

const van = { depotId: 'yard', evType: 'van', subType: null, idTag: null, telematicsId: null, vehicleIdentity: null }
const vanType = {
  name: 'Van',
  make: 'Peugeot',
  usableBatteryWh: 50_000,
  acPowerW: 7_360,
  phases: 1,
  taper: [{ aboveShare: 0.8, powerShare: 0.5 }],
  subTypes: [{ subType: '2021', fields: [{ figure: 'stateOfCharge', reportedAs: 'soc_pct', factor: 0.01 }] }],
}
const card = { depotId: 'yard', kind: 'vehicle', state: 'issued', replacedBy: null }
const secondDepot = {
  name: 'Hill',
  customer: 'C',
  address: 'A',
  licenceArea: 'LPN',
  mpan: null,
  connectionId: null,
  ascKva: 50,
  powerFactor: 1,
  bufferW: 0,
  buildingDayW: 1_000,
  buildingNightW: 500,
  feeders: [{ feeder: 1, role: 'ev', mpan: '1200000112346' }],
  profile: null,
}
const single = {
  depotId: 'hill',
  serial: 'ACE0012345',
  mpan: '1200000112346',
  feeder: 1,
  phase: 'L2',
  model: 'single',
  firmware: '4.2.0',
  route: 'direct',
  backOffice: 'GeniePoint',
  sockets: null,
}

test('H1a H1b H1c the first start takes the seeds over once; afterwards the database decides', async () => {
  const rig = await startRig()
  const known = async (stated: Operation) => (await as(rig, stated)).body.map(({ key }: { key: string }) => key)
  expect(await known(depots.list)).toEqual(['yard'])
  expect(await known(models.list)).toEqual(['legacy', 'single', 'swarco', 'twin'])
  expect(await known(chargePoints.list)).toEqual(['yard-01', 'yard-02', 'yard-03', 'yard-04'])
  expect(await known(tokens.list)).toEqual(['yard-001', 'yard-002', 'yard-003', 'yard-004', 'yard-005'])
  const retired = { params: { key: 'yard-01' }, body: { reason: 'sold' }, version: 1 }
  expect((await as(rig, chargePoints.retire, retired)).status).toBe(200)
  await rig.restart()
  expect(await known(chargePoints.list)).toEqual(['yard-02', 'yard-03', 'yard-04'])
})

test('H1a a change is dated, keeps what held before, names who made it, and needs the version that it starts from', async () => {
  const rig = await startRig('2026-01-15T12:00:00Z')
  const params = { key: 'yard' }
  const first = await as(rig, depots.read, { params })
  expect([first.headers.get('etag'), first.body.changedBy, first.body.data.ascKva]).toEqual(['"1"', 'first start', 100])
  const changed = { ...first.body.data, ascKva: 80 }
  expect((await as(rig, depots.put, { params, body: { data: changed } })).status).toBe(428)
  expect((await put(rig, depots.put, 'yard', changed, 7)).status).toBe(412)
  await rig.pass(30)
  const second = await put(rig, depots.put, 'yard', changed, 1, { reason: 'less agreed' })
  expect(second.body).toMatchObject({
    version: 2,
    validFrom: '2026-01-15T12:30:00Z',
    changedBy: 'admin',
    reason: 'less agreed',
  })
  const asOf = async (at: string) => (await as(rig, depots.read, { params, query: { asOf: at } })).body.data?.ascKva
  expect([await asOf('2026-01-15T12:29:59Z'), await asOf('2026-01-15T12:30:00Z')]).toEqual([100, 80])
  const { body: history } = await as(rig, depots.history, { params })
  expect(history.map(({ validTo }: { validTo: string | null }) => validTo)).toEqual(['2026-01-15T12:30:00Z', null])
  const records = (await rig.db.select().from(depotAudit)).filter(({ action }) => action === 'depots.changed')
  expect(records).toMatchObject([{ actor: 'admin', subject: 'yard', detail: { version: 2, data: { ascKva: 80 } } }])
})

test('H1a a planned change begins by itself, cannot begin in the past, and gives way to one that begins before it', async () => {
  const rig = await startRig('2026-01-15T12:00:00Z')
  const { data } = (await as(rig, depots.read, { params: { key: 'yard' } })).body
  const plan = (ascKva: number, version: number, from: string) =>
    put(rig, depots.put, 'yard', { ...data, ascKva }, version, { from })
  expect((await plan(70, 1, '2026-01-15T11:59:00Z')).status).toBe(422)
  expect((await plan(70, 1, '2026-01-15T14:00:00Z')).status).toBe(200)
  expect((await plan(60, 2, '2026-01-15T13:00:00Z')).status).toBe(200)
  await rig.siteLoad(0)
  const capacityW = async () => {
    await rig.pass(2)
    return (await rig.depotState()).decision?.capacityW
  }
  expect(await capacityW()).toBe(90_000)
  await rig.pass(60)
  expect(await capacityW()).toBe(60_000)
  await rig.pass(60)
  // The change to 70 kVA at 14:00 was replaced before it began.
  expect(await capacityW()).toBe(60_000)
}, 120_000)

test('I16 no entry refers to what is not there, and what another refers to is not retired', async () => {
  const rig = await startRig()
  expect((await put(rig, evs.put, 'AB12 CDE', van)).body.errors).toMatchObject([{ field: 'data.evType' }])
  expect((await put(rig, evTypes.put, 'van', vanType)).status).toBe(200)
  expect((await put(rig, evs.put, 'AB12 CDE', { ...van, subType: '2019' })).body.errors).toMatchObject([
    { field: 'data.subType' },
  ])
  expect((await put(rig, telematics.put, 'T-1', { provider: 'Axodel', delivery: 'stream', name: null })).status).toBe(
    200,
  )
  const whole = { ...van, subType: '2021', idTag: 'yard-001', telematicsId: 'T-1' }
  expect((await put(rig, evs.put, 'AB12 CDE', whole)).status).toBe(200)
  const twice = await put(rig, evs.put, 'EF34 GHI', { ...van, idTag: 'yard-001' })
  expect(twice.body.errors).toEqual([{ field: 'data.idTag', message: 'belongs to AB12 CDE' }])
  const inUse = await as(rig, evTypes.retire, { params: { key: 'van' }, body: { reason: 'old' }, version: 1 })
  expect([inUse.status, inUse.body.detail]).toEqual([409, 'vehicle AB12 CDE: evType type van is not registered.'])
  const master = await put(rig, tokens.put, 'MASTER', { ...card, kind: 'master' })
  expect(master.status).toBe(200)
  expect((await put(rig, evs.put, 'EF34 GHI', { ...van, idTag: 'MASTER' })).body.errors).toMatchObject([
    { field: 'data.idTag' },
  ])
})

test('H1c a charge point that is registered connects without a restart, and one that is retired is cut off', async () => {
  const rig = await startRig()
  const before = rig.chargePoint('hill-01')
  await expect(before.boot()).rejects.toThrow()
  expect((await put(rig, depots.put, 'hill', secondDepot)).status).toBe(200)
  expect((await put(rig, chargePoints.put, 'hill-01', single)).status).toBe(200)
  const unit = rig.chargePoint('hill-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await rig.pass(2)
  const hill = async () => (await rig.depotApi(depotOperations.readDepot, { params: { depotId: 'hill' } })).body
  expect((await hill()).sockets).toMatchObject([{ identity: 'hill-01', model: 'single', connected: true }])
  expect(unit.limits(1).at(-1)).toBe(32)
  const retired = await as(rig, chargePoints.retire, {
    params: { key: 'hill-01' },
    body: { reason: 'gone' },
    version: 1,
  })
  expect(retired.status).toBe(200)
  expect((await hill()).sockets).toEqual([])
  await expect(rig.chargePoint('hill-01').boot()).rejects.toThrow()
}, 120_000)

test('I7 a model behaves by its firmware, and a firmware that is not the agreed one is listed', async () => {
  const rig = await startRig()
  const model = (await as(rig, models.read, { params: { key: 'single' } })).body.data
  expect((await put(rig, models.put, 'other@1', model)).status).toBe(422)
  expect((await put(rig, models.put, 'single@5.0.1', { ...model, canPause: false })).status).toBe(200)
  const { data } = (await as(rig, chargePoints.read, { params: { key: 'yard-01' } })).body
  expect((await put(rig, chargePoints.put, 'yard-01', { ...data, firmware: '4.2.0' }, 1)).status).toBe(200)
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await rig.offer(0)
  await rig.pass(1)
  expect(unit.limits(1).at(-1)).toBe(0)
  await unit.call('BootNotification', { chargePointVendor: 'Alfen', chargePointModel: 'S', firmwareVersion: '5.0.1' })
  await unit.status(1, 'Charging')
  await rig.offer(0)
  await rig.pass(1)
  expect(unit.limits(1).at(-1)).toBe(6)
  const drift = await as(rig, unknownOperations.listFirmwareDrift)
  expect(drift.body).toMatchObject([{ identity: 'yard-01', agreed: '4.2.0', reported: '5.0.1' }])
}, 120_000)

test('I16 a register goes out as CSV and comes in again; faults are named by line, and then nothing is stored', async () => {
  const rig = await startRig()
  await put(rig, evTypes.put, 'van', { ...vanType, name: '=1+1' })
  const out = (await as(rig, evTypes.exportFile)).body as string
  expect(out).toContain("van,1,'=1+1,Peugeot,50000,7360,1,")
  const same = await as(rig, evTypes.importFile, { text: out })
  expect(same.body).toEqual({ rows: 1, created: 0, changed: 0, same: 1 })
  const head = 'key,version,depotId,kind,state,replacedBy\r\n'
  const faulty = `${head}A-1,,yard,vehicle,issued,\r\nA-2,,nowhere,vehicle,issued,\r\nA-3,,yard,car,issued,\r\nA-1,,yard,master,issued,\r\n`
  const refused = await as(rig, tokens.importFile, { text: faulty })
  expect([refused.status, refused.body.errors.map(({ field }: { field: string }) => field)]).toEqual([
    422,
    ['line 4, kind', 'line 5, key'],
  ])
  const missing = await as(rig, tokens.importFile, {
    text: `${head}A-1,,yard,vehicle,issued,\r\nA-2,,nowhere,vehicle,issued,\r\n`,
  })
  expect([missing.status, missing.body.errors[0].field]).toEqual([422, 'line 3, depotId'])
  const onlyOne = `${head}A-1,,yard,vehicle,issued,\r\n`
  const checked = await as(rig, tokens.importFile, { query: { dryRun: 'true' }, text: onlyOne })
  expect(checked.body).toEqual({ rows: 1, created: 1, changed: 0, same: 0 })
  const nowhere = await as(rig, tokens.importFile, {
    query: { dryRun: 'true' },
    text: `${head}A-2,,nowhere,vehicle,issued,\r\n`,
  })
  expect([nowhere.status, nowhere.body.errors[0].field]).toEqual([422, 'line 2, depotId'])
  expect((await as(rig, tokens.read, { params: { key: 'A-1' } })).status).toBe(404)
  const taken = await as(rig, tokens.importFile, {
    text: `${head}A-1,,yard,vehicle,issued,\r\nyard-001,1,yard,vehicle,lost,A-1\r\n`,
  })
  expect(taken.body).toEqual({ rows: 2, created: 1, changed: 1, same: 0 })
  const stale = await as(rig, tokens.importFile, { text: `${head}yard-001,1,yard,vehicle,issued,\r\n` })
  expect([stale.status, stale.body.errors[0].field]).toEqual([422, 'line 2, version'])
})

test('H20 a token that is not registered charges with default priority, is listed, and is registered in one step', async () => {
  const rig = await startRig()
  await put(rig, evTypes.put, 'van', vanType)
  await put(rig, evs.put, 'AB12 CDE', { ...van, idTag: 'yard-001' })
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  const transactionId = await unit.plugIn(1, 'NEW-TAG')
  await rig.pass(2)
  expect(unit.limits(1).at(-1)).toBe(32)
  const unknown = async () => (await as(rig, unknownOperations.listUnknown)).body
  expect(await unknown()).toMatchObject([
    { kind: 'token', key: 'NEW-TAG', depotId: 'yard', place: 'yard-01', times: 1 },
  ])
  const warnings = async (resolved = 'no') =>
    (await as(rig, unknownOperations.listWarnings, { query: { resolved } })).body
  const [warning] = await warnings()
  expect(warning).toMatchObject({ kind: 'unidentified-vehicle', subject: 'NEW-TAG', place: 'yard-01', times: 1 })
  const params = { warningId: warning.warningId }
  const resolution = { params, body: { resolution: 'a new van' } }
  expect((await as(rig, unknownOperations.resolveWarning, resolution)).body.resolvedBy).toBe('admin')
  expect((await as(rig, unknownOperations.resolveWarning, resolution)).status).toBe(409)
  expect([await warnings(), (await warnings('yes')).length]).toEqual([[], 1])
  const body = { depotId: 'yard', kind: 'vehicle', registration: 'AB12 CDE' }
  expect((await as(rig, unknownOperations.registerUnknownToken, { params: { key: 'NEW-TAG' }, body })).status).toBe(200)
  expect(await unknown()).toEqual([])
  expect((await as(rig, tokens.read, { params: { key: 'yard-001' } })).body.data).toMatchObject({
    state: 'replaced',
    replacedBy: 'NEW-TAG',
  })
  expect((await rig.depotState()).sockets[0]?.transaction).toMatchObject({ transactionId, registration: 'AB12 CDE' })
}, 120_000)

test('I16 a lost token, a master card and tokens of swapped vehicles are warned of, and put right', async () => {
  const rig = await startRig()
  await put(rig, evTypes.put, 'van', vanType)
  for (const n of [1, 2, 3]) await put(rig, evs.put, `VAN ${n}`, { ...van, idTag: `yard-00${n}` })
  const lost = {
    params: { key: 'yard-001' },
    body: { idTag: 'FOB-1', isLost: true, reason: 'left in a van' },
    version: 1,
  }
  expect((await as(rig, unknownOperations.replaceToken, lost)).body).toMatchObject({
    key: 'FOB-1',
    data: { state: 'issued' },
  })
  expect((await as(rig, evs.read, { params: { key: 'VAN 1' } })).body.data.idTag).toBe('FOB-1')
  await put(rig, tokens.put, 'MASTER', { ...card, kind: 'master' })
  await put(rig, tokens.put, 'yard-002', { ...card, state: 'swapped' }, 1)
  const unit = rig.chargePoint('yard-02')
  await unit.boot()
  for (const idTag of ['yard-001', 'MASTER', 'yard-002', 'yard-003']) {
    const transactionId = await unit.plugIn(1, idTag)
    await unit.stop(transactionId, 0)
  }
  const kinds = async () =>
    (await as(rig, unknownOperations.listWarnings)).body.map((each: { kind: string; subject: string }) => [
      each.kind,
      each.subject,
    ])
  expect((await kinds()).sort()).toEqual([
    ['lost-token', 'yard-001'],
    ['swapped-token', 'yard-002'],
    ['unidentified-vehicle', 'MASTER'],
  ])
  const exchange = { params: { key: 'yard-002' }, body: { with: 'yard-003', reason: 'they stay so' }, version: 2 }
  const exchanged = (await as(rig, unknownOperations.exchangeTokens, exchange)).body
  expect(exchanged.map(({ key, data }: { key: string; data: { idTag: string } }) => [key, data.idTag])).toEqual([
    ['VAN 2', 'yard-003'],
    ['VAN 3', 'yard-002'],
  ])
}, 120_000)

test('a vehicle that says who it is and is not registered is listed, and registered in one step', async () => {
  const rig = await startRig()
  await put(rig, evTypes.put, 'van', vanType)
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'VID:0013A2004178')
  const params = { key: 'VID:0013A2004178' }
  expect((await as(rig, unknownOperations.listUnknown, { query: { kind: 'vehicle' } })).body).toMatchObject([params])
  const { vehicleIdentity: _, ...data } = van
  const body = { registration: 'AB12 CDE', data }
  expect((await as(rig, unknownOperations.registerUnknownVehicle, { params, body })).status).toBe(200)
  expect((await as(rig, unknownOperations.listUnknown)).body).toEqual([])
  expect((await rig.depotState()).sockets[0]?.transaction?.registration).toBe('AB12 CDE')
})

test('a charge point that is not registered is refused and listed; registered, it connects with the key that was shown', async () => {
  const rig = await startRig()
  await expect(rig.chargePoint('stranger').boot()).rejects.toThrow()
  expect((await as(rig, unknownOperations.listUnknown)).body).toMatchObject([
    { kind: 'charge-point', key: 'stranger', depotId: null, place: '127.0.0.1', isAccepted: false },
  ])
  const body = { ...single, depotId: 'yard' }
  const made = await as(rig, unknownOperations.registerUnknownChargePoint, { params: { key: 'stranger' }, body })
  const unit = rig.chargePoint('stranger', { password: Buffer.from(made.body.authorizationKey, 'hex') })
  await unit.boot()
  expect((await as(rig, unknownOperations.listUnknown)).body).toEqual([])
})

test('H18 people see the entries of their depots and those of the fleet, and change only at depots that are theirs', async () => {
  const rig = await startRig()
  await put(rig, depots.put, 'hill', secondDepot)
  await put(rig, chargePoints.put, 'hill-01', single)
  await person(rig, 'yardie', 'depot-admin', ['yard'])
  await person(rig, 'viewer', 'depot-admin', ['yard'], ['hill'])
  await person(rig, 'local', 'fleet-admin', ['yard'])
  const keys = async (who: string) =>
    (await as(rig, chargePoints.list, {}, who)).body
      .map(({ key }: { key: string }) => key)
      .filter((key: string) => key.startsWith('hill'))
  expect([await keys('yardie'), await keys('viewer')]).toEqual([[], ['hill-01']])
  const change = (who: string, key: string, data: object, version: number | null) =>
    as(rig, chargePoints.put, { params: { key }, body: { data }, version }, who)
  const { data } = (await as(rig, chargePoints.read, { params: { key: 'yard-01' } })).body
  expect((await change('yardie', 'hill-01', { ...single, depotId: 'yard' }, 1)).status).toBe(404)
  expect((await change('viewer', 'hill-01', single, 1)).status).toBe(403)
  expect((await change('viewer', 'yard-01', { ...data, depotId: 'hill' }, 1)).status).toBe(403)
  expect((await change('yardie', 'yard-01', { ...data, serial: 'S-1' }, 1)).status).toBe(200)
  // What is the whole fleet's, and a depot itself, are for people of all depots.
  const type = { params: { key: 'van' }, body: { data: vanType }, version: null }
  expect([
    (await as(rig, evTypes.put, type, 'yardie')).status,
    (await as(rig, evTypes.put, type, 'local')).status,
  ]).toEqual([403, 403])
  const mode = { params: { depotId: 'hill' }, body: { mode: 'monitor' } }
  expect((await as(rig, depotOperations.setControlMode, mode, 'viewer')).status).toBe(403)
  expect((await as(rig, depotOperations.readDepot, { params: { depotId: 'hill' } }, 'viewer')).status).toBe(200)
}, 120_000)

test('H23 an emergency off is confirmed by named roles, holds every socket at its limit, and ends with the mode of before', async () => {
  const rig = await startRig()
  await person(rig, 'yardie', 'depot-admin', ['yard'])
  await rig.siteLoad(20_000)
  const units = ['yard-01', 'yard-02'].map((identity) => rig.chargePoint(identity))
  const [unit, later] = units
  if (!unit || !later) throw new Error('no units')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await rig.pass(2)
  expect(unit.limits(1).at(-1)).toBe(32)
  const off = (change: object = {}, who?: string) => {
    const body = { confirm: 'yard', standingLimitA: 8, reason: 'works on the cable', ...change }
    return as(rig, emergencyOperations.switchOff, { params: { depotId: 'yard' }, body }, who)
  }
  expect((await off({}, 'yardie')).status).toBe(403)
  expect((await off({ confirm: 'hill' })).status).toBe(422)
  // 5 sockets at 80 A are limited by their models to 32 A: 5 × 32 A × 230 V + 20,000 W = 56,800 W of 100,000 W.
  expect((await off({ standingLimitA: 4 })).status).toBe(422)
  expect((await off()).body).toMatchObject({ standingLimitA: 8, startedBy: 'admin', endedAt: null })
  await rig.pass(1)
  expect(unit.limits(1).at(-1)).toBe(8)
  const standing = unit.received.filter(({ profile }) => profile.chargingProfilePurpose === 'TxDefaultProfile')
  expect(standing.map(({ profile }) => profile.chargingSchedule.chargingSchedulePeriod[0]?.limit)).toEqual([6, 8])
  expect((await rig.depotApi(depotOperations.setControlMode, { body: { mode: 'live' } })).status).toBe(409)
  await rig.restart()
  const again = rig.chargePoint('yard-02')
  await again.boot()
  expect(again.received[0]?.profile.chargingSchedule.chargingSchedulePeriod[0]?.limit).toBe(8)
  await again.plugIn(1, 'yard-002')
  await rig.pass(2)
  expect(again.limits(1)).toEqual([8])
  const end = { params: { depotId: 'yard' }, body: { confirm: 'yard', reason: 'done' } }
  expect((await as(rig, emergencyOperations.switchOn, end)).body.endedBy).toBe('admin')
  await rig.siteLoad(20_000)
  await rig.pass(2)
  expect([(await rig.depotState()).mode, again.limits(1).at(-1)]).toEqual(['live', 32])
}, 120_000)

test('H23 of two people who switch a depot off at the same moment one does, and the other is told that it is off', async () => {
  const rig = await startRig()
  const off = (reason: string) => {
    const body = { confirm: 'yard', standingLimitA: 8, reason }
    return rig.depotApi(emergencyOperations.switchOff, { body })
  }
  const answers = await Promise.all([off('smoke'), off('fire'), off('flood')])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  const { body } = await rig.depotApi(emergencyOperations.listEmergencies)
  expect(body).toMatchObject([{ endedAt: null }])
  await rig.depotApi(emergencyOperations.switchOn, { body: { confirm: 'yard', reason: 'done' } })
  // The mode of before is that of before the first, not "off".
  expect((await rig.depotState()).mode).toBe('live')
})

test('H23 I10 both sockets of a unit that keeps one limit at a time stand at the emergency’s limit, and are not sent it again each minute', async () => {
  const rig = await startRig()
  const { body: twin } = await rig.depotApi(registerGroups.models.read, { params: { key: 'twin' } })
  const data = { ...twin.data, coupling: 'one-at-a-time' }
  await rig.depotApi(registerGroups.models.put, { params: { key: 'twin' }, body: { data }, version: '1' })
  const unit = rig.chargePoint('yard-02')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await unit.plugIn(2, 'yard-002')
  await rig.offer(30)
  await rig.pass(2)
  const body = { confirm: 'yard', standingLimitA: 8, reason: 'works on the cable' }
  expect((await rig.depotApi(emergencyOperations.switchOff, { body })).status).toBe(200)
  await rig.pass(2)
  const sent = unit.received.length
  await rig.pass(5)
  expect(unit.received.length).toBe(sent)
})
