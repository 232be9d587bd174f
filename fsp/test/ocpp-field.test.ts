import { asc } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { chargePointOperations } from '../../schemas/fsp/charge-points.ts'
import { chargePoint, chargingTransaction, registerReading } from '../chargepoints/tables.ts'
import { fieldCase, fieldUnit, type Message, send, startLoggedRig } from './support/field-cases.ts'
import { type Rig, startRig } from './support/rig.ts'

const readings = async (rig: Rig) =>
  (await rig.db.select().from(registerReading).orderBy(asc(registerReading.at))).map(({ energyWh }) => energyWh)
const transactions = (rig: Rig) =>
  rig.db.select().from(chargingTransaction).orderBy(asc(chargingTransaction.transactionId))
const socket = async (rig: Rig) => (await rig.depotState()).sockets[0]
const faultsOf = async (rig: Rig, identity = 'yard-01') =>
  (await rig.depotApi(chargePointOperations.listChargePointFaults, { params: { depotId: 'yard', identity } })).body

/** A unit with an open transaction whose register began at 900 kWh, as the cases have it. */
async function charging(start = '2026-01-15T12:02:00Z') {
  const rig = await startLoggedRig(start)
  const unit = fieldUnit(rig)
  await unit.boot()
  const transactionId = await unit.plugIn(1, 'yard-001', 900_000)
  return { rig, unit, transactionId }
}

test('a boot with a serial number that is too long is taken, and its fault is noted once and listed', async () => {
  const rig = await startLoggedRig()
  const unit = fieldUnit(rig)
  await unit.connect()
  const [boot] = fieldCase<Message[]>('ocpp-O1-boot-long-serial')
  if (!boot) throw new Error('the case is empty')
  expect(await send(unit, [boot, boot])).toMatchObject([{ status: 'Accepted' }, { status: 'Accepted' }])
  expect(await rig.db.select().from(chargePoint)).toMatchObject([{ vendor: 'Example', model: 'Smart Wallbox' }])
  expect(await faultsOf(rig)).toEqual([
    {
      message: 'BootNotification',
      field: 'chargePointSerialNumber',
      rule: 'must NOT have more than 25 characters',
      firstAt: '2026-01-15T12:00:00Z',
    },
  ])
  expect(rig.logged.filter(({ field }) => field === 'chargePointSerialNumber')).toHaveLength(1)
})

test('fields that nobody uses may be anything: extra ones, null, numbers for strings', async () => {
  const rig = await startRig()
  const unit = fieldUnit(rig)
  await unit.connect()
  const answers = await send(unit, [
    ['BootNotification', { chargePointVendor: 'V', chargePointModel: 4, imsi: null, uptime: 7 }],
    ['StatusNotification', { connectorId: '1', status: 'Available', errorCode: 'NoFault', info: 'x'.repeat(80) }],
    ['Authorize', { idTag: 'A'.repeat(36) }],
    ['Heartbeat', { uptime: 7 }],
  ])
  expect(answers).toMatchObject([{ status: 'Accepted' }, {}, { idTagInfo: { status: 'Accepted' } }, {}])
  expect(answers.some((answer) => 'refused' in (answer as object))).toBe(false)
  expect((await socket(rig))?.state).toBe('available')
})

test('power that comes by phase adds up', async () => {
  const rig = await startRig('2026-01-15T12:03:00Z')
  const unit = fieldUnit(rig)
  await unit.connect()
  await send(unit, fieldCase<Message[]>('ocpp-O2-power-by-phase'))
  // 3 phases of 2,453 W each.
  expect((await socket(rig))?.powerW).toBe(7_359)
})

test('set points hold still while a unit reports its power by phase, though a phase is unreadable now and then', async () => {
  const { rig, unit, transactionId } = await charging()
  const buildingW = 86_000
  for (let minute = 0; minute < 12; minute++) {
    // The vehicle takes what it was last allowed.
    const drawnW = (unit.limits(1).at(-1) ?? 0) * 230
    const sampledValue = ['L1', 'L2', 'L3'].map((phase) => ({
      value: minute % 4 === 3 && phase === 'L2' ? '' : (drawnW / 3_000).toFixed(3),
      measurand: 'Power.Active.Import',
      phase,
      unit: 'kW',
    }))
    const meterValue = [{ timestamp: rig.clock.now().toString(), sampledValue }]
    await send(unit, [['MeterValues', { connectorId: 1, transactionId, meterValue }]])
    await rig.siteLoad(buildingW + drawnW)
    await rig.pass(1)
  }
  // 90 kW less 86 kW leaves 4,000 W, 17 A at 230 V; before the first site load the unit has its standing limit.
  const limits = unit.limits(1)
  expect(limits.slice(limits.indexOf(17))).toEqual(limits.slice(limits.indexOf(17)).map(() => 17))
  expect(limits.at(-1)).toBe(17)
})

test('a unit that reports its register only is seen by what the register rises', async () => {
  const { rig, unit, transactionId } = await charging()
  await rig.pass(2)
  const register = { value: '900200', measurand: 'Energy.Active.Import.Register', unit: 'Wh' }
  const meterValue = [{ timestamp: '2026-01-15T12:04:00Z', sampledValue: [register] }]
  await send(unit, [['MeterValues', { connectorId: 1, transactionId, meterValue }]])
  // 200 Wh in two minutes.
  expect((await socket(rig))?.powerW).toBe(6_000)
})

test('a power that is unknown is not 0 W in the site balance', async () => {
  const { rig, unit, transactionId } = await charging()
  await unit.meter(1, transactionId, 900_100, 7_000, '2026-01-15T12:02:00Z')
  await rig.siteLoad(27_000)
  await rig.pass(1)
  expect((await rig.depotState()).decision?.buildingW).toBe(20_000)
  const empty = { value: '', measurand: 'Power.Active.Import', unit: 'W' }
  const meterValue = [{ timestamp: '2026-01-15T12:03:00Z', sampledValue: [empty] }]
  await send(unit, [['MeterValues', { connectorId: 1, transactionId, meterValue }]])
  await rig.siteLoad(27_000)
  await rig.pass(1)
  expect(await socket(rig)).toMatchObject({ powerW: null })
  expect((await rig.depotState()).decision?.buildingW).toBe(20_000)
})

test('a register that reads 0 once at a quarter-hour is a dropout: flagged, and never energy', async () => {
  const rig = await startRig('2026-01-15T12:00:00Z')
  await rig.register()
  const unit = fieldUnit(rig)
  await unit.connect()
  const messages = fieldCase<Message[]>('ocpp-O3-register-zero-at-quarter-hour')
  await send(unit, messages.slice(0, 2))
  await rig.pass(12)
  await send(unit, messages.slice(2, 3))
  await rig.pass(1)
  await send(unit, messages.slice(3, 4))
  await rig.pass(1)
  await send(unit, messages.slice(4))
  await rig.pass(30)
  const told = rig.dno.uploads
    .flatMap(({ readings: sent }) => sent)
    .filter(({ at }) => at.startsWith('2026-01-15T12:00'))
  // 1,200 Wh until 12:14, then half of the 200 Wh until 12:16.
  expect(told.at(-1)).toMatchObject({ energyWh: 1_300, quality: 'estimated' })
  expect(Math.max(...rig.dno.uploads.flatMap(({ readings: sent }) => sent.map(({ energyWh }) => energyWh ?? 0)))).toBe(
    1_300,
  )
})

for (const [name, message] of Object.entries(fieldCase<Record<string, Message>>('ocpp-O4-sampled-values')))
  test(`the register is read from sampled values of a kind that once lost it: ${name}`, async () => {
    const { rig, unit } = await charging('2026-01-15T12:10:00Z')
    const right = {
      'loses the message: unit Hertz beside the register': 900_300,
      'loses the message: number for a string': 900_500,
      'reads nothing, silently: signed copy first': 900_800,
      // 3 phases of 300,300 Wh each.
      'reads nothing, silently: register by phase': 900_900,
      'reads nothing, silently: decimal comma': 900_600.5,
      'reads 5 in place of 901000': 901_000,
    }[name]
    await send(unit, [message])
    expect(await readings(rig)).toContain(right)
    expect(await readings(rig)).toHaveLength(2)
  })

const lost = fieldCase<{ stops: Message[]; 'then in each case': Message }>('ocpp-O5-O9-lost-stop')
const brokenForms: Message[] = [
  ['StopTransaction', { transactionId: 4_711, meterStop: '903000', timestamp: '2026-01-15T12:07:00Z' }],
  ['StopTransaction', { transactionId: null, meterStop: 903_000, timestamp: 'yesterday' }],
  ['StopTransaction', { meterStop: 903_000 }],
]
for (const stop of [...lost.stops, ...brokenForms])
  test(`a stop frees the connector and brings its register: ${JSON.stringify(stop[1])}`, async () => {
    const { rig, unit } = await charging()
    await rig.pass(5)
    await send(unit, [stop])
    expect(await socket(rig)).toMatchObject({ transaction: null, setpointA: null })
    await send(unit, [lost['then in each case']])
    expect(await socket(rig)).toMatchObject({ transaction: null, setpointA: null, state: 'available' })
    const { meterStop } = stop[1] as { meterStop: number | string }
    expect(await transactions(rig)).toMatchObject([{ stopWh: Number(meterStop) }])
    expect(await readings(rig)).toEqual([900_000, Number(meterStop)])
  })

test('the readings that come with a stop are kept, and stand in for a register that the stop itself lacks', async () => {
  const { rig, unit, transactionId } = await charging()
  await rig.pass(10)
  const register = (value: string, context: string) => ({ value, context, measurand: 'Energy.Active.Import.Register' })
  const transactionData = [
    { timestamp: '2026-01-15T12:12:00Z', sampledValue: [register('901200', 'Transaction.End')] },
    { timestamp: '2026-01-15T12:02:00Z', sampledValue: [register('900000', 'Transaction.Begin')] },
    'not a reading',
    { timestamp: '2026-01-15T12:07:00Z', sampledValue: [register('900600', 'Sample.Periodic')] },
  ]
  const stop = { transactionId, timestamp: '2026-01-15T12:12:00Z', meterStop: null, transactionData }
  expect(await send(unit, [['StopTransaction', stop]])).toMatchObject([{ idTagInfo: { status: 'Accepted' } }])
  expect(await readings(rig)).toEqual([900_000, 900_600, 901_200])
  expect(await transactions(rig)).toMatchObject([{ stopWh: 901_200, stopReason: 'Local' }])
})

test('a transaction whose stop is lost ends when its connector is available', async () => {
  const { rig, unit } = await charging()
  await unit.meter(1, 1, 900_500, 7_000)
  await rig.pass(5)
  await send(unit, [lost['then in each case']])
  expect(await socket(rig)).toMatchObject({ transaction: null, setpointA: null })
  expect(await transactions(rig)).toMatchObject([{ stopWh: 900_500, stopReason: 'Seen' }])
})

test('a transaction whose stop is lost ends when its connector stays finishing, and after a boot without a sign of it', async () => {
  for (const sign of ['Finishing', 'boot'] as const) {
    const { rig, unit } = await charging()
    if (sign === 'Finishing') await unit.status(1, 'Finishing')
    else await send(unit, [['BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }]])
    await rig.pass(3)
    expect((await socket(rig))?.transaction).not.toBeNull()
    await rig.pass(4)
    expect((await socket(rig))?.transaction).toBeNull()
  }
})

test('a transaction that goes on after a boot stays', async () => {
  const { rig, unit, transactionId } = await charging()
  await send(unit, [['BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }]])
  await rig.pass(1)
  await unit.meter(1, transactionId, 900_100, 6_000)
  await rig.pass(8)
  expect((await socket(rig))?.transaction?.transactionId).toBe(transactionId)
})

test('two starts with the stamp of a clock that was never set are two transactions, at the time of receipt', async () => {
  const rig = await startRig()
  const unit = fieldUnit(rig)
  await unit.connect()
  const messages = fieldCase<Message[]>('ocpp-O6-two-starts-in-1970')
  await send(unit, messages.slice(0, 2))
  await rig.pass(4)
  await send(unit, messages.slice(2))
  const rows = await transactions(rig)
  expect(rows.map(({ idTag, startAt, startWh, stopWh }) => [idTag, startAt.toString(), startWh, stopWh])).toEqual([
    ['yard-001', '2026-01-15T12:00:00Z', 100, 5_100],
    ['yard-002', '2026-01-15T12:04:00Z', 5_100, null],
  ])
  expect((await socket(rig))?.transaction?.idTag).toBe('yard-002')
  expect(await faultsOf(rig)).toContainEqual(
    expect.objectContaining({ field: 'timestamp', rule: 'far from the time of receipt, which is used in its place' }),
  )
})

test('a start that is sent again finds its transaction, also with the stamp of a clock that was never set', async () => {
  const rig = await startRig()
  const unit = fieldUnit(rig)
  await unit.connect()
  const [boot, start] = fieldCase<Message[]>('ocpp-O6-two-starts-in-1970')
  if (!boot || !start) throw new Error('the case is empty')
  await send(unit, [boot, start])
  await rig.pass(1)
  await send(unit, [start])
  expect(await transactions(rig)).toHaveLength(1)
})

test('messages of the core profile that we make no use of get their proper answers', async () => {
  const rig = await startLoggedRig()
  const unit = fieldUnit(rig)
  await unit.boot()
  const [hello] = fieldCase<Message[]>('ocpp-O7-data-transfer')
  if (!hello) throw new Error('the case is empty')
  const answers = await send(unit, [
    hello,
    ['FirmwareStatusNotification', { status: 'Installed' }],
    ['DiagnosticsStatusNotification', { status: 'Idle' }],
    ['LogStatusNotification', { status: 'Idle' }],
    ['NotifyReport', {}],
  ])
  expect(answers).toEqual([
    { status: 'UnknownVendorId' },
    {},
    {},
    {},
    { refused: expect.stringContaining('NotifyReport') },
  ])
  expect(rig.logged).toContainEqual(expect.objectContaining({ identity: 'yard-01', action: 'NotifyReport' }))
})

test('a message that cannot be used says in the log which field and which rule', async () => {
  const rig = await startLoggedRig()
  const unit = fieldUnit(rig)
  await unit.boot()
  const [answer] = await send(unit, [['StartTransaction', { connectorId: 1, meterStart: 0, timestamp: 'x' }]])
  expect(answer).toEqual({ refused: expect.stringContaining('idTag') })
  expect(rig.logged).toContainEqual(
    expect.objectContaining({
      identity: 'yard-01',
      action: 'StartTransaction',
      field: 'idTag',
      rule: expect.any(String),
    }),
  )
})

test('an odd path is logged', async () => {
  const rig = await startLoggedRig()
  const wrong = rig.chargePoint('yard-01', { password: Buffer.alloc(20, 7) }, `${rig.fsp.ocppUrl}/ocpp`)
  await expect(wrong.boot()).rejects.toMatchObject({ code: 401 })
  expect(rig.logged).toContainEqual(expect.objectContaining({ path: '/ocpp/ocpp/yard-01' }))
})
