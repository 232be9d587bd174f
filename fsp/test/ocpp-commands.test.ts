import { asc } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { chargePointCommands } from '../../schemas/fsp/charge-point-commands.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { depotAudit } from '../access/tables.ts'
import { unitCommand } from '../chargepoints/tables.ts'
import type { TestChargePoint } from './support/charge-point.ts'
import { type Rig, startRig } from './support/rig.ts'

const ask = (rig: Rig, stated: Operation, body?: unknown, identity = 'yard-01') =>
  rig.depotApi(stated, { params: { depotId: 'yard', identity }, ...(body === undefined ? {} : { body }) })

/** Has a charge point answer commands in this way; returns what it receives, in order. */
function answering(unit: TestChargePoint, answers: Record<string, object>): [string, unknown][] {
  const received: [string, unknown][] = []
  for (const [action, answer] of Object.entries(answers))
    unit.on(action, (params) => {
      received.push([action, params])
      return answer
    })
  return received
}

const answered = (status: string) => ({ outcome: 'answered', status })

test('I5 I17 an operator restarts, unlocks, takes out of service and asks for messages; the charge point’s own word comes back', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-02')
  const received = answering(unit, {
    Reset: { status: 'Accepted' },
    UnlockConnector: { status: 'UnlockFailed' },
    ChangeAvailability: { status: 'Scheduled' },
    TriggerMessage: { status: 'NotImplemented' },
  })
  await unit.boot()
  const { resetChargePoint, unlockConnector, changeAvailability, triggerMessage } = chargePointCommands
  const answers = [
    await ask(rig, resetChargePoint, { type: 'hard' }, 'yard-02'),
    await ask(rig, unlockConnector, { connector: 2 }, 'yard-02'),
    await ask(rig, changeAvailability, { connector: null, isOperative: false }, 'yard-02'),
    await ask(rig, triggerMessage, { message: 'MeterValues', connector: 1 }, 'yard-02'),
  ]
  expect(answers.map(({ body }) => body)).toEqual(
    ['Accepted', 'UnlockFailed', 'Scheduled', 'NotImplemented'].map(answered),
  )
  expect(received).toEqual([
    ['Reset', { type: 'Hard' }],
    ['UnlockConnector', { connectorId: 2 }],
    ['ChangeAvailability', { connectorId: 0, type: 'Inoperative' }],
    ['TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 }],
  ])
  expect((await ask(rig, unlockConnector, { connector: 3 }, 'yard-02')).status).toBe(404)
  const rows = await rig.db.select().from(unitCommand).orderBy(asc(unitCommand.commandId))
  expect(rows.map(({ kind, status }) => [kind, status])[1]).toEqual(['unlock', 'UnlockFailed'])
})

test('I1 a charge point that does not know a command, or is not there, or hangs up, is told apart', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  const reset = () => ask(rig, chargePointCommands.resetChargePoint, { type: 'soft' })
  expect((await reset()).body).toEqual({ outcome: 'not-supported', status: null })
  unit.on('Reset', async () => {
    await unit.hangUp()
    return {}
  })
  expect((await reset()).body).toEqual({ outcome: 'no-answer', status: null })
  await expect.poll(async () => (await reset()).status).toBe(409)
})

test('I1 configuration is read without passwords and changed without its value in the record; broken answers are read as far as they go', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01', { password: rig.passwordOf('yard-01'), isStrict: false })
  answering(unit, {
    GetConfiguration: {
      configurationKey: [
        { key: 'HeartbeatInterval', readonly: false, value: '300' },
        { key: 'AuthorizationKey', readonly: false, value: 'deadbeef' },
        { readonly: true },
        { key: 'NumberOfConnectors', readonly: true, value: 1 },
      ],
      unknownKey: ['Nothing'],
    },
  })
  await unit.boot()
  expect((await ask(rig, chargePointCommands.readConfiguration, { keys: [] })).body).toEqual({
    outcome: 'answered',
    status: null,
    settings: [
      { key: 'HeartbeatInterval', value: '300', isReadOnly: false },
      { key: 'NumberOfConnectors', value: '1', isReadOnly: true },
    ],
    unknownKeys: ['Nothing'],
  })
  const change = (key: string, value: string) => ask(rig, chargePointCommands.changeConfiguration, { key, value })
  expect((await change('WebSocketPingInterval', 'a secret value')).body).toEqual(answered('Accepted'))
  expect((await change('authorizationKEY', '00')).status).toBe(422)
  await ask(rig, chargePointCommands.updateFirmware, { location: 'ftp://me:hidden@192.0.2.1/fw.bin', retrieveAt: null })
  const record = JSON.stringify(await rig.db.select().from(depotAudit))
  expect(record).toContain('WebSocketPingInterval')
  expect(record).toContain('192.0.2.1/fw.bin')
  expect(record).not.toMatch(/a secret value|hidden/)
})

test('I5 limits are cleared so that a charge always has one: our standing limit is back before its own is taken away', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  const order: unknown[] = []
  unit.on('ClearChargingProfile', ({ chargingProfilePurpose }: { chargingProfilePurpose: string }) => {
    order.push([chargingProfilePurpose, unit.received.length])
    return { status: 'Accepted' }
  })
  await unit.boot()
  await rig.pass(1)
  await unit.plugIn(1, 'yard-001')
  await rig.offer(20)
  await rig.pass(1)
  const before = unit.received.length
  expect((await ask(rig, chargePointCommands.clearLimits)).body).toEqual(answered('Accepted'))
  expect(order).toEqual([
    ['TxDefaultProfile', before],
    ['ChargePointMaxProfile', before + 1],
    ['TxProfile', before + 1],
  ])
  // The charge is limited anew by the next decision, after the gap that the model needs.
  await rig.pass(1)
  expect(unit.received.slice(before).map(({ profile }) => profile.chargingProfilePurpose)).toEqual([
    'TxDefaultProfile',
    'TxProfile',
  ])
  expect(unit.limits(1).at(-1)).toBe(20)
})

test('I5 a charge point that does not take its standing limit back keeps the limits of its charges', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  const received = answering(unit, { ClearChargingProfile: { status: 'Accepted' } })
  await unit.boot()
  // The standing limit was sent at this very instant.
  expect((await ask(rig, chargePointCommands.clearLimits)).status).toBe(409)
  await rig.pass(1)
  unit.answers = ['Rejected']
  expect((await ask(rig, chargePointCommands.clearLimits)).status).toBe(409)
  expect(received).toEqual([['ClearChargingProfile', { chargingProfilePurpose: 'TxDefaultProfile' }]])
})

/** Changes an entry of a register. */
async function change(rig: Rig, { read, put }: Record<'read' | 'put', Operation>, key: string, data: object) {
  const { body } = await rig.depotApi(read, { params: { key } })
  const call = { params: { key }, body: { data: { ...body.data, ...data } }, version: body.version }
  expect((await rig.depotApi(put, call)).status).toBe(200)
}

test('I7 I12 I14 the report tells of firmware that is not the agreed one, of the metering interval as read back, and of the clock', async () => {
  const rig = await startRig()
  await change(rig, registerGroups.models, 'single', { reportingIntervalS: 120 })
  await change(rig, registerGroups.chargePoints, 'yard-01', { firmware: '4.14' })
  const unit = rig.chargePoint('yard-01', { password: rig.passwordOf('yard-01'), isStrict: false })
  // It accepts the interval and keeps the old one.
  const received = answering(unit, {
    GetConfiguration: { configurationKey: [{ key: 'MeterValueSampleInterval', readonly: false, value: '900' }] },
  })
  await unit.connect()
  const boot = { chargePointVendor: 'Alfen', chargePointModel: 'Test', firmwareVersion: '4.12' }
  await unit.call('BootNotification', boot)
  await unit.call('FirmwareStatusNotification', { status: 'Downloading' })
  await unit.call('FirmwareStatusNotification', { status: 'InstallationFailed' })
  await unit.call('DiagnosticsStatusNotification', { status: 'Uploaded' })
  // Without a status it says nothing, and is answered all the same.
  await unit.call('FirmwareStatusNotification', {})
  // 90 s behind, and then a message without a time, which says nothing of the clock.
  const timestamp = rig.clock.now().minusSeconds(90).toString()
  await unit.call('StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError', timestamp })
  await unit.call('StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' })
  expect(unit.configured).toEqual([{ key: 'MeterValueSampleInterval', value: '120' }])
  expect(received).toHaveLength(2)
  const { body } = await ask(rig, chargePointCommands.readFirmwareReport)
  expect(body[0]).toMatchObject({
    firmware: '4.12',
    agreedFirmware: '4.14',
    isDrifted: true,
    firmwareStatus: 'InstallationFailed',
    diagnosticsStatus: 'Uploaded',
    meterInterval: { wantedS: 120, result: 'not-kept' },
    clockAheadS: -90,
    isClockOff: true,
  })
  // One that was never heard has no drift that anybody knows of.
  expect(body[1]).toMatchObject({ firmware: null, isDrifted: false, meterInterval: null, clockAheadS: null })
})
