import { asc } from 'drizzle-orm'
import type { OCPP20 } from 'typed-ocpp'
import { expect, onTestFinished, test } from 'vitest'
import { chargePointCommands } from '../../schemas/fsp/charge-point-commands.ts'
import { chargePointOperations } from '../../schemas/fsp/charge-points.ts'
import { depotPlanOperations } from '../../schemas/fsp/depot-plan.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { unknownOperations } from '../../schemas/fsp/registers/unknown.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { chargingTransaction, registerReading, setpoint } from '../chargepoints/tables.ts'
import { type Rig, startRig } from './support/rig.ts'
import { TestStation } from './support/station.ts'

const stationOf = (rig: Rig, identity = 'yard-01', options: { protocols?: string[]; isStrict?: boolean } = {}) => {
  const station = new TestStation(rig.fsp.ocppUrl, identity, rig.clock, {
    password: rig.passwordOf(identity),
    ...options,
  })
  onTestFinished(() => station.hangUp())
  return station
}
const transactions = (rig: Rig) =>
  rig.db.select().from(chargingTransaction).orderBy(asc(chargingTransaction.transactionId))
const registers = async (rig: Rig) =>
  (await rig.db.select().from(registerReading).orderBy(asc(registerReading.at))).map(({ energyWh }) => energyWh)
const socket = async (rig: Rig, at = 0) => (await rig.depotState()).sockets[at]
const ask = (rig: Rig, stated: Operation, body?: unknown, identity = 'yard-02') =>
  rig.depotApi(stated, { params: { depotId: 'yard', identity }, ...(body === undefined ? {} : { body }) })

test('I1 a charge point chooses between OCPP 1.6 and 2.0.1 on the same port, and is refused without either', async () => {
  const rig = await startRig()
  for (const [protocols, chosen] of [
    [['ocpp2.0.1', 'ocpp1.6'], 'ocpp2.0.1'],
    [['ocpp1.6', 'ocpp2.0.1'], 'ocpp1.6'],
    [['ocpp2.1', 'ocpp2.0.1'], 'ocpp2.0.1'],
  ] as const) {
    const station = stationOf(rig, 'yard-01', { protocols: [...protocols], isStrict: false })
    await station.connect()
    expect(station.protocol).toBe(chosen)
    await station.hangUp()
  }
  const neither = stationOf(rig, 'yard-01', { protocols: ['ocpp2.0'], isStrict: false })
  await expect(neither.connect()).rejects.toMatchObject({ code: 400 })
})

test('SET03 FAT01 over OCPP 2.0.1: 32, 16, 8, 0, 18, 10, 32 A as short profiles of the station’s own transaction over a standing limit', async () => {
  const rig = await startRig()
  const station = stationOf(rig)
  await station.boot()
  await rig.pass(1)
  await station.plugIn(1, 'the-stations-own-id', 'yard-001')
  for (const ampere of [32, 16, 8, 0, 18, 10, 32]) {
    await rig.offer(ampere)
    await rig.pass(1)
  }
  expect(station.limits(1)).toEqual([32, 16, 8, 0, 18, 10, 32])
  const [standing, own] = [station.profiles()[0], station.profiles().at(-1)]
  expect(standing).toMatchObject({
    evseId: 0,
    chargingProfile: {
      chargingProfilePurpose: 'TxDefaultProfile',
      stackLevel: 0,
      chargingSchedule: [{ chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] }],
    },
  })
  const startSchedule = own?.chargingProfile.chargingSchedule[0]?.startSchedule ?? ''
  expect(own).toMatchObject({
    evseId: 1,
    chargingProfile: {
      transactionId: 'the-stations-own-id',
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Absolute',
      stackLevel: 1,
      chargingSchedule: [{ chargingRateUnit: 'A' }],
    },
  })
  expect(Date.parse(own?.chargingProfile.validTo ?? '') - Date.parse(startSchedule)).toBe(15 * 60_000)
  const rows = await rig.db.select().from(setpoint).orderBy(asc(setpoint.setpointId))
  expect(rows.filter(({ connector }) => connector === 1).map(({ limitA, result }) => [limitA, result])).toEqual(
    [32, 16, 8, 0, 18, 10, 32].map((ampere) => [ampere, 'accepted']),
  )
})

test('I1 events of a transaction bring its start, power, register, token and end; a power of ten counts', async () => {
  const rig = await startRig()
  const station = stationOf(rig, 'yard-02')
  await station.boot(2)
  const evse = { id: 2, connectorId: 1 }
  await station.event('t-1', {
    eventType: 'Started',
    triggerReason: 'CablePluggedIn',
    evse,
    chargingState: 'EVConnected',
  })
  expect(await socket(rig, 2)).toMatchObject({ state: 'preparing', transaction: { idTag: '', registration: null } })
  const idToken = { idToken: 'yard-001', type: 'ISO14443' } as const
  const answer = await station.event('t-1', {
    eventType: 'Updated',
    evse,
    idToken,
    chargingState: 'Charging',
    meterValue: [station.reading(500_000, 0)],
  })
  expect(answer).toEqual({ idTokenInfo: { status: 'Accepted' } })
  await rig.pass(6)
  await station.event('t-1', {
    eventType: 'Updated',
    triggerReason: 'MeterValuePeriodic',
    evse,
    meterValue: [station.reading(500_700, 7_000)],
  })
  expect(await socket(rig, 2)).toMatchObject({
    state: 'charging',
    powerW: 7_000,
    // The first reading stands for the register at the start, which the station left out.
    transaction: { idTag: 'yard-001', energyWh: 700 },
  })
  await rig.pass(6)
  await station.event('t-1', {
    eventType: 'Ended',
    triggerReason: 'EVDeparted',
    evse,
    meterValue: [station.reading(501_400, null, 'Transaction.End')],
  })
  expect(await socket(rig, 2)).toMatchObject({ transaction: null, powerW: 0 })
  await station.status(2, 'Available')
  expect(await socket(rig, 2)).toMatchObject({ state: 'available' })
  expect(await transactions(rig)).toMatchObject([
    {
      unitTransactionId: 't-1',
      connector: 2,
      idTag: 'yard-001',
      startWh: 500_000,
      stopWh: 501_400,
      isStartKnown: true,
    },
  ])
  expect(await registers(rig)).toEqual([500_000, 500_700, 501_400])
})

test('I13 a backlog of events counts at its own times, and what is sent again changes nothing', async () => {
  const rig = await startRig()
  const station = stationOf(rig)
  await station.boot()
  const at = (time: string) => `2026-01-15T${time}:00Z`
  const idToken = { idToken: 'yard-001', type: 'ISO14443' } as const
  const events = [
    {
      eventType: 'Started',
      timestamp: at('09:00'),
      offline: true,
      idToken,
      seqNo: 0,
      meterValue: [station.reading(1_000, null, 'Transaction.Begin', at('09:00'))],
    },
    {
      eventType: 'Updated',
      timestamp: at('09:30'),
      offline: true,
      seqNo: 1,
      meterValue: [station.reading(4_000, 6_000, 'Sample.Periodic', at('09:30'))],
    },
    {
      eventType: 'Ended',
      timestamp: at('10:00'),
      offline: true,
      seqNo: 2,
      meterValue: [station.reading(7_000, null, 'Transaction.End', at('10:00'))],
    },
  ] as const
  for (const event of [...events, ...events]) await station.event('t-off', event as never)
  const rows = await transactions(rig)
  expect(
    rows.map(({ startAt, stopAt, startWh, stopWh }) => [startAt.toString(), stopAt?.toString(), startWh, stopWh]),
  ).toEqual([['2026-01-15T09:00:00Z', '2026-01-15T10:00:00Z', 1_000, 7_000]])
  expect(await registers(rig)).toEqual([1_000, 4_000, 7_000])
  expect((await socket(rig))?.transaction).toBeNull()
})

test('I1 a transaction whose start was lost begins with its next event, and one whose name we know survives a restart of ours', async () => {
  const rig = await startRig()
  const station = stationOf(rig)
  await station.boot()
  await station.event('t-9', {
    eventType: 'Updated',
    chargingState: 'Charging',
    meterValue: [station.reading(9_000, 7_000)],
  })
  expect((await socket(rig))?.transaction).toMatchObject({ idTag: '' })
  await rig.restart()
  const again = stationOf(rig)
  await again.boot()
  await rig.pass(6)
  await again.event('t-9', { eventType: 'Ended', meterValue: [again.reading(9_700, 0, 'Transaction.End')] })
  expect(await transactions(rig)).toMatchObject([{ unitTransactionId: 't-9', startWh: 9_000, stopWh: 9_700 }])
})

test('I18 a vehicle that says who it is (eMAID or hardware address) is found in the register, and what it needs is kept', async () => {
  const rig = await startRig()
  const ev = { depotId: 'yard', evType: 'van', subType: null, telematicsId: null, idTag: null }
  const put = (register: keyof typeof registerGroups, key: string, body: object) =>
    rig.depotApi(registerGroups[register].put, { params: { key }, body: { data: body }, version: null })
  await put('evTypes', 'van', {
    name: 'Van',
    make: 'V',
    usableBatteryWh: 50_000,
    acPowerW: 7_360,
    phases: 1,
    taper: [],
    subTypes: [],
  })
  expect((await put('evs', 'AB12 CDE', { ...ev, vehicleIdentity: 'EMAID:GB-ABC-C12345678-X' })).status).toBeLessThan(
    300,
  )
  await put('evs', 'XY34 ZZZ', { ...ev, vehicleIdentity: 'VID:0013A2004178' })
  const station = stationOf(rig, 'yard-02')
  await station.boot(2)
  const start = (name: string, id: number, idToken: OCPP20.AuthorizeRequest['idToken']) =>
    station.event(name, { eventType: 'Started', evse: { id, connectorId: 1 }, idToken, chargingState: 'Charging' })
  await start('t-1', 1, { idToken: 'GBABCC12345678X', type: 'eMAID' })
  await start('t-2', 2, { idToken: '00:13:a2:00:41:78', type: 'MacAddress' })
  expect((await rig.depotState()).sockets.slice(1, 3).map(({ transaction }) => transaction?.registration)).toEqual([
    'AB12 CDE',
    'XY34 ZZZ',
  ])
  const answer = await station.call('NotifyEVChargingNeeds', {
    evseId: 1,
    chargingNeeds: {
      requestedEnergyTransfer: 'AC_single_phase',
      departureTime: '2026-01-16T06:00:00Z',
      acChargingParameters: { energyAmount: 24_000, evMinCurrent: 6, evMaxCurrent: 32, evMaxVoltage: 230 },
    },
  })
  expect(answer).toEqual({ status: 'Processing' })
  const stated = (await rig.depotApi(chargePointOperations.listVehicleStatements)).body
  expect(stated).toMatchObject([
    {
      kind: 'needs',
      registration: 'AB12 CDE',
      connector: 1,
      energyWh: 24_000,
      leastA: 6,
      mostA: 32,
      departureAt: '2026-01-16T06:00:00Z',
    },
    { kind: 'identity', vehicleIdentity: 'VID:0013A2004178', registration: 'XY34 ZZZ', connector: 2 },
    { kind: 'identity', vehicleIdentity: 'EMAID:GBABCC12345678X', registration: 'AB12 CDE', connector: 1 },
  ])
})

test('DDB11 a token that charges already is refused at another station of the brand: when it is shown, and when a charge begins with it', async () => {
  const rig = await startRig()
  const [first, second] = [stationOf(rig, 'yard-01'), stationOf(rig, 'yard-02')]
  await first.boot()
  await second.boot(2)
  await first.plugIn(1, 't-1', 'yard-001')
  const idToken = { idToken: 'yard-001', type: 'ISO14443' } as const
  expect(await second.call('Authorize', { idToken })).toEqual({ idTokenInfo: { status: 'ConcurrentTx' } })
  // A charge that begins with it, and one that begins without a token and is shown it later.
  const begins = { eventType: 'Started', evse: { id: 1, connectorId: 1 }, chargingState: 'EVConnected' } as const
  const refused = { idTokenInfo: { status: 'ConcurrentTx' } }
  expect(await second.event('t-2', { ...begins, idToken })).toEqual(refused)
  // Asked again, as after a lost answer, it says the same; the first charge is not drawn into it.
  expect(await second.event('t-2', { ...begins, idToken })).toEqual(refused)
  expect(await first.event('t-1', { eventType: 'Updated', idToken })).toEqual({ idTokenInfo: { status: 'Accepted' } })
  await second.event('t-2', { eventType: 'Ended', evse: { id: 1, connectorId: 1 } })
  const later = { evse: { id: 2, connectorId: 1 }, chargingState: 'EVConnected' }
  expect(await second.event('t-3', { ...later, eventType: 'Started' })).toEqual({})
  expect(await second.event('t-3', { ...later, eventType: 'Updated', idToken })).toEqual(refused)
  const { body } = await rig.depotApi(unknownOperations.listWarnings)
  expect(body.map(({ kind, subject }: { kind: string; subject: string }) => `${kind} ${subject}`)).toContain(
    'token-twice yard-001',
  )
})

test('I18 limits and priority follow what a vehicle says that it needs, and the explanation says so, also after a restart', async () => {
  const rig = await startRig()
  const station = stationOf(rig, 'yard-02')
  await station.boot(2)
  await station.plugIn(1, 't-1', 'yard-001')
  await rig.offer(64)
  await rig.pass(1)
  expect(station.limits(1).at(-1)).toBe(32)
  await station.call('NotifyEVChargingNeeds', {
    evseId: 1,
    chargingNeeds: {
      requestedEnergyTransfer: 'AC_single_phase',
      departureTime: '2026-01-15T15:00:00Z',
      acChargingParameters: { energyAmount: 3_680, evMinCurrent: 6, evMaxCurrent: 16, evMaxVoltage: 230 },
    },
  })
  const at = rig.clock.now().toString()
  await rig.pass(1)
  expect(station.limits(1).at(-1)).toBe(16)
  const asked = { at, energyWh: 3_680, departureAt: '2026-01-15T15:00:00Z', leastA: 6, mostA: 16 }
  const explained = async () => (await rig.depotApi(depotPlanOperations.explainDepot)).body.sockets
  // 3,680 Wh at 16 A · 230 V take an hour.
  const spareMinutes = Math.round((Date.parse('2026-01-15T15:00:00Z') - rig.clock.now().toEpochMilli()) / 60_000) - 60
  const priority = { basis: 'vehicle', departureAt: '2026-01-15T15:00:00Z', missingWh: 3_680, spareMinutes }
  expect(await explained()).toMatchObject([{ connector: 1, limitA: 16, vehicleAsks: asked, priority }])
  await rig.restart()
  await rig.pass(1)
  expect(await explained()).toMatchObject([{ vehicleAsks: asked, priority: { basis: 'vehicle', missingWh: 3_680 } }])
})

test('I5 I17 every command has its message in OCPP 2.0.1; an unlock ends the charge first', async () => {
  const rig = await startRig()
  const station = stationOf(rig, 'yard-02', { isStrict: false })
  await station.boot(2)
  await station.plugIn(2, 't-2', 'yard-001')
  station.answers['UnlockConnector'] = () => ({ status: 'Unlocked' })
  station.answers['GetLog'] = () => ({ status: 'Accepted', filename: 'log.txt' })
  station.answers['SetVariables'] = ({ setVariableData }: OCPP20.SetVariablesRequest) => ({
    setVariableResult: setVariableData.map(({ attributeValue: _, ...each }) => ({
      ...each,
      attributeStatus: 'RebootRequired',
    })),
  })
  station.received.length = 0
  const { resetChargePoint, unlockConnector, changeAvailability, triggerMessage, changeConfiguration } =
    chargePointCommands
  const answers = [
    await ask(rig, resetChargePoint, { type: 'hard' }),
    await ask(rig, unlockConnector, { connector: 2 }),
    await ask(rig, changeAvailability, { connector: null, isOperative: false }),
    await ask(rig, triggerMessage, { message: 'StatusNotification', connector: null }),
    await ask(rig, changeConfiguration, { key: 'TxCtrlr.EVConnectionTimeOut', value: '60' }),
    await ask(rig, chargePointCommands.updateFirmware, {
      location: 'https://a.test/f',
      retrieveAt: '2026-01-15T13:00:00Z',
    }),
    await ask(rig, chargePointCommands.getDiagnostics, { location: 'https://a.test/d', from: null, to: null }),
  ]
  expect(answers.map(({ body }) => [body.outcome, body.status, body.fileName])).toEqual([
    ['answered', 'Accepted', undefined],
    ['answered', 'Unlocked', undefined],
    ['answered', 'Accepted', undefined],
    ['answered', 'Accepted', undefined],
    ['answered', 'RebootRequired', undefined],
    ['answered', 'Accepted', undefined],
    ['answered', 'Accepted', 'log.txt'],
  ])
  const commands = station.received.filter(([action]) => action !== 'SetChargingProfile')
  expect(commands).toMatchObject([
    ['Reset', { type: 'Immediate' }],
    ['RequestStopTransaction', { transactionId: 't-2' }],
    ['UnlockConnector', { evseId: 2, connectorId: 1 }],
    ['ChangeAvailability', { operationalStatus: 'Inoperative' }],
    ['TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } }],
    ['TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 2, connectorId: 1 } }],
    [
      'SetVariables',
      {
        setVariableData: [
          { attributeValue: '60', component: { name: 'TxCtrlr' }, variable: { name: 'EVConnectionTimeOut' } },
        ],
      },
    ],
    ['UpdateFirmware', { firmware: { location: 'https://a.test/f', retrieveDateTime: '2026-01-15T13:00:00Z' } }],
    ['GetLog', { logType: 'DiagnosticsLog', log: { remoteLocation: 'https://a.test/d' } }],
  ])
  expect((await ask(rig, changeConfiguration, { key: 'SecurityCtrlr.BasicAuthPassword', value: 'x' })).status).toBe(422)
})

test('I1 settings are read one by one, and all of them by a report in parts, without passwords', async () => {
  const rig = await startRig()
  const station = stationOf(rig, 'yard-02', { isStrict: false })
  await station.boot(2)
  const named = (component: string, variable: string) => ({
    component: { name: component },
    variable: { name: variable },
  })
  station.answers['GetVariables'] = () => ({
    getVariableResult: [
      { ...named('OCPPCommCtrlr', 'HeartbeatInterval'), attributeStatus: 'Accepted', attributeValue: '300' },
      { ...named('NoSuch', 'Thing'), attributeStatus: 'UnknownComponent' },
    ],
  })
  const keys = ['HeartbeatInterval', 'NoSuch.Thing']
  expect((await ask(rig, chargePointCommands.readConfiguration, { keys })).body).toMatchObject({
    settings: [{ key: 'HeartbeatInterval', value: '300' }],
    unknownKeys: ['NoSuch.Thing'],
  })
  const part = (requestId: number, seqNo: number, tbc: boolean, reportData: object[]) =>
    station.call('NotifyReport', { requestId, generatedAt: station.now(), seqNo, tbc, reportData })
  station.answers['GetBaseReport'] = ({ requestId }: OCPP20.GetBaseReportRequest) => {
    setImmediate(async () => {
      await part(requestId, 0, true, [
        {
          ...named('OCPPCommCtrlr', 'HeartbeatInterval'),
          variableAttribute: [{ value: '300', mutability: 'ReadWrite' }],
        },
      ])
      await part(requestId, 1, false, [
        {
          component: { name: 'EVSE', evse: { id: 2 } },
          variable: { name: 'Power' },
          variableAttribute: [{ value: '7', mutability: 'ReadOnly' }],
        },
        {
          ...named('SecurityCtrlr', 'BasicAuthPassword'),
          variableAttribute: [{ value: 'hidden', mutability: 'ReadWrite' }],
        },
      ])
    })
    return { status: 'Accepted' }
  }
  expect((await ask(rig, chargePointCommands.readConfiguration, { keys: [] })).body).toEqual({
    outcome: 'answered',
    status: 'Accepted',
    settings: [
      { key: 'OCPPCommCtrlr.HeartbeatInterval', value: '300', isReadOnly: false },
      { key: 'EVSE[2].Power', value: '7', isReadOnly: true },
    ],
    unknownKeys: [],
  })
})

test('I12 the metering interval is set and read again in the words of OCPP 2.0.1, and the report says how the station is reached', async () => {
  const rig = await startRig()
  const station = stationOf(rig, 'yard-02', { isStrict: false })
  let interval = '900'
  station.answers['GetVariables'] = ({ getVariableData }: OCPP20.GetVariablesRequest) => ({
    getVariableResult: getVariableData.map((each) => ({
      ...each,
      attributeStatus: 'Accepted',
      attributeValue: interval,
    })),
  })
  station.answers['SetVariables'] = ({ setVariableData }: OCPP20.SetVariablesRequest) => {
    interval = setVariableData[0]?.attributeValue ?? ''
    return {
      setVariableResult: setVariableData.map(({ attributeValue: _, ...each }) => ({
        ...each,
        attributeStatus: 'Accepted',
      })),
    }
  }
  await station.boot(2)
  const set = station.received.find(([action]) => action === 'SetVariables')
  expect(set?.[1]).toMatchObject({
    setVariableData: [{ component: { name: 'SampledDataCtrlr' }, variable: { name: 'TxUpdatedInterval' } }],
  })
  const { body } = await rig.depotApi(chargePointCommands.readFirmwareReport)
  expect(body.find(({ identity }: { identity: string }) => identity === 'yard-02')).toMatchObject({
    protocol: 'ocpp2.0.1',
    firmware: '2.0',
    meterInterval: { result: 'set', wantedS: Number(interval) },
  })
})

test('I5 a station that refuses one standing limit for all of its sockets gets one for each', async () => {
  const rig = await startRig()
  const station = stationOf(rig, 'yard-02', { isStrict: false })
  station.answers['SetChargingProfile'] = ({ evseId }: OCPP20.SetChargingProfileRequest) => ({
    status: evseId === 0 ? 'Rejected' : 'Accepted',
  })
  await station.boot(2)
  const standing = station
    .profiles()
    .map(({ evseId, chargingProfile }) => [evseId, chargingProfile.chargingProfilePurpose])
  expect(standing).toEqual([0, 1, 2].map((evseId) => [evseId, 'TxDefaultProfile']))
  const rows = await rig.db.select().from(setpoint)
  expect(rows).toMatchObject([{ identity: 'yard-02', connector: 0, limitA: 6, result: 'accepted' }])
})

test('messages of other makers are taken as far as they can be used; what cannot be is refused by field and rule', async () => {
  const rig = await startRig()
  const station = stationOf(rig, 'yard-01', { isStrict: false })
  await station.connect()
  expect(
    await station.call('BootNotification', {
      reason: 'Odd',
      chargingStation: { model: 7, vendorName: null },
      extra: 1,
    }),
  ).toMatchObject({
    status: 'Accepted',
  })
  await station.call('NotifyEvent', {
    generatedAt: station.now(),
    seqNo: 0,
    eventData: [
      {
        component: { name: 'Connector', evse: { id: 1, connectorId: 1 } },
        variable: { name: 'AvailabilityState' },
        actualValue: 'Faulted',
      },
      'not an event',
    ],
  })
  expect((await socket(rig))?.state).toBe('faulted')
  await station.call('TransactionEvent', {
    eventType: 'Started',
    transactionInfo: { transactionId: 17, chargingState: 'Charging' },
    evse: { id: '1' },
    meterValue: [{ timestamp: 'x', sampledValue: [{ value: '12', unitOfMeasure: { unit: 'kWh' } }, { value: null }] }],
  })
  expect((await socket(rig))?.transaction).not.toBeNull()
  expect(await transactions(rig)).toMatchObject([{ unitTransactionId: '17', startWh: 12_000 }])
  for (const action of ['NotifyReport', 'NotifyMonitoringReport', 'ReportChargingProfiles', 'NotifyChargingLimit'])
    expect(await station.call(action, { requestId: 1 })).toEqual({})
  await expect(station.call('NoSuchMessage', {})).rejects.toMatchObject({ rpcErrorCode: 'NotImplemented' })
  await expect(station.call('TransactionEvent', { eventType: 'Ended' })).rejects.toMatchObject({
    rpcErrorCode: 'FormatViolation',
    message: expect.stringContaining('transactionInfo'),
  })
  const faults = (
    await rig.depotApi(chargePointOperations.listChargePointFaults, {
      params: { depotId: 'yard', identity: 'yard-01' },
    })
  ).body
  expect(faults.map(({ message }: { message: string }) => message)).toContain('TransactionEvent')
})

test('SEC07 a new password goes to a station as the variable that 2.0.1 has for it, and its text opens the next connection', async () => {
  const rig = await startRig()
  const station = stationOf(rig, 'yard-02', { isStrict: false })
  await station.boot(2)
  station.answers['SetVariables'] = ({ setVariableData }: OCPP20.SetVariablesRequest) => ({
    setVariableResult: setVariableData.map(({ attributeValue: _, ...each }) => ({
      ...each,
      attributeStatus: 'Accepted',
    })),
  })
  expect((await ask(rig, chargePointOperations.rotateChargePointPassword)).body).toEqual({ outcome: 'accepted' })
  const [, params] = station.received.findLast(([action]) => action === 'SetVariables') ?? []
  const [set] = (params as unknown as OCPP20.SetVariablesRequest).setVariableData
  expect([set?.component.name, set?.variable.name]).toEqual(['SecurityCtrlr', 'BasicAuthPassword'])
  const password = Buffer.from(set?.attributeValue ?? '')
  const next = new TestStation(rig.fsp.ocppUrl, 'yard-02', rig.clock, { password })
  onTestFinished(() => next.hangUp())
  await next.boot(2)
  await expect(stationOf(rig, 'yard-02').connect()).rejects.toMatchObject({ code: 401 })
})
